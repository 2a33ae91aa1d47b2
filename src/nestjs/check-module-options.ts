import { DATA_SOURCE_OPTIONS } from '../data-source/index.js';
import type { OptionNames } from '../options/index.js';
import { DELAY, checkOptionNames } from '../options/index.js';
import { invalidModuleOption, moduleOptionsMissing } from './errors.js';
import type { DustOrmModuleOptions } from './options.js';

const OPTIONS: OptionNames<DustOrmModuleOptions> = {
  autoLoadEntities: true,
  retryAttempts: true,
  retryDelay: true,
  toRetry: true,
  manualInitialization: true,
  ...DATA_SOURCE_OPTIONS,
};

/**
 * Checks the names of all options and the values of the module's own, which may come from JavaScript or from the environment.
 * The data source checks the values of its own.
 *
 * @throws DustError `invalid_options` naming the option and what it must be
 */
export function checkModuleOptions(options: DustOrmModuleOptions): void {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null) throw moduleOptionsMissing(given);
  checkOptionNames('DustOrmModule', given, OPTIONS);
  const { entities, retryAttempts, retryDelay, toRetry, autoLoadEntities, manualInitialization } = options;
  check('entities', 'an array of classes', entities, Array.isArray);
  check(
    'retryAttempts',
    'a whole number from 0',
    retryAttempts,
    (value) => Number.isInteger(value) && isCount(value),
  );
  check('retryDelay', DELAY.expected, retryDelay, DELAY.fits);
  check('toRetry', 'a function', toRetry, (value) => typeof value === 'function');
  check('autoLoadEntities', 'true or false', autoLoadEntities, isFlag);
  check('manualInitialization', 'true or false', manualInitialization, isFlag);
}

function check(option: string, expected: string, value: unknown, fits: (value: unknown) => boolean): void {
  if (value !== undefined && !fits(value)) throw invalidModuleOption(option, expected, value);
}

const isCount = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value < Infinity;
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
