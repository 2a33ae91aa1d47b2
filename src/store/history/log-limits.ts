import type { OptionNames } from '../../options/index.js';
import { checkOptionNames } from '../../options/index.js';
import { DustError } from '../../errors.js';
import { invalidCall } from '../../protocol/requests/request-errors.js';

const NAMES: OptionNames<LogLimits> = { keep: true, limit: true };

/** How much of its log a store keeps, in operations. */
export interface LogLimits {
  /** What a compaction leaves: how far back a client id is recognised. Default 10,000. */
  readonly keep: number;
  /** A log longer than this is compacted by the write that made it so. Default 100,000. */
  readonly limit: number;
}

/** The limits in force, with defaults for what is not given. @throws DustError `invalid_options` */
export function resolveLogLimits(asked: Partial<LogLimits>): LogLimits {
  checkOptionNames('log', asked, NAMES);
  const keep = asked.keep ?? Math.min(10_000, asked.limit ?? Infinity);
  const limit = asked.limit ?? Math.max(100_000, keep);
  if (isCount(keep) && isCount(limit) && keep <= limit) return { keep, limit };
  throw new DustError(
    'invalid_options',
    `The log of a store keeps 0 or more operations and is limited to at least as many, not to keep ${keep} of ${limit}.`,
  );
}

/** @throws DustError `invalid_params` with detail `invalid_keep` */
export function checkKeep(keep: number): void {
  if (!isCount(keep)) {
    throw invalidCall('invalid_keep', `A compaction keeps 0 or more operations, not ${String(keep)}.`);
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
