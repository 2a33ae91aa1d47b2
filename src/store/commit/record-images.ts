import type { LeafChange, RecordChange } from '../../protocol/operation.js';
import type { Path } from '../../protocol/path.js';
import { unescapeSegment } from '../../protocol/path.js';
import type { ReadableTree } from '../leaf-tree.js';
import { leavesAtAndBelow } from '../reading/subtree.js';

/**
 * How an operation left the records `<prefix>/<slug>` of the prefixes that `isWatched`, by prefix; undefined when it
 * touched none. Records stand in the order of their first changed leaf. `tree` is as the operation left it.
 */
export function recordImages(
  changes: readonly LeafChange[],
  tree: ReadableTree,
  isWatched: (prefix: Path) => boolean,
): Map<Path, RecordChange[]> | undefined {
  const touched = touchedRecords(changes, isWatched);
  if (touched === undefined) return undefined;
  const images = new Map<Path, RecordChange[]>();
  for (const [path, record] of touched) {
    const ofPrefix = images.get(record.prefix);
    const image = recordImage(path, record, tree);
    if (ofPrefix === undefined) images.set(record.prefix, [image]);
    else ofPrefix.push(image);
  }
  return images;
}

interface TouchedRecord {
  readonly prefix: Path;
  readonly changes: LeafChange[];
}

function touchedRecords(
  changes: readonly LeafChange[],
  isWatched: (prefix: Path) => boolean,
): Map<Path, TouchedRecord> | undefined {
  let touched: Map<Path, TouchedRecord> | undefined;
  for (const change of changes) {
    const { path } = change;
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const prefix = path.slice(0, slash);
      if (!isWatched(prefix)) continue;
      const end = path.indexOf('/', slash + 1);
      const record = end === -1 ? path : path.slice(0, end);
      touched ??= new Map();
      const present = touched.get(record);
      if (present === undefined) touched.set(record, { prefix, changes: [change] });
      else present.changes.push(change);
    }
  }
  return touched;
}

function recordImage(path: Path, { prefix, changes }: TouchedRecord, tree: ReadableTree): RecordChange {
  const leaves = leavesAtAndBelow(tree, path);
  return {
    slug: unescapeSegment(path.slice(prefix.length + 1)),
    existed: changes.some(({ before }) => before !== undefined) || leaves.length > written(changes),
    leaves,
  };
}

/** How many of the changes wrote a leaf. */
function written(changes: readonly LeafChange[]): number {
  return changes.filter(({ after }) => after !== undefined).length;
}
