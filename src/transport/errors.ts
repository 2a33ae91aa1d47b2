import { DustError } from '../errors.js';

/** A request made before `connect` has resolved. `transport` names it to the reader, such as `embedded`. */
export function notConnected(transport: string): DustError {
  return new DustError(
    'not_initialized',
    `The ${transport} transport is not connected yet. Await connect() before the first request.`,
  );
}

/** A request made after `close`. */
export function transportClosed(transport: string): DustError {
  return new DustError(
    'closed',
    `The ${transport} transport is closed, so this request was not carried out. Await what is under way before destroy(); ` +
      'to go on, initialise the data source again, or make a new transport.',
  );
}

/** More waits to be sent than may; `what` is said to be refused, and nothing of it was sent. */
export function tooManyWait(what: string, { count, bytes }: { count: number; bytes: number }): DustError {
  return new DustError(
    'rate_limited',
    `${count} ${what} of ${bytes} bytes wait for the server already, so this one was not sent. Wait for some of them, then go on.`,
    { detail: 'outbox_full' },
  );
}

/** A seq that somebody is said to have seen, and that the store never had, or has no more. */
export function unknownSeq(minSeq: number, storeSeq: number): DustError {
  return new DustError(
    'invalid_params',
    `The store stands at seq ${storeSeq} and has no operation ${minSeq}. The seq is another store's, or this one was restored from a backup.`,
    { detail: 'unknown_seq' },
  );
}

/** A method the transport has no way to carry out; its capabilities say so beforehand. */
export function notSupported(transport: string, method: string, instead: string): DustError {
  return new DustError('not_supported', `The ${transport} transport cannot ${method}. ${instead}`, {
    detail: method,
  });
}
