import { DustError } from '../errors.js';

/** The error for what cannot even be registered. What else is wrong is told when a data source is given the class. */
export function invalidDefinition(text: string): DustError {
  return new DustError('invalid_metadata', text);
}
