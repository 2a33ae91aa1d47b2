import type { OptionNames } from '../../options/index.js';
import { checkOptionNames } from '../../options/index.js';
import { invalidOption } from '../errors.js';
import type { RateLimits } from '../options.js';

const DEFAULTS = { reads: 1000, writes: 100, wrongTokens: 20 };

const NAMES: OptionNames<RateLimits> = { reads: true, writes: true, wrongTokens: true };

/** Milliseconds that a limit counts for. */
export const WINDOW = 60_000;

/** The limits that are in force: those that were asked for, or the defaults once other machines reach the server. */
export class Limits {
  readonly #wereAskedFor: boolean;
  #inForce: Readonly<Record<keyof RateLimits, number>> | undefined;

  /** @param asked `false` limits nothing, undefined nothing for now @throws DustError `invalid_options` */
  constructor(asked: RateLimits | false | undefined) {
    this.#wereAskedFor = asked !== undefined;
    this.#inForce = asked === undefined || asked === false ? undefined : checked(asked);
  }

  /** Other machines reach the server. */
  openToOthers(): void {
    if (!this.#wereAskedFor) this.#inForce = DEFAULTS;
  }

  /** How many in a minute; undefined for any number. */
  of(kind: keyof RateLimits): number | undefined {
    return this.#inForce?.[kind];
  }
}

function checked(limits: RateLimits): Record<keyof RateLimits, number> {
  checkOptionNames('rateLimits', limits, NAMES);
  const { reads, writes, wrongTokens } = limits;
  return {
    reads: checkedLimit('reads', reads),
    writes: checkedLimit('writes', writes),
    wrongTokens: checkedLimit('wrongTokens', wrongTokens),
  };
}

function checkedLimit(name: keyof RateLimits, limit: number = DEFAULTS[name]): number {
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw invalidOption(`rateLimits.${name} is a number a minute, 1 or more, not ${String(limit)}.`);
}
