import { comparePaths } from '../../../protocol/paths/order.js';
import type { Path } from '../../../protocol/paths/path.js';
import { childPath, escapeSegment, isBelow, unescapeSegment } from '../../../protocol/paths/path.js';
import type { RecordLeaves, SlugBound } from '../../../protocol/values/record-access.js';
import type { Leaf } from '../../../protocol/values/value.js';
import type { ReadableTree, TreeRange } from '../../leaf-tree.js';
import { leavesBelow } from '../../reading/subtree.js';
import { isTooLong, MAX_PATH_BYTES } from '../../../protocol/paths/path-length.js';

/** Records between two bounds in store order: from `from` (included) up to `to` (excluded). */
export interface RecordSpan {
  readonly from: Path;
  readonly to: Path;
  readonly reverse: boolean;
}

/** A record as it stands; undefined when no leaf lies below its path. */
export function readRecord(tree: ReadableTree, prefix: Path, slug: string): RecordLeaves | undefined {
  const path = childPath(prefix, slug);
  if (slug === '' || isTooLong(path) || !slug.isWellFormed()) return undefined;
  const leaves = tree.subtree?.(path) ?? [...leavesBelow(tree, path)];
  const own = leaves[0]?.path === path ? leaves.slice(1) : leaves;
  return own.length === 0 ? undefined : { slug, leaves: own };
}

/** The records of a span, each read when it is asked for. What lies at a record's own path is no part of it. */
export function* recordsIn(
  tree: ReadableTree,
  prefix: Path,
  { from, to, reverse }: RecordSpan,
  onStray?: (leaf: Leaf) => void,
): Generator<RecordLeaves, void, undefined> {
  let record: Path | undefined;
  let leaves: Leaf[] = [];
  for (const run of runsIn(tree, { from, to, reverse })) {
    const last = run.at(-1);
    for (let i = 0; i < run.length; i++) {
      const leaf = run[i]!;
      if (record === undefined || !isBelow(leaf.path, record)) {
        const end = leaf.path.indexOf('/', prefix.length + 1);
        if (end === -1) {
          onStray?.(leaf);
          continue;
        }
        if (record !== undefined) yield recordOf(prefix, record, leaves, reverse);
        record = leaf.path.slice(0, end);
        leaves = [];
      }
      if (last !== undefined && isBelow(last.path, record)) {
        // So is all that lies between.
        leaves = leaves.length === 0 && i === 0 ? run : leaves.concat(i === 0 ? run : run.slice(i));
        break;
      }
      leaves.push(leaf);
    }
  }
  if (record !== undefined) yield recordOf(prefix, record, leaves, reverse);
}

function runsIn(tree: ReadableTree, range: TreeRange): Iterable<Leaf[]> {
  return tree.runs?.(range) ?? singly(tree.range(range));
}

function* singly(leaves: Iterable<Leaf>): Generator<Leaf[], void, undefined> {
  for (const leaf of leaves) yield [leaf];
}

/** How many records lie in a span, no further than `atMost`. */
export function countRecords(tree: ReadableTree, prefix: Path, span: RecordSpan, atMost: number): number {
  const known = tree.countBelow?.(prefix, span);
  if (known !== undefined) return Math.min(known, atMost);
  let count = 0;
  let record: Path | undefined;
  for (const { path } of tree.range({ from: span.from, to: span.to })) {
    if (record !== undefined && path.charAt(record.length) === '/' && path.startsWith(record)) continue;
    const end = path.indexOf('/', prefix.length + 1);
    if (end === -1) continue;
    if (count >= atMost) break;
    record = path.slice(0, end);
    count++;
  }
  return count;
}

/** Where the record of a slug begins, or what is right behind it: `/` is followed by `0` in byte order. */
export function recordBorder(prefix: Path, slug: string, behind: boolean): Path {
  return `${shortened(childPath(prefix, slug))}${behind ? '0' : '/'}`;
}

/** The span of the slugs between two bounds that begin with a text; undefined when there are none. */
export function spanOf(
  prefix: Path,
  from: SlugBound | undefined,
  to: SlugBound | undefined,
  startsWith = '',
): Omit<RecordSpan, 'reverse'> | undefined {
  if (!startsWith.isWellFormed()) return undefined;
  const start = `${prefix}/${escapeSegment(startsWith)}`;
  let low = shortened(start);
  let high = startsWith === '' ? `${prefix}0` : shortened(behindText(start));
  if (from !== undefined) low = greater(low, recordBorder(prefix, from.slug, !from.inclusive));
  if (to !== undefined) high = lesser(high, recordBorder(prefix, to.slug, to.inclusive));
  return comparePaths(low, high) < 0 ? { from: low, to: high } : undefined;
}

export function greater(a: Path, b: Path): Path {
  return comparePaths(a, b) < 0 ? b : a;
}

export function lesser(a: Path, b: Path): Path {
  return comparePaths(a, b) < 0 ? a : b;
}

function recordOf(prefix: Path, record: Path, leaves: Leaf[], reverse: boolean): RecordLeaves {
  const slug = unescapeSegment(record.slice(prefix.length + 1));
  return { slug, leaves: reverse ? leaves.reverse() : leaves };
}

/** The first text in store order behind all that begin with this one, which is not empty. */
function behindText(text: string): string {
  const characters = Array.from(text);
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const code = Number(last.codePointAt(0));
    if (code === 0x10ffff) continue;
    return characters.join('') + String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1);
  }
  return text;
}

/** A border that stands where a longer one would: no path is as long as it is. */
function shortened(border: Path): Path {
  if (!isTooLong(border)) return border;
  return Buffer.from(border)
    .subarray(0, MAX_PATH_BYTES + 4)
    .toString('utf8')
    .replace(/\ufffd$/, '');
}
