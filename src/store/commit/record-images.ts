import type { LeafChange, RecordChange } from '../../protocol/requests/operation.js';
import { jsonEquals } from '../../protocol/values/json.js';
import { inStoreOrder } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import { unescapeSegment } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { ReadableTree } from '../leaf-tree.js';
import { leavesAtAndBelow } from '../reading/subtree.js';

/**
 * How a commit left the records `<prefix>/<slug>` of the prefixes that `isWatched`, by prefix, in store order; undefined
 * when it left none other than it found them. `tree` is as the commit left it.
 */
export function recordImages(
  applied: Iterable<{ readonly changes: readonly LeafChange[] }>,
  tree: ReadableTree,
  isWatched: (prefix: Path) => boolean,
): Map<Path, RecordChange[]> | undefined {
  const touched = touchedRecords(applied, isWatched);
  if (touched === undefined) return undefined;
  const images = new Map<Path, RecordChange[]>();
  for (const [path, record] of inStoreOrder(touched, ([at]) => at)) {
    const image = recordImage(path, record, tree);
    if (image === undefined) continue;
    const ofPrefix = images.get(record.prefix);
    if (ofPrefix === undefined) images.set(record.prefix, [image]);
    else ofPrefix.push(image);
  }
  return images.size === 0 ? undefined : images;
}

interface TouchedRecord {
  readonly prefix: Path;
  /** The leaves that were changed, as they stood before the commit; undefined where none was. */
  readonly before: Map<Path, Leaf | undefined>;
}

function touchedRecords(
  applied: Iterable<{ readonly changes: readonly LeafChange[] }>,
  isWatched: (prefix: Path) => boolean,
): Map<Path, TouchedRecord> | undefined {
  let touched: Map<Path, TouchedRecord> | undefined;
  for (const { changes } of applied) {
    for (const { path, before } of changes) {
      for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
        const prefix = path.slice(0, slash);
        if (!isWatched(prefix)) continue;
        const end = path.indexOf('/', slash + 1);
        const record = end === -1 ? path : path.slice(0, end);
        touched ??= new Map();
        let present = touched.get(record);
        if (present === undefined) touched.set(record, (present = { prefix, before: new Map() }));
        if (!present.before.has(path)) present.before.set(path, before);
      }
    }
  }
  return touched;
}

/** Undefined when every leaf stands as it stood before. */
function recordImage(
  path: Path,
  { prefix, before }: TouchedRecord,
  tree: ReadableTree,
): RecordChange | undefined {
  const leaves = leavesAtAndBelow(tree, path);
  const unchanged = leaves.filter((leaf) => !before.has(leaf.path)).length;
  const standing = new Map(leaves.map((leaf) => [leaf.path, leaf]));
  const isAsBefore = [...before].every(([leafPath, leaf]) => isSame(leaf, standing.get(leafPath)));
  if (isAsBefore) return undefined;
  const slug = unescapeSegment(path.slice(prefix.length + 1));
  return new RecordImage(slug, leaves, before, unchanged > 0);
}

/** How a commit left a record. What was there before is put together when somebody asks for it. */
class RecordImage implements RecordChange {
  readonly slug: string;
  readonly leaves: readonly Leaf[];
  readonly existed: boolean;
  readonly #changed: ReadonlyMap<Path, Leaf | undefined>;

  constructor(
    slug: string,
    leaves: readonly Leaf[],
    changed: ReadonlyMap<Path, Leaf | undefined>,
    hasUnchanged: boolean,
  ) {
    this.slug = slug;
    this.leaves = leaves;
    this.#changed = changed;
    this.existed = hasUnchanged || [...changed.values()].some((leaf) => leaf !== undefined);
  }

  get before(): readonly Leaf[] {
    const replaced = [...this.#changed.values()].filter((leaf) => leaf !== undefined);
    const kept = this.leaves.filter(({ path }) => !this.#changed.has(path));
    return inStoreOrder([...replaced, ...kept], ({ path }) => path);
  }
}

function isSame(a: Leaf | undefined, b: Leaf | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.revision === b.revision && a.type === b.type && jsonEquals(a.value, b.value);
}
