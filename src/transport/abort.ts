import { untilAborted as until } from '../abort-listener.js';
import { requestAborted } from './errors.js';

/** @throws DustError `aborted` when the request was called off before it began */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw requestAborted(signal);
}

/** Settles as `work` does, or rejects with `aborted` as soon as the request is called off, whatever becomes of the work. */
export function untilAborted<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return until(work, signal, requestAborted);
}
