import { createHash } from 'node:crypto';
import type { LogEntry } from './replicated-log.js';

/** The head of a frame names its session, its number and what its sender had applied: no two entries of a place begin with the same. */
export const FINGERPRINTED_BYTES = 128;

/**
 * What an entry is known by, wherever it is to be told from another one in its place: SHA-256 of when it was taken in, a space, and how it begins, as
 * base64. An engine may compute it where the entry lies.
 */
export function fingerprintOf({ time, bytes }: Pick<LogEntry, 'time' | 'bytes'>): string {
  return createHash('sha256')
    .update(`${time} `)
    .update(bytes.subarray(0, FINGERPRINTED_BYTES))
    .digest('base64');
}
