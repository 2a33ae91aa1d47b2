import type { RoutedChange } from './change-router.js';
import type { LiveItem } from './live-item.js';

/** The matches of a live query, or as many of them as it takes to show its window, kept current by what it is told. */
export interface KeptList<T extends object> {
  /**
   * Takes in changes, in store order. `told` is the seq up to which everything has been told with them. False when it cannot go on: it has
   * to be replaced by one that is read anew.
   */
  apply(changes: readonly RoutedChange[], told: number): boolean;
  /** What `skip` and `take` show. The same array as long as nothing has changed in it. */
  window(): readonly LiveItem<T>[];
  /** The records it holds that it has read, and was not told of, since it was asked last. */
  takeFound(): Iterable<readonly [slug: string, entity: T]>;
}
