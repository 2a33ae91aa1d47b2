import type { JsonObject } from '../../protocol/values/value.js';
import { weightOf } from '../../protocol/values/weight.js';
import type { SyncReceipt } from '../engine-types.js';
import type { Submission } from './submission.js';

/**
 * Where a write stands. `unknown`: it was sent over a connection that was lost before its reply. `acknowledged`: it is
 * committed, and the mirror is not there yet. `settled`: its caller knows.
 */
export type WriteState = 'queued' | 'inFlight' | 'unknown' | 'acknowledged' | 'settled';

/** What is known of a committed write. */
export interface Acknowledgement {
  readonly storeSeq: number;
  readonly response: JsonObject;
}

/** A write from its submission to its outcome. */
export interface PendingWrite {
  readonly submission: Submission;
  /** Its place among all writes: the order in which they were asked for. */
  readonly ordinal: number;
  /** About how many bytes it is on its way. */
  readonly bytes: number;
  readonly resolve: (receipt: SyncReceipt) => void;
  readonly reject: (error: unknown) => void;
  state: WriteState;
  /** The session's token it was last sent with. */
  token: number | undefined;
  /** What the rate limit knows it by since it was last sent. */
  sendNumber: number;
  /** The seq of the mirror when it was last sent. */
  sentAt: number;
  /** Whether a snapshot took the place of operations since, and this one may have been among them. */
  mayBeSkipped: boolean;
  /** Whether it may have been committed although it is queued: it does not matter for one that may be applied twice. */
  isInDoubt: boolean;
  /** How often it was refused for the session's fence. */
  fencedTimes: number;
  /** What its own event told. */
  echo: Acknowledgement | undefined;
  /** What is to be called off when it is settled. */
  cleanUps: (() => void)[];
}

/** A write that nothing has happened to. */
export function newPendingWrite(
  submission: Submission,
  ordinal: number,
  resolve: (receipt: SyncReceipt) => void,
  reject: (error: unknown) => void,
): PendingWrite {
  return {
    submission,
    ordinal,
    bytes: weightOf(submission.payload),
    resolve,
    reject,
    state: 'queued',
    token: undefined,
    sendNumber: 0,
    sentAt: 0,
    mayBeSkipped: false,
    isInDoubt: false,
    fencedTimes: 0,
    echo: undefined,
    cleanUps: [],
  };
}

/** Whether a write that nobody has acknowledged may be committed all the same. */
export function mayBeCommitted({ state, isInDoubt }: PendingWrite): boolean {
  return state === 'inFlight' || state === 'unknown' || isInDoubt;
}
