import { MAX_BATCH_OPERATIONS } from '../../transport/transport.js';
import { recordTooLarge } from '../prepare/record-errors.js';
import type { DecidedChange, PreparedWrite, WriteStep } from '../prepare/prepared-write.js';
import { checkedOperations, guardedOperations } from '../prepare/whole-record.js';
import { changedRecord } from './changed-record.js';

/** The write that was decided on, as it is to be sent. Where nothing is to be written, the write stays, one of nothing. */
export function decidedWrite(write: PreparedWrite, change: DecidedChange | undefined): PreparedWrite {
  if (change === undefined) return { ...write, operations: [], steps: () => [] };
  const { transport, metadata, slug, path } = write;
  const { record, anchor } = change;
  const { atomicBatch, batchCheck } = transport.capabilities;
  if (!atomicBatch) return { ...write, operations: undefined, steps: () => singleSteps(write, change) };
  const operations = batchCheck
    ? checkedOperations(path, record.leaves, change.operations)
    : guardedOperations(anchor === undefined ? record.leaves : [anchor.leaf], change.operations);
  if (operations.length > MAX_BATCH_OPERATIONS) throw recordTooLarge(metadata, slug, operations.length);
  return { ...write, operations, steps: () => [{ kind: 'batch', operations }] };
}

/** One write after the other: in front the one that can depend on what stands there, or the record as a whole. */
function singleSteps({ path }: PreparedWrite, { record, operations, anchor }: DecidedChange): WriteStep[] {
  if (anchor === undefined) {
    const [first] = operations;
    const isWhole = first?.op === 'set' && first.path === path;
    const value = isWhole ? first.value : changedRecord(path, record, operations);
    return [{ kind: 'set', operation: { op: 'set', path, value } }];
  }
  const { leaf, absent, sets } = anchor;
  const conditional = absent ?? leaf.path;
  const condition = absent === undefined ? { ifMatch: leaf.revision } : { ifAbsent: true };
  const first = sets.filter((set) => set.path === conditional).map((set) => ({ ...set, ...condition }));
  const others = sets.filter((set) => set.path !== conditional);
  return [...first, ...others].map((operation) => ({ kind: 'set', operation }));
}
