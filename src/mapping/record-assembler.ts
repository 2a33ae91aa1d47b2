import type { Path } from '../protocol/paths/path.js';
import { unescapeSegment } from '../protocol/paths/path.js';
import type { Leaf } from '../protocol/values/value.js';
import type { StoredRecord } from './types.js';

/** One page of a listing of the leaves below a prefix. */
export interface LeafPage {
  readonly items: readonly Leaf[];
  /** Null on the last page. */
  readonly nextCursor: Path | null;
}

export interface AssemblyOptions {
  /** The direction of the listing. Default `asc`. */
  readonly order?: 'asc' | 'desc';
  /** All leaves at and below one record, as they stand at one moment; none when it is gone. */
  readonly reread: (slug: string) => Promise<readonly Leaf[]>;
  /** Hears of leaves that lie at a record's own path and belong to no record. */
  readonly onStray?: (leaf: Leaf) => void;
}

/**
 * The records of a listing of the leaves below `prefix`, in the order of the listing, each as it stood at one moment.
 *
 * Two pages may see different moments, so a record that a page border may have cut is read again as a whole; one that
 * has gone in the meantime is left out. A leaf exactly at `<prefix>/<slug>` is no part of the record: other records
 * may stand between the two (PROTOCOL §1).
 */
export async function* assembleRecords(
  prefix: Path,
  pages: AsyncIterable<LeafPage> | Iterable<LeafPage>,
  { order = 'asc', reread, onStray }: AssemblyOptions,
): AsyncGenerator<StoredRecord, void, undefined> {
  let cut: string | undefined;
  for await (const { items, nextCursor } of pages) {
    const last = items.at(-1);
    if (last === undefined) continue;
    const cutBefore = cut;
    cut = nextCursor === null ? undefined : slugOf(prefix, last.path);
    for (const { slug, leaves } of groupBySlug(prefix, items, onStray)) {
      if (slug === cutBefore) continue;
      const complete = slug === cut ? await reread(unescapeSegment(slug)) : inStoreOrder(leaves, order);
      const record = toStoredRecord(prefix, unescapeSegment(slug), complete);
      if (record !== undefined) yield record;
    }
  }
}

/**
 * A record of the leaves below `<prefix>/<slug>`; `undefined` when there is none. A leaf at that path itself is left
 * out.
 */
export function toStoredRecord(
  prefix: Path,
  slug: string,
  leaves: readonly Leaf[],
): StoredRecord | undefined {
  const own = leaves.filter(({ path }) => path.includes('/', prefix.length + 1));
  return own.length === 0
    ? undefined
    : { slug, leaves: own, revision: own.reduce((greatest, leaf) => Math.max(greatest, leaf.revision), 0) };
}

interface Group {
  /** The record's segment, escaped. */
  readonly slug: string;
  readonly leaves: Leaf[];
}

function groupBySlug(prefix: Path, items: readonly Leaf[], onStray: AssemblyOptions['onStray']): Group[] {
  const groups: Group[] = [];
  let current: Group | undefined;
  for (const leaf of items) {
    const slug = slugOf(prefix, leaf.path);
    if (slug === undefined) {
      onStray?.(leaf);
    } else if (current?.slug === slug) {
      current.leaves.push(leaf);
    } else {
      groups.push((current = { slug, leaves: [leaf] }));
    }
  }
  return groups;
}

/** The escaped slug of a leaf below a record; `undefined` for a leaf at a record's own path. */
function slugOf(prefix: Path, path: Path): string | undefined {
  const start = prefix.length + 1;
  const end = path.indexOf('/', start);
  return end < 0 ? undefined : path.slice(start, end);
}

function inStoreOrder(leaves: readonly Leaf[], order: 'asc' | 'desc'): readonly Leaf[] {
  return order === 'asc' ? leaves : leaves.toReversed();
}
