import type { SyncWrite } from '../../../../src/sync/engine-types.js';
import type { PendingWrite } from '../../../../src/sync/outbox/pending-write.js';
import { newPendingWrite } from '../../../../src/sync/outbox/pending-write.js';
import { submissionOf } from '../../../../src/sync/outbox/submission.js';

/** A write that nothing has happened to, and what became of it. */
export function pending(
  ordinal: number,
  write: Partial<SyncWrite> = {},
  state: Partial<PendingWrite> = {},
): PendingWrite {
  const submission = submissionOf({ op: 'set', path: 'a', value: 1, ...write }, () => `id${ordinal}`);
  const ignore = (): undefined => undefined;
  return Object.assign(newPendingWrite(submission, ordinal, ignore, ignore), state);
}
