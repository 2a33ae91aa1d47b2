import { isDustError } from '../../errors.js';
import { isOutcomeUnknown } from '../../protocol/requests/unknown-outcome.js';
import { PartialWriteError } from '../prepare/write-errors.js';
import type { PipelineFailure } from './pipeline.js';

/** Why a write of several records stopped between them: what stopped it, or more where others landed or may have. */
export function stoppedBetweenRecords(
  landed: readonly string[],
  wanted: number,
  { error, others = [] }: PipelineFailure,
): unknown {
  if (!isDustError(error)) return error;
  if (landed.length === 0 && (isOutcomeUnknown(error) || !others.some(isOutcomeUnknown))) return error;
  const rest = [error, ...others].some(isOutcomeUnknown)
    ? ', and of those that were under way nobody knows'
    : '';
  return new PartialWriteError(
    `The write stopped after ${landed.length} of ${wanted} records${rest}: ${error.message}`,
    error,
    landed,
  );
}
