import type { Logger } from '../../logging.js';
import { silentLogger } from '../../logging.js';
import type { Output } from './output.js';

/** Warnings and errors, on a line each. */
export function loggerTo(err: Output): Logger {
  const write = (message: string): void => {
    // A warning that nobody reads any more changes nothing for the work.
    err.line(`dust-orm: ${message}`).catch(() => undefined);
  };
  return { ...silentLogger, warn: write, error: write };
}
