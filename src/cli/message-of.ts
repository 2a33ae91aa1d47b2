import { types } from 'node:util';

/** The words of whatever was thrown, an error of another realm included: a configuration file may run in one of its own. */
export function messageOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : String(error);
}
