import type { DataSourceOptions } from '../../data-source/index.js';
import type { Logger } from '../../logging.js';
import { silentLogger } from '../../logging.js';
import type { Output } from './output.js';
import { shownLines } from './shown-text.js';
import type { Progress } from './progress.js';

/** Warnings and errors, on a line each; with a `progress`, of what is told at `info` how far an index is, on the line that is written over. */
export function loggerTo(err: Output, progress?: Progress): Logger {
  // A warning that nobody reads any more changes nothing for the work.
  const ignore = (): void => undefined;
  const write = (message: string): void => {
    progress?.clear().catch(ignore);
    err.line(`dust-orm: ${shownLines(message)}`).catch(ignore);
  };
  const info: Logger['info'] = (message, fields) => {
    if (fields?.index !== undefined) progress?.show(message).catch(ignore);
  };
  return { ...silentLogger, info, warn: write, error: write };
}

/** Where a data source tells what it does: where its own options say, or here, with how far its indexes are. */
export function loggingTo(
  { logger, logging }: Pick<DataSourceOptions, 'logger' | 'logging'>,
  err: Output,
  progress: Progress,
): { readonly logger: Logger } & Pick<DataSourceOptions, 'logging'> {
  if (logger !== undefined) return { logger, ...(logging === undefined ? {} : { logging }) };
  return { logger: loggerTo(err, progress), logging: logging ?? 'info' };
}
