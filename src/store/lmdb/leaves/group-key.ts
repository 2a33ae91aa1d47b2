import type { Path } from '../../../protocol/paths/path.js';
import type { KeyEncoder } from '../path-key.js';

/** A path with a slash behind it, which the leaves of a group lie directly below; empty for those without a slash. */
export type Base = string;

/** The key of the group of an empty base: the byte 0xfe, above all paths. No UTF-8 has it, and no path this half of a pair. */
export const TOP = '\udffe';

/** Stands behind the base in the keys of parts: the byte 0xff, above all that lies below the base. */
const PART = '\udfff';

const [TOP_BYTE, PART_BYTE] = [0xfe, 0xff];

/** What lies under a key: a group of leaves, a part of one that is split, or a large leaf alone. */
export interface Place {
  readonly kind: 'group' | 'part' | 'leaf';
  readonly base: Base;
}

/** The base of the group that a leaf at `path` belongs to. */
export function baseOf(path: Path): Base {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The base above another one, which is not empty. */
export function baseAbove(base: Base): Base {
  return baseOf(base.slice(0, -1));
}

/** The key of a group: before all that lies below its base. */
export function groupKey(base: Base): string {
  return base === '' ? TOP : base;
}

/** The key of the part of a group that begins with the name `low`: behind all that lies below its base. */
export function partKey(base: Base, low: string): string {
  return `${base}${PART}${low}`;
}

/** With which name the part of a group under this key begins. */
export function lowOfPart(base: Base, key: string): string {
  return key.slice(base.length + PART.length);
}

/** The first key behind all that lies below a base and all parts of its group; undefined where there is none. */
export function endOf(base: Base): string | undefined {
  return base === '' ? undefined : `${base.slice(0, -1)}0`;
}

/** What lies under `key`. */
export function placeOf(key: string): Place {
  if (key.endsWith('/')) return { kind: 'group', base: key };
  if (key === TOP) return { kind: 'group', base: '' };
  const part = partMark(key);
  return part === -1 ? { kind: 'leaf', base: baseOf(key) } : { kind: 'part', base: key.slice(0, part) };
}

/** About which path that is: the first one that lies there, or what lies there lies below it. */
export function nearestPath(key: string): Path {
  const { kind, base } = placeOf(key);
  return kind === 'part' ? base + lowOfPart(base, key) : kind === 'group' ? base : key;
}

/** What lies under `key`, in words of the reader. */
export function describePlace(key: string): string {
  const { kind, base } = placeOf(key);
  if (kind === 'leaf') return `leaf ${JSON.stringify(key)}`;
  const from = kind === 'part' ? ` from ${JSON.stringify(lowOfPart(base, key))}` : '';
  return base === ''
    ? `leaves at the top${from}`
    : `leaves directly below ${JSON.stringify(base.slice(0, -1))}${from}`;
}

/** The keys of groups, parts and large leaves, so that key order is the order of their paths' UTF-8 bytes (PROTOCOL §1). */
export const GROUP_KEYS: KeyEncoder<string> = {
  writeKey: (key, target, start) => {
    if (key === TOP) {
      target[start] = TOP_BYTE;
      return start + 1;
    }
    const part = partMark(key);
    if (part === -1) return start + target.write(key, start, 'utf8');
    const mark = start + target.write(key.slice(0, part), start, 'utf8');
    target[mark] = PART_BYTE;
    return mark + 1 + target.write(key.slice(part + 1), mark + 1, 'utf8');
  },
  readKey: (source, start, end) => {
    for (let i = start; i < end; i++) {
      if (source[i] === PART_BYTE) {
        return partKey(source.toString('utf8', start, i), source.toString('utf8', i + 1, end));
      }
    }
    return source[start] === TOP_BYTE ? TOP : source.toString('utf8', start, end);
  },
};

/** Where the mark of a part stands: behind a slash or at the begin, where it is no half of a pair. */
function partMark(key: string): number {
  let at = key.indexOf(PART);
  while (at > 0 && key.charAt(at - 1) !== '/') at = key.indexOf(PART, at + 1);
  return at;
}
