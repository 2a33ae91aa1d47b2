import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import type { Logger } from '../logging.js';
import { consoleLogger, silentLogger } from '../logging.js';
import type { DataSourceOptions } from './data-source-options.js';

/** Options with their defaults. */
export interface ResolvedOptions extends DataSourceOptions {
  readonly name: string;
  readonly store: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Fills in the defaults. */
export function resolveOptions(options: DataSourceOptions): ResolvedOptions {
  return {
    ...options,
    // Named, because the token of another data source's options takes no part in a spread.
    ...(options.token === undefined ? {} : { token: options.token }),
    name: options.name ?? 'default',
    store: options.store ?? 'local/default',
    logger: options.logging === false ? silentLogger : (options.logger ?? consoleLogger),
    clock: options.clock ?? systemClock,
  };
}
