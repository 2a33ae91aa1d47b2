import type { Shape } from './shape.js';
import { tooDeep, tooManyContainers } from './shape.js';

const [QUOTE, BACKSLASH, OPEN_LIST, OPEN_OBJECT] = [0x22, 0x5c, 0x5b, 0x7b];
const [CLOSE_LIST, CLOSE_OBJECT] = [0x5d, 0x7d];

/**
 * What a JSON text says, unless it would take more memory or stack than texts may.
 *
 * @throws ShapeExceeded before anything is made of it; SyntaxError as `JSON.parse` does
 */
export function parseJson(text: string, shape: Shape): unknown {
  checkJsonText(text, shape);
  return JSON.parse(text);
}

/** Counts the lists and objects of a text, valid JSON or not. @throws ShapeExceeded */
export function checkJsonText(text: string, shape: Shape): void {
  const { depth: maxDepth, containers: maxContainers } = shape;
  if (!mayExceed(text, Math.min(maxDepth, maxContainers))) return;
  let depth = 0;
  let containers = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === QUOTE) {
      i = endOfString(text, i);
    } else if (character === OPEN_LIST || character === OPEN_OBJECT) {
      if (++depth > maxDepth) throw tooDeep(shape);
      if (++containers > maxContainers) throw tooManyContainers(shape);
    } else if (character === CLOSE_LIST || character === CLOSE_OBJECT) {
      depth--;
    }
  }
}

/**
 * Whether a text can hold more than so many lists and objects, each of which takes two characters: by its length, then by
 * its brackets, those in strings too, which are found faster than all characters are looked at.
 */
function mayExceed(text: string, most: number): boolean {
  if (text.length <= 2 * most) return false;
  let found = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++found > most) return true;
    }
  }
  return false;
}

/** Where the string that begins at `start` has its closing quote; the end of the text when it has none. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    if (!isEscaped(text, end)) return end;
  }
  return text.length;
}

/** A quote is escaped behind an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}
