import type { DustError } from '../../errors.js';
import {
  endedBehind,
  mirrorBehind,
  outcomeUnknown,
  writeAborted,
  writeHeldUp,
  writeRateLimited,
  writeTimedOut,
} from '../errors.js';
import type { LinkEnd } from '../connection/link.js';
import type { PendingWrite } from './pending-write.js';
import { mayBeCommitted } from './pending-write.js';

/** What a write fails with whose caller has called it off. */
export function errorWhenAborted(write: PendingWrite, signal: AbortSignal): DustError {
  return writeAborted(write.submission, signal, write.state !== 'queued' || write.isInDoubt);
}

/** What keeps a write from being sent. */
export type Obstacle = 'noConnection' | 'rateLimit' | 'otherWrites';

const UNSENT = { noConnection: writeTimedOut, rateLimit: writeRateLimited, otherWrites: writeHeldUp };

/** What a write fails with that is not settled after `ms` milliseconds. `why` no connection stands matters where none does. */
export function errorWhenExpired(
  write: PendingWrite,
  ms: number,
  { obstacle, why }: { readonly obstacle: Obstacle; readonly why: LinkEnd | undefined },
): DustError {
  const { submission, echo } = write;
  if (echo !== undefined) return mirrorBehind(submission, echo.storeSeq, ms);
  return mayBeCommitted(write)
    ? outcomeUnknown(submission, `the server did not reply within ${ms} ms`)
    : UNSENT[obstacle](submission, ms, why);
}

/** What a write fails with when the engine ends with `error`. */
export function errorWhenEnded(write: PendingWrite, error: DustError): DustError {
  const { submission, echo } = write;
  if (echo !== undefined) return endedBehind(submission, echo.storeSeq, error);
  return mayBeCommitted(write)
    ? outcomeUnknown(submission, 'the connection ended before the server replied')
    : error;
}
