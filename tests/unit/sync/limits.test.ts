import type { SyncLimits } from '../../../src/sync/index.js';
import { resolveLimits } from '../../../src/sync/index.js';
import { applyBoundOf, inboxOf } from '../../../src/sync/limits.js';

const MEBIBYTE = 1_048_576;

/** As the options say. */
const DEFAULTS = {
  inFlight: 64,
  inFlightBytes: 16 * MEBIBYTE,
  outbox: 10_000,
  outboxBytes: 256 * MEBIBYTE,
  inbox: 10_000,
  inboxBytes: 16 * MEBIBYTE,
  reorderBuffer: 10_000,
  reorderBytes: 64 * MEBIBYTE,
  applyBuffer: 100_000,
  applyBytes: 64 * MEBIBYTE,
  gapTimeout: 1000,
  writeTimeout: 60_000,
  idleTimeout: 30_000,
  pushTimeout: 15_000,
  stablePeriod: 10_000,
  backoff: { base: 250, max: 30_000 },
  sessionTtl: 120_000,
} satisfies Required<SyncLimits>;

it('what is left out, or undefined, is as documented', () => {
  expect(resolveLimits()).toEqual(DEFAULTS);
  const left = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, undefined]));
  expect(resolveLimits(left)).toEqual(DEFAULTS);
});

it('what is given stays, be it 0', () => {
  const given = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, 0]));
  const all = { ...given, backoff: { base: 0, max: 0 } };
  expect(resolveLimits(all)).toEqual(all);
});

it('queues are bounded in number and bytes', () => {
  expect(inboxOf({ inbox: 1, inboxBytes: 2 })).toEqual({ count: 1, bytes: 2 });
  expect(applyBoundOf({ applyBuffer: 3, applyBytes: 4 })).toEqual({ count: 3, bytes: 4 });
});
