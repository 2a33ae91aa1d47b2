import type { DataSource } from '../data-source/index.js';
import type { OptionKind } from '../options/index.js';
import { mayHoldOptions, withMethods } from '../options/index.js';

/** Where messages go. */
export const LOGGER: OptionKind = withMethods('debug', 'info', 'warn', 'error');

/** What time goes by. */
export const CLOCK: OptionKind = withMethods('now', 'schedule');

/** What holds a store. Its transport is not looked at: before `initialize()` there is none. */
export const DATA_SOURCE: OptionKind = {
  expected: 'a data source',
  fits: (value) =>
    typeof value === 'object' && value !== null && ('transport' satisfies keyof DataSource) in value,
};

/** Find options, as far as they can be told from what would be taken for an empty object, and so for all records. */
export const FIND_OPTIONS: OptionKind = {
  expected: 'an object of find options, and no promise of one',
  fits: mayHoldOptions,
};
