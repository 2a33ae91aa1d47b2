import { DustError } from '../../../errors.js';

/** A field of a message that makes no sense; `reason` is the answer to it (PROTOCOL §4). */
export function invalidField(reason: string): DustError {
  return new DustError('invalid_params', `A message of the channel was refused: ${reason}.`, {
    detail: reason,
  });
}
