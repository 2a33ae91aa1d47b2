import type { JsonValue } from '../../../../src/protocol/values/value.js';

/** What a leaf is, written without any code of the store. */
export interface NaiveLeaf {
  readonly path: string;
  readonly value: JsonValue;
  readonly type: string;
  readonly revision: number;
}

/** Segments as a rendered path. */
export const render = (segments: readonly string[]): string =>
  segments.map((s) => s.replace(/~/g, '~0').replace(/\//g, '~1')).join('/');

/** The segments of a rendered path. */
export const segmentsOf = (path: string): string[] =>
  path.split('/').map((s) => s.replace(/~1/g, '/').replace(/~0/g, '~'));

/** Whether `path` lies below `ancestor`. */
export const isBelow = (path: string, ancestor: string): boolean => path.startsWith(`${ancestor}/`);

/** Whether `path` is `ancestor` or lies below it. */
export const isAtOrBelow = (path: string, ancestor: string): boolean =>
  path === ancestor || isBelow(path, ancestor);

/** Store order: that of the bytes of UTF-8. */
export const byBytes = (a: { readonly path: string }, b: { readonly path: string }): number =>
  Buffer.compare(Buffer.from(a.path, 'utf8'), Buffer.from(b.path, 'utf8'));

/** Segment by segment, with `*` for one and `**` for one or more at the end. */
export function matches(pattern: string, path: string): boolean {
  const match = ([p, ...ps]: string[], [s, ...rest]: string[]): boolean => {
    if (p === undefined || s === undefined) return p === s;
    if (p === '**') return true;
    return (p === '*' || p.replace(/^\\(\*\*?)$/, '$1') === s) && match(ps, rest);
  };
  return match(pattern.split('/'), path.split('/'));
}

/** Whether a value is flattened when it is written. */
export const isMap = (value: JsonValue): boolean => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  const type = keys.includes('_type') ? (value as Record<string, unknown>)._type : undefined;
  return !(type === 'file' || type === 'lease' || (keys.includes('_type') && keys.includes('_typed')));
};

/** The type of a leaf that `set` or `merge` wrote. */
export function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return 'string';
  const type = (value as Record<string, unknown>)._type;
  return type === 'lease' ? type : 'map';
}

/** What reading `path` gives, by grouping the leaves below it by their next segment, over and over. */
export function assembleBelow(path: string, leaves: readonly NaiveLeaf[]): JsonValue | undefined {
  const below = leaves.filter((leaf) => isBelow(leaf.path, path));
  if (below.length === 0) return leaves.find((leaf) => leaf.path === path)?.value;
  const depth = path.split('/').length;
  const children = [
    ...new Set(
      below.map((leaf) =>
        leaf.path
          .split('/')
          .slice(0, depth + 1)
          .join('/'),
      ),
    ),
  ];
  return Object.fromEntries(
    children.map((child) => [segmentsOf(child).at(-1), assembleBelow(child, leaves) as JsonValue]),
  );
}
