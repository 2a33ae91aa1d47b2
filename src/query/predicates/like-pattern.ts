import { isBoundary, startBefore, widthAt } from './code-points.js';
import type { Finder } from './text-search.js';
import { finderOf } from './text-search.js';

/** The text between two `%`: what stands before, between and behind its `_`, each of which is any one code point. */
interface Block {
  readonly parts: readonly [string, ...string[]];
  /** Of a block without `_`. */
  readonly find: Finder | undefined;
}

const WILDCARD = /^[%_\\]$/;

/**
 * Compiles a `LIKE` pattern into a test of whole texts; `undefined` when the pattern ends in a lone backslash. Blocks between `%`
 * are searched from the left and never tried again: the time is that of text plus pattern, and for a block with `_` at most text times
 * block.
 */
export function compileLike(pattern: string, ignoreCase: boolean): ((text: string) => boolean) | undefined {
  const blocks = parse(ignoreCase ? foldCase(pattern) : pattern);
  if (blocks === undefined) return undefined;
  const [first, ...rest] = blocks;
  const last = rest.pop();
  return (given) => {
    const text = ignoreCase ? foldCase(given) : given;
    let from = endOfMatch(text, 0, first);
    if (last === undefined || from === -1) return from === text.length;
    const end = startOfLast(text, last);
    for (const block of rest) {
      if (from > end) return false;
      from = endOfFirst(text, from, block);
      if (from === -1) return false;
    }
    return from <= end;
  };
}

function parse(pattern: string): readonly [Block, ...Block[]] | undefined {
  const blocks: [[string, ...string[]], ...[string, ...string[]][]] = [['']];
  let block = blocks[0];
  let literal = '';
  let escaped = false;
  for (const character of pattern) {
    if (escaped || !WILDCARD.test(character)) {
      literal += character;
      escaped = false;
    } else if (character === '\\') {
      escaped = true;
    } else {
      block[block.length - 1] = literal;
      literal = '';
      if (character === '_') block.push('');
      else blocks.push((block = ['']));
    }
  }
  block[block.length - 1] = literal;
  const [first, ...rest] = blocks;
  return escaped ? undefined : [blockOf(first), ...rest.map(blockOf)];
}

function blockOf(parts: Block['parts']): Block {
  return { parts, find: parts.length === 1 ? finderOf(parts[0]) : undefined };
}

/** Where the block ends if it stands at `at`; -1 when it does not. */
function endOfMatch(text: string, at: number, { parts }: Block): number {
  let end = at;
  for (let i = 0; i < parts.length; i++) {
    if (i > 0) {
      if (end === text.length) return -1;
      end += widthAt(text, end);
    }
    const part = parts[i] ?? '';
    if (!text.startsWith(part, end)) return -1;
    end += part.length;
    if (!isBoundary(text, end)) return -1;
  }
  return end;
}

/** Where the block ends at the first place, from `from` on, at which it stands; -1 when it stands nowhere. */
function endOfFirst(text: string, from: number, block: Block): number {
  if (block.find !== undefined) {
    const at = block.find(text, from);
    return at === -1 ? -1 : at + block.parts[0].length;
  }
  for (let at = from; at < text.length; at += widthAt(text, at)) {
    const end = endOfMatch(text, at, block);
    if (end !== -1) return end;
  }
  return -1;
}

/** Where the block begins if the text ends in it; -1 when it does not. */
function startOfLast(text: string, block: Block): number {
  const { parts } = block;
  let start = text.length;
  for (let i = parts.length - 1; i >= 0; i--) {
    start -= (parts[i] ?? '').length;
    if (i > 0) start = startBefore(text, start);
    if (start < 0) return -1;
  }
  return isBoundary(text, start) && endOfMatch(text, start, block) === text.length ? start : -1;
}

/**
 * Each code point in lower case on its own, so that none becomes two and none depends on those beside it, as a final sigma would. What
 * would become two stays.
 */
function foldCase(text: string): string {
  if (!/[\u0130\u03a3]/.test(text)) return text.toLowerCase();
  return text.replace(/[^\u0130\u03a3]+/g, (others) => others.toLowerCase()).replaceAll('\u03a3', '\u03c3');
}
