import type { OptionKind } from '../options/index.js';
import {
  DEVICE_ID,
  FLAG,
  FOLDER,
  OBJECT,
  TEXT,
  checkOptionNames,
  oneOf,
  withMethods,
} from '../options/index.js';
import { LOG_LEVELS } from '../logging.js';
import { entityNameOf } from '../metadata/index.js';
import { checkMigrations, checkSeeds, filesInProgram } from '../migrations/index.js';
import { checkNodeOptions } from './check-node-options.js';
import { checkChannelOptions } from './check-channel-options.js';
import { checkKind } from './check-kind.js';
import { checkValidation } from './check-validation.js';
import { checkRemoteOptions } from './check-remote-options.js';
import type { DataSourceOptions } from './data-source-options.js';
import { DATA_SOURCE_OPTIONS } from './data-source-options.js';
import { duplicateEntity, entityMissing, invalidOption, optionsNotAnObject } from './errors.js';

const STORE_NAME = /^[^/\s]+\/[^/\s]+$/;

/** One of a few texts, or a function that decides. */
function oneOfOrFunction(...allowed: readonly string[]): OptionKind {
  const text = oneOf(...allowed);
  return {
    expected: `${allowed.map((each) => `'${each}'`).join(', ')} or a function`,
    fits: (value) => text.fits(value) || typeof value === 'function',
  };
}

const LEVEL = oneOf(...LOG_LEVELS);
const TRANSPORT = oneOf('auto', 'embedded', 'http', 'channel');

const KINDS = {
  name: TEXT,
  path: FOLDER,
  deviceId: DEVICE_ID,
  takeOver: FLAG,
  verify: FLAG,
  share: FLAG,
  coerce: FLAG,
  migrationsRun: FLAG,
  logger: withMethods('debug', 'info', 'warn', 'error'),
  clock: withMethods('now', 'schedule'),
  namingStrategy: oneOfOrFunction('preserve', 'snake_case'),
  onInvalidRecord: oneOfOrFunction('skip', 'throw'),
  logging: {
    expected: `true, false, or a level: ${LOG_LEVELS.join(', ')}`,
    fits: (value) => FLAG.fits(value) || LEVEL.fits(value),
  },
  slowOperationThreshold: {
    expected: 'a number of milliseconds from 0',
    fits: (value) => typeof value === 'number' && value >= 0,
  },
  scanWarning: {
    expected: 'a number of records from 0, or false',
    fits: (value) => value === false || (typeof value === 'number' && value >= 0),
  },
  transport: {
    expected: "'auto', 'embedded', 'http', 'channel', a Transport or a factory of one",
    fits: (value) =>
      TRANSPORT.fits(value) ||
      typeof value === 'function' ||
      (OBJECT.fits(value) && 'capabilities' in (value as object)),
  },
} as const satisfies Partial<Record<keyof DataSourceOptions, OptionKind>>;

/**
 * Checks what the type checker cannot see: options from JavaScript or from a configuration file.
 *
 * @throws DustError `invalid_options` naming the option and what it must be
 */
export function checkOptions(options: DataSourceOptions): void {
  if (!OBJECT.fits(options)) throw optionsNotAnObject();
  checkOptionNames('DataSource', options, DATA_SOURCE_OPTIONS);
  checkEntities(options.entities);
  for (const [option, kind] of Object.entries(KINDS) as [keyof typeof KINDS, OptionKind][]) {
    checkKind(option, options[option], kind);
  }
  if (options.store !== undefined) checkStoreName('store', options.store);
  checkValidation(options.validation);
  checkSchemaSteps(options);
  checkNodeOptions(options);
  checkChannelOptions(options);
  checkRemoteOptions(options);
}

/** @throws DustError `invalid_options` */
function checkSchemaSteps({ name = 'default', migrations, migrationsRun, seeds }: DataSourceOptions): void {
  if (seeds !== undefined) checkSeeds(seeds);
  if (migrations === undefined) return;
  checkMigrations(migrations);
  const file = migrations.find((each) => typeof each === 'string');
  if (migrationsRun === true && file !== undefined) throw filesInProgram(name, file);
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
    if (seen.has(entity)) throw duplicateEntity(entityNameOf(entity));
    seen.add(entity);
  }
}
