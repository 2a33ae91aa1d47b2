import { setMaxListeners } from 'node:events';
import { DustError } from './errors.js';

/** A request that was called off. */
export function requestAborted(signal: AbortSignal): DustError {
  return new DustError('aborted', 'The request was called off through its AbortSignal.', {
    cause: signal.reason,
  });
}

/** @throws DustError `aborted` when the request was called off before it began */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw requestAborted(signal);
}

/**
 * Calls `listener` when `signal` is aborted; the returned function stops listening. One signal may call off any number of
 * requests at once: that is no leak to warn about.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal instanceof EventTarget) setMaxListeners(0, signal);
  signal.addEventListener('abort', listener);
  return () => {
    signal.removeEventListener('abort', listener);
  };
}

/**
 * Settles as `work` does, or rejects with what `calledOff` makes as soon as `signal` is aborted, whatever becomes of the work.
 */
export async function untilAborted<T>(
  work: T | Promise<T>,
  signal: AbortSignal | undefined,
  calledOff: (signal: AbortSignal) => Error,
): Promise<T> {
  if (signal === undefined) return work;
  let stopListening: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => {
      reject(calledOff(signal));
    };
    // What began the work may have called it off at once, before anybody listened.
    if (signal.aborted) abort();
    else stopListening = onAbort(signal, abort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stopListening?.();
  }
}
