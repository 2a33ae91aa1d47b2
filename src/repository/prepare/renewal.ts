import type { EncodedField } from '../../metadata/types.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { BatchOperation } from '../../transport/transport.js';
import type { EntityContext } from '../entity-context.js';
import type { Renewal } from './prepared-write.js';
import { FOR_WRITE } from './for-write.js';
import { revisionOfLeaves } from './whole-record.js';

/**
 * How records of a class are brought up to date by the writes that go to them; undefined for a class that knows of no older records, and in
 * map mode, where each write replaces the record. `defaults` are written where a record has no value for them.
 */
export function renewalOf<T extends object>(
  { mapper, metadata, reader }: EntityContext<T>,
  defaults: readonly EncodedField[] = [],
): Renewal | undefined {
  const { evolution } = mapper;
  if (evolution === undefined || metadata.mode === 'map') return undefined;
  return {
    read: (slugs, options) => reader.readRecords(slugs, { ...options, ...FOR_WRITE }),
    operations: (record) => evolution.changes(record, defaults),
  };
}

/** As {@link renewalOf}, of a record that was read already: the operations that bring it up to date. */
export function renewing<T extends object>(
  context: EntityContext<T>,
  slug: string,
  leaves: readonly Leaf[],
): readonly BatchOperation[] {
  const revision = revisionOfLeaves(leaves);
  if (revision === null) return [];
  return renewalOf(context)?.operations({ slug, leaves, revision }) ?? [];
}

/**
 * All leaves of a record as its class has them now, and the operations that bring it there.
 *
 * @throws DustError `invalid_record` when it cannot have that form, or is no entity in it
 */
export function renewedLeaves<T extends object>(
  { mapper: { evolution } }: EntityContext<T>,
  slug: string,
  leaves: readonly Leaf[],
): { readonly present: readonly Leaf[]; readonly renewed: readonly BatchOperation[] } {
  const revision = revisionOfLeaves(leaves);
  if (evolution === undefined || revision === null) return { present: leaves, renewed: [] };
  const { leaves: present, changes = [] } = evolution.renewed({ slug, leaves, revision });
  return { present, renewed: changes };
}

/**
 * All leaves of a record as its class has them now.
 *
 * @throws DustError `invalid_record` when it cannot have that form, or is no entity in it
 */
export function presentLeaves<T extends object>(
  { mapper: { evolution } }: EntityContext<T>,
  slug: string,
  leaves: readonly Leaf[],
): readonly Leaf[] {
  return evolution === undefined ? leaves : evolution.writableLeaves(slug, leaves);
}
