import { createReconnectPolicy } from '../../../../src/sync/connection/reconnect-policy.js';

const LOST = { kind: 'lost', reason: 'test' } as const;

/** The longest waits, as the dice fall highest. */
const policyOf = (base: number, max: number) =>
  createReconnectPolicy({ backoff: { base, max }, random: () => 1 });

it('doubles the bound with each attempt, up to the greatest and thirty times at the most', () => {
  const bounded = policyOf(250, 1500);
  expect(Array.from({ length: 5 }, () => bounded.delayAfter(LOST))).toEqual([250, 500, 1000, 1500, 1500]);
  const unbounded = policyOf(1, Infinity);
  const waits = Array.from({ length: 40 }, () => unbounded.delayAfter(LOST));
  expect([waits[29], waits[30], waits[31], waits[39]]).toEqual([2 ** 29, 2 ** 30, 2 ** 30, 2 ** 30]);
});

it.each([
  ['a tenth of the outage', { outage: 50_000, hasWrites: false }, 5000],
  ['a second, however short the outage', { outage: 2000, hasWrites: false }, 1000],
  ['two seconds while writes wait', { outage: 50_000, hasWrites: true }, 2000],
  ['a tenth of a short outage though writes wait', { outage: 15_000, hasWrites: true }, 1500],
  ['the backoff in a long outage', { outage: 1e9, hasWrites: false }, 100_000],
])('waits no longer than %s', (_, urgency, longest) => {
  expect(policyOf(100_000, 100_000).delayAfter(LOST, urgency)).toBe(longest);
});

it('begins again as though so many attempts had failed, and not with more than did', () => {
  const policy = policyOf(100, 10_000);
  policy.reset(3);
  expect(policy.delayAfter(LOST)).toBe(100);
  for (let i = 0; i < 4; i++) policy.delayAfter(LOST);
  policy.reset(1);
  expect(policy.delayAfter(LOST)).toBe(200);
  policy.reset();
  expect(policy.delayAfter(LOST)).toBe(100);
});

it('follows a refusal by no attempt', () => {
  expect(policyOf(100, 100).delayAfter({ kind: 'refused', reason: 'unauthorized' })).toBeUndefined();
});
