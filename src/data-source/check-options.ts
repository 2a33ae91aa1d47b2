import { FOLDER, checkOptionNames } from '../options/index.js';
import { LOG_LEVELS } from '../logging.js';
import { checkChannelOptions } from './check-channel-options.js';
import { checkRemoteOptions } from './check-remote-options.js';
import type { DataSourceOptions } from './data-source-options.js';
import { DATA_SOURCE_OPTIONS } from './data-source-options.js';
import { duplicateEntity, entityMissing, invalidOption, optionsNotAnObject } from './errors.js';

const STORE_NAME = /^[^/\s]+\/[^/\s]+$/;

/**
 * Checks what the type checker cannot see: options from JavaScript or from a configuration file.
 *
 * @throws DustError `invalid_options` naming the option and what it must be
 */
export function checkOptions(options: DataSourceOptions): void {
  if (!isObject(options)) throw optionsNotAnObject();
  checkOptionNames('DataSource', options, DATA_SOURCE_OPTIONS);
  checkEntities(options.entities);
  checkString('name', options.name);
  checkString('path', options.path);
  if (options.path !== undefined && !FOLDER.fits(options.path)) {
    throw invalidOption('path', FOLDER.expected, options.path);
  }
  checkString('deviceId', options.deviceId);
  if (options.store !== undefined) checkStoreName('store', options.store);
  checkTransport(options.transport);
  checkChannelOptions(options);
  checkRemoteOptions(options);
  checkLogging(options.logging);
  checkThreshold(options.slowOperationThreshold);
  checkFlag('takeOver', options.takeOver);
  checkFlag('verify', options.verify);
  checkMethods('logger', options.logger, ['debug', 'info', 'warn', 'error']);
  checkMethods('clock', options.clock, ['now', 'schedule']);
  const { validation, onInvalidRecord, namingStrategy } = options;
  if (
    namingStrategy !== undefined &&
    namingStrategy !== 'preserve' &&
    namingStrategy !== 'snake_case' &&
    typeof namingStrategy !== 'function'
  ) {
    throw invalidOption('namingStrategy', "'preserve', 'snake_case' or a function", namingStrategy);
  }
  if (validation !== undefined && validation !== false && !isObject(validation)) {
    throw invalidOption('validation', 'false or an object of class-validator options', validation);
  }
  if (
    onInvalidRecord !== undefined &&
    onInvalidRecord !== 'skip' &&
    onInvalidRecord !== 'throw' &&
    typeof onInvalidRecord !== 'function'
  ) {
    throw invalidOption('onInvalidRecord', "'skip', 'throw' or a function", onInvalidRecord);
  }
}

/** @throws DustError `invalid_options` unless `store` reads `org/name` */
export function checkStoreName(option: string, store: unknown): void {
  if (typeof store !== 'string' || !STORE_NAME.test(store)) {
    throw invalidOption(option, 'a string "org/name"', store);
  }
}

function checkEntities(entities: unknown): void {
  if (!Array.isArray(entities)) throw invalidOption('entities', 'an array of classes', entities);
  const seen = new Set<unknown>();
  for (const [index, entity] of (entities as unknown[]).entries()) {
    if (entity === undefined) throw entityMissing(index);
    if (typeof entity !== 'function') throw invalidOption(`entities[${index}]`, 'a class', entity);
    if (seen.has(entity)) throw duplicateEntity(entity.name);
    seen.add(entity);
  }
}

function checkString(option: string, value: unknown): void {
  if (value !== undefined && (typeof value !== 'string' || value === '')) {
    throw invalidOption(option, 'a non-empty string', value);
  }
}

function checkFlag(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw invalidOption(option, 'true or false', value);
}

function checkLogging(value: unknown): void {
  const levels: readonly unknown[] = LOG_LEVELS;
  if (value === undefined || typeof value === 'boolean' || levels.includes(value)) return;
  throw invalidOption('logging', `true, false, or a level: ${LOG_LEVELS.join(', ')}`, value);
}

function checkThreshold(value: unknown): void {
  if (value === undefined || (typeof value === 'number' && value >= 0)) return;
  throw invalidOption('slowOperationThreshold', 'a number of milliseconds from 0', value);
}

function checkMethods(option: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return;
  const has = (method: string): boolean =>
    isObject(value) && typeof Reflect.get(value, method) === 'function';
  if (!methods.every(has)) throw invalidOption(option, `an object with ${methods.join(', ')}`, value);
}

function checkTransport(transport: unknown): void {
  const fits =
    transport === undefined ||
    transport === 'auto' ||
    transport === 'embedded' ||
    transport === 'http' ||
    transport === 'channel' ||
    typeof transport === 'function' ||
    (isObject(transport) && 'capabilities' in transport);
  if (!fits) {
    throw invalidOption(
      'transport',
      "'auto', 'embedded', 'http', 'channel', a Transport or a factory of one",
      transport,
    );
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
