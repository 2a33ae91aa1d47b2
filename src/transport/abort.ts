import { onAbort } from '../abort-listener.js';
import { requestAborted } from './errors.js';

/** @throws DustError `aborted` when the request was called off before it began */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw requestAborted(signal);
}

/** Settles as `work` does, or rejects with `aborted` as soon as the request is called off, whatever becomes of the work. */
export async function untilAborted<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  let stopListening: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => {
      reject(requestAborted(signal));
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
