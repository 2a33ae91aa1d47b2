/** Where this package writes what an operator should know. `console` fits, as do Nest's and pino's loggers behind two lines. */
export interface Logger {
  /** Details of single steps. */
  debug(message: string): void;
  /** What is worth knowing in normal operation. */
  info(message: string): void;
  /** What an operator should look at; the work went on. */
  warn(message: string): void;
  /** What failed with nobody else to tell. */
  error(message: string): void;
}

/** Says nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Warnings and errors to standard error through `console`; nothing else. The default. */
export const consoleLogger: Logger = {
  ...silentLogger,
  warn: (message) => {
    globalThis.console.warn(`dust-orm: ${message}`);
  },
  error: (message) => {
    globalThis.console.error(`dust-orm: ${message}`);
  },
};
