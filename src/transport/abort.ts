import { requestAborted, untilAborted as until } from '../abort-listener.js';

export { assertNotAborted } from '../abort-listener.js';

/** Settles as `work` does, or rejects with `aborted` as soon as the request is called off, whatever becomes of the work. */
export function untilAborted<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return until(work, signal, requestAborted);
}
