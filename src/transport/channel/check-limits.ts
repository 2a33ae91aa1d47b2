import type { OptionKind, OptionNames } from '../../options/index.js';
import { COUNT, OBJECT, TIME_LIMIT, checkOptionNames, checkOptionValues } from '../../options/index.js';
import type { ChannelOptions } from './options.js';

const BYTES: OptionKind = { ...COUNT, expected: 'bytes, a whole number from 1 up' };

const BACKOFF: OptionKind = {
  expected: 'an object with base and max, in milliseconds, such as { base: 250, max: 30000 }',
  fits: (value) =>
    OBJECT.fits(value) &&
    ['base', 'max'].every((name) => TIME_LIMIT.fits(Reflect.get(value as object, name))),
};

const KINDS: Readonly<Record<keyof ChannelOptions, OptionKind>> = {
  writeTimeout: TIME_LIMIT,
  catchUpTimeout: TIME_LIMIT,
  closeTimeout: TIME_LIMIT,
  gapTimeout: TIME_LIMIT,
  idleTimeout: TIME_LIMIT,
  pushTimeout: TIME_LIMIT,
  openTimeout: TIME_LIMIT,
  heartbeatInterval: TIME_LIMIT,
  stablePeriod: TIME_LIMIT,
  sessionTtl: TIME_LIMIT,
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
