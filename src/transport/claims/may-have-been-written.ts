import { isDustError } from '../../errors.js';
import { isOutcomeUnknown } from '../../protocol/requests/unknown-outcome.js';

/** Whether a write that failed so may have been applied all the same, or may be later. What is called off may have been sent. */
export function mayHaveBeenWritten(error: unknown): boolean {
  return isDustError(error, 'aborted') || isDustError(error, 'closed') || isOutcomeUnknown(error);
}
