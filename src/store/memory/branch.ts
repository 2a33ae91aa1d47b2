import type { Path } from '../../protocol/path.js';
import type { Leaf } from '../../protocol/value.js';
import type { Children } from './children.js';

/** A leaf in its place. */
export interface Slot {
  /** The sort key of the leaf's path. */
  readonly key: string;
  leaf: Leaf;
}

/** A path with something below it. */
export interface Branch {
  /**
   * The sort key of the path with a slash behind it, which all keys below it begin with. So siblings in the order of
   * their keys are their leaves in store order: `b` and `b-2` come before what lies below `b`.
   */
  readonly key: string;
  readonly path: Path;
  readonly parent: Branch | undefined;
  readonly children: Children;
  /** How many of the children are leaves: where records lie, none is, and none needs to be searched for. */
  leafCount: number;
}

export type Child = Slot | Branch;

/** Whether a child is a branch; else it is a leaf. */
export function isBranch(child: Child): child is Branch {
  return 'children' in child;
}
