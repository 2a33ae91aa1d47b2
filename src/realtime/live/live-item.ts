import { jsonEquals } from '../../protocol/values/json.js';
import type { StoredRecord } from '../../mapping/types.js';
import type { MatchedRecord, Query } from '../../query/index.js';
import { compareSlugs } from '../../query/index.js';

/** A record of a live list. */
export interface LiveItem<T> {
  readonly slug: string;
  readonly record: StoredRecord;
  /**
   * Stays in here where a query has an order, so that it holds whatever is done to instances that were handed out. Where it has none, this one is
   * handed out.
   */
  readonly key: T;
  /** Handed out, once the record has come into the window. */
  shown?: T;
}

/** A record that a read found, as an item. */
export function itemOf<T>({ record, entity }: MatchedRecord<T>): LiveItem<T> {
  return { slug: record.slug, record, key: entity };
}

/** The order of a query among its items. Where that is the store's, their slugs decide and nothing else is looked at. */
export function comparatorOf<T extends object>(query: Query<T>): (a: LiveItem<T>, b: LiveItem<T>) => number {
  return query.naturalOrder ? (a, b) => compareSlugs(a.slug, b.slug) : (a, b) => query.compare(a.key, b.key);
}

/** Whether two items are the same version of the same record. */
export function isSameVersion<T>(a: LiveItem<T>, b: LiveItem<T>): boolean {
  if (a === b) return true;
  const [left, right] = [a.record.leaves, b.record.leaves];
  return (
    a.slug === b.slug &&
    left.length === right.length &&
    left.every((leaf, i) => {
      const other = right[i];
      return (
        leaf === other ||
        (leaf.path === other?.path &&
          leaf.revision === other.revision &&
          leaf.type === other.type &&
          jsonEquals(leaf.value, other.value))
      );
    })
  );
}
