import { DustError } from './errors.js';

/** How much a line of the log matters, the least first. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a message says, once more as data, for loggers that keep data. Never a value from the store, never a token. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Where this package writes what an operator should know. Messages are complete without their fields, so a logger whose
 * methods take the message alone fits. `console` fits, too; for pino there is {@link pinoLogger}.
 */
export interface Logger {
  /** Details of single steps. */
  debug(message: string, fields?: LogFields): void;
  /** What is worth knowing in normal operation. */
  info(message: string, fields?: LogFields): void;
  /** What an operator should look at; the work went on. */
  warn(message: string, fields?: LogFields): void;
  /** What failed with nobody else to tell. */
  error(message: string, fields?: LogFields): void;
}

/** All levels, the least first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

const ignore = (): void => undefined;

/** Says nothing. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** `logger` without what lies below `level`. What it is told is passed on as it is. */
export function loggerAtLevel(logger: Logger, level: LogLevel): Logger {
  const threshold = LOG_LEVELS.indexOf(level);
  const method = (own: LogLevel): Logger[LogLevel] =>
    LOG_LEVELS.indexOf(own) < threshold
      ? ignore
      : (message, fields) => {
          logger[own](message, fields);
        };
  return { debug: method('debug'), info: method('info'), warn: method('warn'), error: method('error') };
}

/**
 * Writes messages of `level` and above to standard error, through `console`. Fields are left out: messages say it all.
 *
 * @throws DustError `invalid_options` for a level that there is not
 */
export function createConsoleLogger(level: LogLevel): Logger {
  if (!LOG_LEVELS.includes(level)) throw levelUnknown(level);
  const all: Logger = {
    debug: (message) => {
      globalThis.console.error(`dust-orm debug: ${message}`);
    },
    info: (message) => {
      globalThis.console.error(`dust-orm info: ${message}`);
    },
    warn: (message) => {
      globalThis.console.warn(`dust-orm: ${message}`);
    },
    error: (message) => {
      globalThis.console.error(`dust-orm: ${message}`);
    },
  };
  return loggerAtLevel(all, level);
}

/** Warnings and errors to standard error through `console`; nothing else. The default. */
export const consoleLogger: Logger = createConsoleLogger('warn');

/** The part of a pino logger that is used. Each method takes fields first, then the message. */
export interface PinoLike {
  /** Writes at level 20. */
  debug(fields: object, message: string): void;
  /** Writes at level 30. */
  info(fields: object, message: string): void;
  /** Writes at level 40. */
  warn(fields: object, message: string): void;
  /** Writes at level 50. */
  error(fields: object, message: string): void;
}

/**
 * Writes to a pino logger, each message with its fields. Which levels come through is decided twice: by the data source's
 * `logging`, then by pino's own level.
 *
 * @example
 * new DataSource({ entities: [Link], logger: pinoLogger(pino().child({ module: 'dust' })), logging: 'info' });
 *
 * @throws DustError `invalid_options` for what has not the methods of a pino logger
 */
export function pinoLogger(pino: PinoLike): Logger {
  if (!hasMethods(pino)) throw noPino();
  const method =
    (level: LogLevel): Logger[LogLevel] =>
    (message, fields = {}) => {
      pino[level](fields, message);
    };
  return { debug: method('debug'), info: method('info'), warn: method('warn'), error: method('error') };
}

function hasMethods(pino: unknown): boolean {
  return (
    typeof pino === 'object' &&
    pino !== null &&
    LOG_LEVELS.every((level) => typeof Reflect.get(pino, level) === 'function')
  );
}

function noPino(): DustError {
  return new DustError(
    'invalid_options',
    `pinoLogger() takes a pino logger, an object with ${LOG_LEVELS.join(', ')}, such as pino().`,
  );
}

function levelUnknown(level: unknown): DustError {
  const shown = typeof level === 'string' ? JSON.stringify(level) : typeof level;
  return new DustError(
    'invalid_options',
    `createConsoleLogger() takes a level, ${LOG_LEVELS.join(', ')}, not ${shown}.`,
  );
}
