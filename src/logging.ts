/** Where this package writes what an operator should know. `console` fits, as do Nest's and pino's loggers behind two lines. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
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
