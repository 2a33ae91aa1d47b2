import type { JsonValue, Leaf, LeafType } from '../../../protocol/values/value.js';
import { leafTypeOf } from '../../../protocol/values/value.js';
import { freeze } from '../../../protocol/values/freeze.js';
import type { Base } from './group-key.js';

/**
 * The leaves that lie directly below one path, or a part of them, in store order: a line for each, with a line break before the first and
 * behind the last, so that one leaf is found, and another one put in its place, without reading the others. JSON text has no line
 * breaks or tabs. Where something may lie deeper, {@link DEEP} stands in front: then there may be no line at all.
 */
export type GroupText = string;

/**
 * A leaf in its group: `name`, `revision`, `type` and `value`, with tabs between. The name is the last segment of its path, as JSON
 * where it has control characters or begins like JSON; the type is left out where it is the one that the value has by itself; the value is JSON.
 * Of a leaf that lies alone there is only the name.
 */
export type Line = string;

/** Says of a group that is not split that others may lie below its base. Where it is missing, none do. */
export const DEEP = '>';

/** A group without leaves, below whose base others lie. */
export const NO_LINES: GroupText = `${DEEP}\n`;

/** Stands in the place of a group that is split into parts. Others may lie below its base. */
export const IN_PARTS = 'parts';

/** What is stored under the key of a group: {@link GroupText}, or {@link IN_PARTS}. */
export type StoredGroup = string;

const NOT_PLAIN = /^"|[\u0000-\u001f]/;
const [QUOTE, ZERO] = [34, 48];

/** Of a revision, and of most numbers: beyond, not every number of so many digits is one that is exact. */
const EXACT_DIGITS = 15;

/** The line of a leaf whose value is `json`. */
export function lineOf(name: string, { value, type, revision }: Leaf, json: string): Line {
  return `${writtenName(name)}\t${revision}\t${type === leafTypeOf(value) ? '' : type}\t${json}`;
}

/** The line of a leaf that lies alone. */
export function lineOfLarge(name: string): Line {
  return writtenName(name);
}

/** Whether a line only names its leaf. */
export function isOfLarge(line: Line): boolean {
  return !line.includes('\t');
}

/** The name on a line; undefined when it cannot be read. */
export function nameOn(line: Line): string | undefined {
  const tab = line.indexOf('\t');
  const written = tab === -1 ? line : line.slice(0, tab);
  return written.charCodeAt(0) === QUOTE ? textOf(written) : written;
}

/** The leaf on a line, which is not that of a large one; undefined when it cannot be read. */
export function leafOn(base: Base, line: Line): Leaf | undefined {
  return leafBetween(base, line, 0, line.length);
}

/** The leaves of a group but for its large ones, and whether there are some; undefined when one cannot be read. */
export function leavesOf(
  base: Base,
  text: GroupText,
): { readonly leaves: Leaf[]; readonly hasLarge: boolean } | undefined {
  const leaves: Leaf[] = [];
  let hasLarge = false;
  let start = text.indexOf('\n') + 1;
  for (let end = text.indexOf('\n', start); end !== -1; end = text.indexOf('\n', start)) {
    const leaf = leafBetween(base, text, start, end);
    if (leaf !== undefined) leaves.push(leaf);
    else if (isOfLarge(text.slice(start, end))) hasLarge = true;
    else return undefined;
    start = end + 1;
  }
  return { leaves, hasLarge };
}

/** The lines of a group. */
export function linesOf(text: GroupText): Line[] {
  const start = isDeep(text) ? 2 : 1;
  return start < text.length ? text.slice(start, -1).split('\n') : [];
}

/** The group of lines, of which nothing lies deeper. */
export function textOfLines(lines: readonly Line[]): GroupText {
  return lines.length === 0 ? '\n' : `\n${lines.join('\n')}\n`;
}

/** Whether something may lie deeper. */
export function isDeep(text: GroupText): boolean {
  return text.startsWith(DEEP);
}

/** Where the line of a leaf begins and ends; undefined when there is none. */
export function placeOfLine(
  text: GroupText,
  name: string,
): readonly [start: number, end: number] | undefined {
  const written = writtenName(name);
  let at = text.indexOf(`\n${written}\t`);
  if (at === -1) at = text.indexOf(`\n${written}\n`);
  return at === -1 ? undefined : [at + 1, text.indexOf('\n', at + 1)];
}

/** Whether it is what a group is stored as, as far as its ends tell. */
export function isGroupText(stored: unknown): stored is GroupText {
  if (typeof stored !== 'string' || !stored.endsWith('\n')) return false;
  return stored.startsWith(`${DEEP}\n`) || (stored.length > 2 && stored.startsWith('\n'));
}

function writtenName(name: string): string {
  return NOT_PLAIN.test(name) ? JSON.stringify(name) : name;
}

/** The leaf that is written from `start` to `end`; undefined when that is none. */
function leafBetween(base: Base, text: string, start: number, end: number): Leaf | undefined {
  const afterName = text.indexOf('\t', start);
  const afterRevision = afterName === -1 ? -1 : text.indexOf('\t', afterName + 1);
  const afterType = afterRevision === -1 ? -1 : text.indexOf('\t', afterRevision + 1);
  if (afterType === -1 || afterType >= end) return undefined;
  const name = nameOn(text.slice(start, afterName));
  const revision = revisionIn(text.slice(afterName + 1, afterRevision));
  const value = valueOf(text.slice(afterType + 1, end));
  if (name === undefined || revision === undefined || value === undefined) return undefined;
  const type = afterType === afterRevision + 1 ? leafTypeOf(value) : text.slice(afterRevision + 1, afterType);
  return { path: base + name, value: freeze(value), type: type as LeafType, revision };
}

/** What JSON text stands for; undefined when it is none. Most of it is found out faster than by reading it as any JSON. */
function valueOf(json: string): JsonValue | undefined {
  if (json.charCodeAt(0) === QUOTE && json.indexOf('"', 1) === json.length - 1 && !json.includes('\\')) {
    return json.slice(1, -1);
  }
  const count = countIn(json);
  if (count !== undefined) return count;
  try {
    return JSON.parse(json) as JsonValue;
  } catch {
    return undefined;
  }
}

function revisionIn(digits: string): number | undefined {
  const count = countIn(digits) ?? Number(digits);
  return digits !== '' && Number.isSafeInteger(count) ? count : undefined;
}

/** The number of digits without a zero in front; undefined when the text is something else, or too long to be exact. */
function countIn(digits: string): number | undefined {
  const { length } = digits;
  let count = digits.charCodeAt(0) - ZERO;
  if (length === 0 || length > EXACT_DIGITS || count < 0 || count > 9 || (count === 0 && length > 1)) {
    return undefined;
  }
  for (let i = 1; i < length; i++) {
    const digit = digits.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    count = count * 10 + digit;
  }
  return count;
}

function textOf(json: string): string | undefined {
  const value = valueOf(json);
  return typeof value === 'string' ? value : undefined;
}
