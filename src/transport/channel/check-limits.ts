import type { OptionKind, OptionNames } from '../../options/index.js';
import { checkOptionNames, checkOptionValues } from '../../options/index.js';
import type { ChannelOptions } from './options.js';

/** The longest wait that the platform's timers keep, in milliseconds. */
const MAX_DELAY = 2 ** 31 - 1;

const TIME: OptionKind = {
  expected: `milliseconds, more than 0 and at most ${MAX_DELAY}`,
  fits: (value) => typeof value === 'number' && value > 0 && value <= MAX_DELAY,
};

const COUNT: OptionKind = {
  expected: 'a whole number from 1 up',
  fits: (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 1,
};

const BYTES: OptionKind = { ...COUNT, expected: 'bytes, a whole number from 1 up' };

const BACKOFF: OptionKind = {
  expected: 'an object with base and max, in milliseconds, such as { base: 250, max: 30000 }',
  fits: (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['base', 'max'].every((name) => TIME.fits(Reflect.get(value, name))),
};

const KINDS: Readonly<Record<keyof ChannelOptions, OptionKind>> = {
  writeTimeout: TIME,
  catchUpTimeout: TIME,
  closeTimeout: TIME,
  gapTimeout: TIME,
  idleTimeout: TIME,
  pushTimeout: TIME,
  openTimeout: TIME,
  heartbeatInterval: TIME,
  stablePeriod: TIME,
  sessionTtl: TIME,
  backoff: BACKOFF,
  inFlight: COUNT,
  inFlightBytes: BYTES,
  outbox: COUNT,
  outboxBytes: BYTES,
  inbox: COUNT,
  inboxBytes: BYTES,
  reorderBuffer: COUNT,
  reorderBytes: BYTES,
  applyBuffer: COUNT,
  applyBytes: BYTES,
  maxMessageBytes: BYTES,
};

const NAMES = Object.fromEntries(
  Object.keys(KINDS).map((name) => [name, true]),
) as OptionNames<ChannelOptions>;

const BACKOFF_NAMES: OptionNames<NonNullable<ChannelOptions['backoff']>> = { base: true, max: true };

/**
 * Checks the times and buffers of a channel.
 *
 * @param owner what holds them, as its reader knows it
 * @throws DustError `invalid_options` saying what to write
 */
export function checkChannelLimits(owner: string, options: unknown): void {
  checkOptionNames(owner, options, NAMES);
  checkOptionValues<ChannelOptions>(owner, options, KINDS);
  const backoff: unknown = Reflect.get(options, 'backoff');
  if (backoff !== undefined) checkOptionNames(`${owner}.backoff`, backoff, BACKOFF_NAMES);
}
