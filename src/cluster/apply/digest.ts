import { createHash } from 'node:crypto';
import type { LoggedOutcome } from '../../store/index.js';

/** What is to be compared of a frame: where it lies, what it held, and what came of it. */
export interface DigestStep {
  readonly position: number;
  /** By the log. */
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly outcomes: readonly LoggedOutcome[];
}

/**
 * The running hash after one more frame. Two nodes with the same one have applied the same frames, and each operation came to the
 * same: the place it has in the store, the value it was logged with, or the reason why it was refused.
 */
export function nextDigest(digest: string, { position, time, bytes, outcomes }: DigestStep): string {
  const hash = createHash('sha256').update(digest).update(`\n${position} ${time}\n`).update(bytes);
  for (const outcome of outcomes) hash.update(outcomeText(outcome));
  return hash.digest('base64');
}

function outcomeText(outcome: LoggedOutcome): string {
  if ('refused' in outcome) return `\n!${outcome.refused.kind} ${outcome.refused.detail ?? ''}`;
  const { operations, storeSeq } = outcome.done;
  // What a frame itself says of a value is hashed already; the others are made from what the node holds.
  const made = operations.map(({ op, value }) =>
    op === 'set' || op === 'merge' ? '' : JSON.stringify(value),
  );
  return `\n${storeSeq} ${operations.length} ${made.join(' ')}`;
}
