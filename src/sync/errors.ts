import type { DustErrorDetails, DustErrorKind } from '../errors.js';
import { DustError } from '../errors.js';
import { duplicateError, duplicateIn } from '../protocol/requests/duplicate.js';
import type { Path } from '../protocol/paths/path.js';
import { storageFault } from '../protocol/requests/storage-fault.js';
import type { LinkEnd } from './connection/link.js';
import type { JsonObject } from '../protocol/values/value.js';

/** What an error is about, for its message. */
export interface WriteSubject {
  readonly op: string;
  readonly path: Path;
}

function ofWrite(
  { op, path }: WriteSubject,
  kind: DustErrorKind,
  message: string,
  details?: DustErrorDetails,
) {
  return new DustError(kind, `${op} ${JSON.stringify(path)}: ${message}`, { ...details, path });
}

/** A write, read or start on an engine that is closed, or is closed before it was sent. */
export function engineClosed(store: string): DustError {
  return new DustError(
    'closed',
    `The connection to the store ${store} is closed, so this was not carried out. Await what is under way before closing.`,
  );
}

/** The server will not have this client. `reason` is its own word. */
export function connectionRefused(store: string, reason: string): DustError {
  const kind = REFUSALS.get(reason) ?? 'unauthorized';
  const cure =
    kind === 'store_not_found'
      ? 'Create the store, or correct its name.'
      : kind === 'forbidden'
        ? 'Use a token with the scopes for this store.'
        : 'Check the token, and the name of the store: a server does not tell them apart.';
  return new DustError(kind, `The server refused the connection to the store ${store}: ${reason}. ${cure}`, {
    detail: reason,
  });
}

const REFUSALS: ReadonlyMap<string, DustErrorKind> = new Map([
  ['unauthorized', 'unauthorized'],
  ['store_not_allowed', 'forbidden'],
  ['missing_scope', 'forbidden'],
  ['forbidden', 'forbidden'],
  ['store_not_found', 'store_not_found'],
  ['not_found', 'store_not_found'],
]);

/** A write that was called off through its signal. */
export function writeAborted(subject: WriteSubject, signal: AbortSignal, wasSent: boolean): DustError {
  const outcome = wasSent ? 'it was sent before, and may be committed.' : 'it was never sent.';
  return ofWrite(subject, 'aborted', `called off through its AbortSignal; ${outcome}`, {
    cause: signal.reason,
  });
}

/** A write that nobody knows the outcome of. */
export function outcomeUnknown(subject: WriteSubject, why: string): DustError {
  return ofWrite(
    subject,
    'indeterminate',
    `${why}, so it may have been committed or not. Read before writing again.`,
    { retryable: false },
  );
}

/** A write that was never sent in the time it had. `why` is how the last connection ended, or the last try to make one. */
export function writeTimedOut(subject: WriteSubject, ms: number, why?: LinkEnd): DustError {
  const detail = why?.kind === 'lost' ? why.detail : undefined;
  const reason = why === undefined ? '' : `: ${why.reason}`;
  return ofWrite(
    subject,
    'timeout',
    `not sent within ${ms} ms, because no connection stands${reason}. Nothing was written.`,
    {
      retryable: true,
      detail,
      ...(why === undefined ? {} : { cause: new DustError('network', why.reason, { detail }) }),
    },
  );
}

/** A write that a rate limit kept back for longer than its window and the time that a write has. */
export function writeRateLimited(subject: WriteSubject, ms: number): DustError {
  return ofWrite(
    subject,
    'rate_limited',
    `not sent, because the rate limit of the token let no write pass in its window and ${ms} ms beyond. Nothing was written. Give others who write with this token less to do, or raise its limit.`,
  );
}

/** A write that never came to its turn. */
export function writeHeldUp(subject: WriteSubject, ms: number): DustError {
  return ofWrite(
    subject,
    'timeout',
    `not sent within ${ms} ms, because the server had not answered enough of the writes before it. Nothing was written.`,
    { retryable: true },
  );
}

/** A write that the server's channel crashes on. */
export function channelCrashed(subject: WriteSubject): DustError {
  return ofWrite(
    subject,
    'indeterminate',
    "the server's channel crashed twice in a row when this was sent, so it is not sent again. The mirror has caught up without it, but it may have been committed later. Read before writing again. A server of version 0.1 crashes on every file but the first of a store.",
    { retryable: false, detail: 'channel_crashed' },
  );
}

