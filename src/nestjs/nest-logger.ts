import { Logger as NestLogger } from '@nestjs/common';
import type { Logger } from '../logging.js';
import { DEFAULT_DATA_SOURCE_NAME } from './tokens.js';

/** What a data source's messages are headed with. */
export function loggerContext(dataSource: string): string {
  return dataSource === DEFAULT_DATA_SOURCE_NAME ? 'DustOrm' : `DustOrm:${dataSource}`;
}

/**
 * A logger of this package that writes to the application's, under `context`. `info` becomes Nest's `log`; fields are left
 * out, because messages say it all. Never throws.
 *
 * @example
 * new DataSource({ entities: [Link], logger: nestLogger('Importer') });
 */
export function nestLogger(context = 'DustOrm'): Logger {
  const logger = new NestLogger(context);
  return {
    debug: (message) => {
      logger.debug(message);
    },
    info: (message) => {
      logger.log(message);
    },
    warn: (message) => {
      logger.warn(message);
    },
    error: (message) => {
      logger.error(message);
    },
  };
}
