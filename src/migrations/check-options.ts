import { DustError } from '../errors.js';
import type { OptionNames } from '../options/index.js';
import {
  checkOptionNames,
  checkOptionValues,
  COUNT,
  DELAY,
  FLAG,
  FUNCTION,
  SIGNAL,
  TEXT,
} from '../options/index.js';
import { MAX_LEASE_TTL } from '../protocol/requests/request-checks.js';
import { notAMigration } from './errors.js';
import type { MigrationClass, RunMigrationsOptions, WalkOptions } from './types.js';

const TTL = {
  expected: `a whole number of milliseconds, from 1 to ${MAX_LEASE_TTL}`,
  fits: (value: unknown) => COUNT.fits(value) && Number(value) <= MAX_LEASE_TTL,
};

const RUN: OptionNames<RunMigrationsOptions> = {
  fake: true,
  signal: true,
  onProgress: true,
  onWait: true,
  ttl: true,
};

const WALK: OptionNames<WalkOptions> = {
  key: true,
  pageSize: true,
  checkpointRecords: true,
  checkpointInterval: true,
};

/** @throws DustError `invalid_options` */
export function checkRunOptions(method: string, options: RunMigrationsOptions): void {
  checkOptionNames(method, options, RUN, (name) =>
    name === 'transaction'
      ? 'There are no transactions: a migration that stops is gone on with by the next run.'
      : undefined,
  );
  checkOptionValues(method, options, {
    fake: FLAG,
    signal: SIGNAL,
    onProgress: FUNCTION,
    onWait: FUNCTION,
    ttl: TTL,
  });
}

/** @throws DustError `invalid_options` */
export function checkWalkOptions(options: WalkOptions): void {
  checkOptionNames('walk', options, WALK);
  checkOptionValues('walk', options, {
    key: TEXT,
    pageSize: COUNT,
    checkpointRecords: COUNT,
    checkpointInterval: DELAY,
  });
}

/**
 * Checks the option of a data source: classes, objects, and names of files for the command.
 *
 * @throws DustError `invalid_options`
 */
export function checkMigrations(
  migrations: unknown,
): asserts migrations is readonly (MigrationClass | string)[] {
  if (!Array.isArray(migrations)) {
    throw new DustError(
      'invalid_options',
      'DataSource option migrations must be an array of classes, objects with an up method, or names of files for the command dust-orm migrate.',
    );
  }
  for (const [position, each] of (migrations as unknown[]).entries()) {
    const isOne =
      typeof each === 'function' ||
      (typeof each === 'string' && each !== '') ||
      (typeof each === 'object' && each !== null && typeof Reflect.get(each, 'up') === 'function');
    if (!isOne) throw notAMigration(position, each);
  }
}

/**
 * Checks the option of a data source: functions, and names of files.
 *
 * @throws DustError `invalid_options`
 */
export function checkSeeds(seeds: unknown): void {
  const isSeed = (each: unknown): boolean => typeof each === 'function' || TEXT.fits(each);
  if (Array.isArray(seeds) && seeds.every(isSeed)) return;
  throw new DustError(
    'invalid_options',
    'DataSource option seeds must be an array of functions, or of names of files that export one as seed.',
  );
}
