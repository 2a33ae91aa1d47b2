import { isDustError } from '../../errors.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { BatchOperation } from '../../transport/transport.js';
import { MAX_BATCH_OPERATIONS } from '../../transport/transport.js';
import type { EntityContext } from '../entity-context.js';
import { FOR_WRITE } from './for-write.js';
import { notSupported } from './field-errors.js';
import { recordTooLarge, revisionConflict } from './record-errors.js';
import { target } from './prepare.js';
import type { PreparedWrite } from './prepared-write.js';
import { checkedOperations, guardedOperations, revisionOfLeaves } from './whole-record.js';

/** What a compare-and-swap writes if the record is as expected. */
export interface Swap<Change = readonly BatchOperation[]> {
  /** The revision the record must have. */
  readonly expected: number;
  readonly change: Change;
  readonly settle: (revision: number) => void;
}

/**
 * A write that applies only while the record has the expected revision: behind a check that writes nothing where the
 * transport has them, else as PROTOCOL §7 "Whole-record compare-and-swap" builds it.
 *
 * @throws DustError `not_supported` without atomic batches, `conflict` when the record has moved on already
 */
export async function prepareSwap<T extends object>(
  context: EntityContext<T>,
  slug: string,
  swap: Swap<(leaves: readonly Leaf[]) => readonly BatchOperation[]>,
): Promise<PreparedWrite> {
  const { transport, metadata } = context;
  if (!transport.capabilities.atomicBatch) throw notSupported(`${metadata.name}: ifMatch`, 'atomicBatch');
  const at = target(context, slug);
  const leaves = await transport.subtree(at.path, FOR_WRITE);
  const current = revisionOfLeaves(leaves);
  if (current !== swap.expected) {
    throw revisionConflict(metadata, slug, at.path, { expected: swap.expected, current });
  }
  return prepareGuarded(context, slug, leaves, { ...swap, change: swap.change(leaves) });
}

/** As {@link prepareSwap}, for a record that was read already: `leaves` is what it must still be. */
export function prepareGuarded<T extends object>(
  context: EntityContext<T>,
  slug: string,
  leaves: readonly Leaf[],
  { expected, change, settle }: Swap,
): PreparedWrite {
  const { transport, metadata } = context;
  const at = target(context, slug);
  const operations = transport.capabilities.batchCheck
    ? checkedOperations(at.path, leaves, change)
    : guardedOperations(leaves, change);
  if (operations.length > MAX_BATCH_OPERATIONS) throw recordTooLarge(metadata, slug, operations.length);
  return {
    ...at,
    steps: () => [{ kind: 'batch', operations }],
    operations,
    settle,
    explain: async (error) => {
      if (!isDustError(error, 'conflict')) return error;
      const current = revisionOfLeaves(await transport.subtree(at.path, FOR_WRITE));
      return revisionConflict(metadata, slug, at.path, { expected, current }, error);
    },
  };
}
