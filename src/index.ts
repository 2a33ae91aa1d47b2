import 'reflect-metadata';

export { DustError, isDustError } from './errors.js';
export type { DustErrorDetails, DustErrorKind } from './errors.js';
export { consoleLogger, silentLogger } from './logging.js';
export type { Logger } from './logging.js';
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
