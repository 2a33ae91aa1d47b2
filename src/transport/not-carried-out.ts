import type { DustError } from '../errors.js';
import { isDustError } from '../errors.js';

/** Beside the errors, not on them: who catches one is to go by its kind. */
const NOT_CARRIED_OUT = new WeakSet<DustError>();

/** Notes of a request's error that nothing of the request was carried out, whatever becomes of it: it was not sent, or refused unread. */
export function notCarriedOut(error: DustError): DustError {
  NOT_CARRIED_OUT.add(error);
  return error;
}

/** Whether `error` tells of a request that was certainly not carried out, and that may succeed when it is made again. */
export function wasNotCarriedOut(error: unknown): error is DustError {
  return isDustError(error) && error.retryable && NOT_CARRIED_OUT.has(error);
}
