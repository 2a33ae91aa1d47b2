import { toStoredRecord } from '../../mapping/index.js';
import type { Query } from '../../query/index.js';
import type { RealtimeContext } from '../context.js';
import type { RoutedChange } from './change-router.js';
import type { LiveItem } from './live-item.js';

/**
 * What a changed record is to a query; undefined when it does not match. `matched`: whether it did before.
 *
 * @throws what `onInvalidRecord` throws for a record that cannot be an entity
 */
export function matchChange<T extends object>(
  { metadata, reader }: RealtimeContext<T>,
  query: Query<T>,
  { commit, change }: RoutedChange,
  matched: boolean,
): LiveItem<T> | undefined {
  const record = toStoredRecord(metadata.prefixPath, change.slug, change.leaves);
  if (record === undefined) return undefined;
  const key = matched ? reader.admit(record) : reader.admitAfter(commit, record);
  if (key === undefined || !query.matches(key)) return undefined;
  return { slug: record.slug, record, key };
}
