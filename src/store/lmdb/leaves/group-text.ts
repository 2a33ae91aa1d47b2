import type { JsonValue, Leaf, LeafType } from '../../../protocol/value.js';
import { leafTypeOf } from '../../../protocol/value.js';
import { freeze } from '../stored-leaf.js';
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

const NOT_PLAIN = /^"|[\u0000-\u001f]/;
const QUOTE = 34;

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
  const [afterName, afterRevision, afterType] = tabsOf(line);
  const name = nameOn(line);
  const revision = Number(line.slice(afterName + 1, afterRevision));
  const value = valueOf(line.slice(afterType + 1));
  const isWhole = afterType > 0 && afterRevision > afterName + 1 && Number.isSafeInteger(revision);
  if (name === undefined || value === undefined || !isWhole) return undefined;
  const type = afterType === afterRevision + 1 ? leafTypeOf(value) : line.slice(afterRevision + 1, afterType);
  return { path: base + name, value: freeze(value), type: type as LeafType, revision };
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

function tabsOf(line: Line): readonly [number, number, number] {
  const first = line.indexOf('\t');
  const second = first === -1 ? -1 : line.indexOf('\t', first + 1);
  return [first, second, second === -1 ? -1 : line.indexOf('\t', second + 1)];
}

/** What JSON text stands for; undefined when it is none. Most of it is found out faster than by reading it as any JSON. */
function valueOf(json: string): JsonValue | undefined {
  if (json.charCodeAt(0) === QUOTE && json.indexOf('"', 1) === json.length - 1 && !json.includes('\\')) {
    return json.slice(1, -1);
  }
  try {
    return JSON.parse(json) as JsonValue;
  } catch {
    return undefined;
  }
}

function textOf(json: string): string | undefined {
  const value = valueOf(json);
  return typeof value === 'string' ? value : undefined;
}
