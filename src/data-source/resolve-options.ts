import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import { OperationObserver } from '../diagnostics/index.js';
import type { Logger } from '../logging.js';
import { createConsoleLogger, loggerAtLevel, silentLogger } from '../logging.js';
import type { DataSourceOptions } from './data-source-options.js';
import { urlOf } from './server-of.js';

/** The store of a data source that names none. */
export const DEFAULT_STORE = 'local/default';

/** Options with their defaults. */
export interface ResolvedOptions extends DataSourceOptions {
  readonly name: string;
  readonly store: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Is told of all operations. */
  readonly observer: OperationObserver;
}

/** Fills in the defaults. */
export function resolveOptions(options: DataSourceOptions): ResolvedOptions {
  const { name = 'default', store = DEFAULT_STORE, clock = systemClock, slowOperationThreshold } = options;
  const logger = loggerFor(options);
  const url = urlOf(options);
  return {
    ...options,
    // Named, because the token of another data source's options takes no part in a spread.
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(url === undefined ? {} : { url }),
    name,
    store,
    logger,
    clock,
    observer: new OperationObserver({ dataSource: name, store, clock, logger, slowOperationThreshold }),
  };
}

/** The logger of the options, or the console, from the level that `logging` asks for. */
function loggerFor({ logging = true, logger }: DataSourceOptions): Logger {
  if (logging === false) return silentLogger;
  const level = logging === true ? 'warn' : logging;
  return logger === undefined ? createConsoleLogger(level) : loggerAtLevel(logger, level);
}
