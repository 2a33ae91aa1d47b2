import { DustError, isDustError } from '../../errors.js';

/**
 * What an engine does not let this node do, and will not until somebody changes something: a wrong password, a right that is missing. A node
 * that begins ends by `refusal`; one that is at work asks again.
 */
export function logRefused(refusal: DustError): DustError {
  return new DustError('network', refusal.message, { detail: 'refused', cause: refusal });
}

/** What an engine refused; undefined for any other failure. */
export function refusalIn(error: unknown): DustError | undefined {
  const isRefused = isDustError(error, 'network') && error.detail === 'refused';
  return isRefused && isDustError(error.cause) ? error.cause : undefined;
}

/** Details of failures in which nothing was taken in: there was no connection to send it on, or the engine refused it, or it was another log. */
const UNSENT: ReadonlySet<string | undefined> = new Set(['no_primary', 'no_server', 'other_log', 'refused']);

/** Whether what failed so is certain not to have been taken in. */
export function isUnsent(error: unknown): boolean {
  return isDustError(error, 'network') && UNSENT.has(error.detail);
}
