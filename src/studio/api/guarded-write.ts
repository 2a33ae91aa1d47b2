import { isDustError } from '../../errors.js';
import { MAX_BATCH_OPERATIONS } from '../../protocol/requests/listing.js';
import type { Path } from '../../protocol/paths/path.js';
import type { BatchOperation } from '../../transport/transport.js';
import { StudioRefusal, notOffered } from '../errors.js';
import type { WriteAnswer } from './messages.js';
import type { Subtree } from './record.js';
import { recordInfo } from './record.js';
import type { Asking, StudioSource } from './source.js';

type Change = Extract<BatchOperation, { readonly op: 'set' | 'delete' | 'increment' }>;

/**
 * Makes the changes at and below a path in one commit, if that is still as it was read. Where batches know no checks, each leaf that
 * is changed is compared by itself.
 *
 * @returns the seq of the last one
 * @throws DustError `conflict`, `exists`; StudioRefusal where it cannot be done in one commit; what a write may meet
 */
export async function writeGuarded(
  { transport }: StudioSource,
  path: Path,
  { leaves, revision }: Subtree,
  changes: readonly Change[],
): Promise<number> {
  const { batchCheck, atomicBatch, batchIfAbsent } = transport.capabilities;
  const [only] = changes;
  if (only === undefined) return revision;
  const revisions = new Map(leaves.map((leaf) => [leaf.path, leaf.revision]));
  if (batchCheck && atomicBatch) {
    const operations: BatchOperation[] = [{ op: 'check', path, revision }, ...changes];
    assertFits(operations.length);
    return (await transport.batchWrite(operations)).storeSeq;
  }
  const guarded = changes.map((change): Change => {
    const ifMatch = revisions.get(change.path);
    if (change.op === 'increment') return change;
    if (ifMatch !== undefined) return { ...change, ifMatch };
    return change.op === 'set' && (batchIfAbsent || changes.length === 1)
      ? { ...change, ifAbsent: true }
      : change;
  });
  const [first] = guarded;
  if (guarded.length === 1 && first !== undefined && first.op !== 'increment') {
    const { ifMatch } = first;
    const write =
      first.op === 'set'
        ? transport.set(first.path, first.value, ifMatch === undefined ? { ifAbsent: true } : { ifMatch })
        : transport.delete(first.path, ifMatch === undefined ? {} : { ifMatch });
    return (await write).storeSeq;
  }
  if (!atomicBatch) {
    throw notOffered('This server writes one leaf at a time, and this takes several together.');
  }
  assertFits(guarded.length);
  return (await transport.batchWrite(guarded)).storeSeq;
}

function assertFits(operations: number): void {
  if (operations <= MAX_BATCH_OPERATIONS) return;
  throw new StudioRefusal(
    413,
    'too_large',
    `That takes ${operations} operations, and one commit has ${MAX_BATCH_OPERATIONS} at the most. The command does it in several.`,
  );
}

/** A write that was made: the seq of its last operation, and what was thrown behind it. */
export type Written = Pick<Extract<WriteAnswer, { outcome: 'written' }>, 'storeSeq' | 'warning'>;

/** What came of a write: it was made, or the store holds something else by now. @throws what the write throws otherwise */
export async function outcomeOf(
  source: StudioSource,
  path: Path,
  asking: Asking,
  write: () => Promise<number | Written | undefined>,
): Promise<WriteAnswer> {
  let written: number | Written | undefined;
  try {
    written = await write();
  } catch (error) {
    const isOther =
      isDustError(error, 'conflict') || (isDustError(error, 'exists') && error.detail !== 'duplicate');
    if (!isOther) throw error;
  }
  const record = await recordInfo(source, path, asking);
  if (written === undefined) return { outcome: 'conflict', current: record };
  return typeof written === 'number'
    ? { outcome: 'written', storeSeq: written, record }
    : { outcome: 'written', record, ...written };
}