/** A write that was acknowledged, while operations before it have not come. */
export function mirrorBehind(subject: WriteSubject, storeSeq: number, ms: number): DustError {
  return ofWrite(
    subject,
    'timeout',
    `committed with seq ${storeSeq}, but the mirror did not catch up with it within ${ms} ms. Do not write it again.`,
    { retryable: false, detail: 'committed' },
  );
}

/** A write that was acknowledged, when the engine ended with `error` while operations before it had not come. */
export function endedBehind(subject: WriteSubject, storeSeq: number, error: DustError): DustError {
  return ofWrite(
    subject,
    error.kind,
    `committed with seq ${storeSeq}, but the engine ended before its mirror held it. Do not write it again.`,
    { retryable: false, detail: 'committed', cause: error },
  );
}

/** More writes wait than may. */
export function outboxFull(subject: WriteSubject, what: string): DustError {
  return ofWrite(subject, 'rate_limited', `${what} wait already. Wait for some of them, then go on.`, {
    detail: 'outbox_full',
  });
}

/** A request that could not be sent as it is. */
export function invalidWrite(subject: WriteSubject, detail: string, message: string): DustError {
  return ofWrite(subject, 'invalid_params', message, { detail });
}

/** A value that is not JSON. */
export function invalidValue(subject: WriteSubject, reason: string, at: string): DustError {
  const place = at === '' ? '' : ` at ${at}`;
  return ofWrite(
    subject,
    'invalid_value',
    `a store holds JSON values, and this one holds ${reason}${place}.`,
  );
}

/** A server that answers what no answer is. */
export function unexpectedReply(subject: WriteSubject, cause: unknown): DustError {
  return ofWrite(subject, 'indeterminate', 'the server acknowledged it with something that is no answer.', {
    cause,
  });
}

/** What a server answered to a write that it did not apply (PROTOCOL §4). */
export function writeRefused(
  subject: WriteSubject,
  response: JsonObject,
  currentRevision: number | null | undefined,
): DustError {
  const reason = typeof response.reason === 'string' ? response.reason : 'no reason given';
  const found = reason === 'exists' ? duplicateIn(response.path, response.duplicate) : undefined;
  if (found !== undefined) return duplicateError({ path: found.path }, found.duplicate);
  const fault = storageFault(response.kind, response.detail, response.message);
  if (fault !== undefined) return fault;
  const words = typeof response.message === 'string' ? ` (${response.message})` : '';
  const [kind, text] = WRITE_REASONS.get(reason) ?? ['invalid_params', `the server refused it: ${reason}`];
  const revision = kind === 'conflict' || kind === 'exists' ? { currentRevision } : {};
  const detail = kind === reason ? {} : { detail: reason };
  return ofWrite(subject, kind, `${text}${words}.`, { ...detail, ...revision });
}

const WRITE_REASONS: ReadonlyMap<string, readonly [DustErrorKind, string]> = new Map([
  ['conflict', ['conflict', 'somebody wrote it meanwhile; read again and retry']],
  ['exists', ['exists', 'expected no leaf, but there is one']],
  ['held', ['held', 'someone else holds the lease; wait or try again']],
  ['occupied', ['occupied', 'holds a value that is not a lease; use a key of its own for the lease']],
  ['not_held', ['not_held', 'the token holds no live lease; take the lease again']],
  ['fenced', ['fenced', 'the fence holds no live lease, so the write was not applied']],
  ['internal', ['http', 'the server failed; look into its log']],
  ['too_large', ['invalid_params', 'longer than the server takes; nothing was written, send less at once']],
  ['unauthorized', ['unauthorized', 'the token is not valid any more']],
  ['missing_scope', ['forbidden', 'the token lacks the scope for it; use another token']],
  ['store_not_allowed', ['forbidden', 'the token is not for this store; use another token']],
  ['store_archived', ['forbidden', 'the store is archived and takes no writes']],
  ['limit_exceeded', ['forbidden', 'the store has reached a limit of its plan']],
]);

/** Operations that were committed, and undone when the store was restored from a backup (PROTOCOL §5.7). */
export function storeRestored(store: string): DustError {
  return new DustError(
    'indeterminate',
    `The store ${store} was restored to a state from before these operations. Read before writing again.`,
    { retryable: false },
  );
}
