import type { PathRange } from '../protocol/paths/order.js';
import type { Path } from '../protocol/paths/path.js';
import type { Leaf } from '../protocol/values/value.js';

export interface TreeRange extends PathRange {
  /** Begin strictly behind this path, in the direction of travel. */
  readonly after?: Path;
  readonly reverse?: boolean;
}

/**
 * Leaves in store order (PROTOCOL §1): what the operation semantics work on, in the embedded store and in the sync
 * engine's mirror. All calls are synchronous; a range may be read only until the next write.
 */
export interface LeafTree {
  get(path: Path): Leaf | undefined;
  put(leaf: Leaf): void;
  delete(path: Path): void;
  range(range: TreeRange): Iterable<Leaf>;
  /**
   * As {@link range}, but leaves that lie together come together, in lists that are the caller's own, some of them empty: for trees that
   * have them so. Others leave it out.
   */
  runs?(range: TreeRange): Iterable<Leaf[]>;
  /** False only when no leaf lies below `path`: for trees that know it without a search. Others leave it out. */
  mayHaveBelow?(path: Path): boolean;
  /** The leaves at and below `path`, in store order: for trees that have them together. Others leave it out. */
  subtree?(path: Path): Leaf[];
  /**
   * How many paths one segment below `path`, of those that lie in a range, have a leaf below them: for trees that know it without
   * looking at each. Undefined when this one does not know it. Others leave it out.
   */
  countBelow?(path: Path, range: PathRange): number | undefined;
}

/** The reading half of a {@link LeafTree}. */
export type ReadableTree = Omit<LeafTree, 'put' | 'delete'>;
