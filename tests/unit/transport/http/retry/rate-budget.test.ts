import { RateBudget } from '../../../../../src/transport/http/retry/rate-budget.js';

const NOW = Date.UTC(2026, 0, 1);

function answer(status: number, headers: Record<string, string | number> = {}) {
  return { status, headers: new Map(Object.entries(headers).map(([name, value]) => [name, String(value)])) };
}
const limited = (remaining: number, reset: number, status = 200) =>
  answer(status, { 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset });

describe('RateBudget', () => {
  let budget: RateBudget;
  beforeEach(() => {
    budget = new RateBudget();
  });

  it('is careful before the first answer', () => {
    expect(budget.allowed(NOW)).toBe(8);
    expect(budget.opensAt(NOW)).toBeUndefined();
  });

  it('does not limit where the server tells no limits', () => {
    budget.learn(answer(200), NOW);
    expect(budget.allowed(NOW)).toBe(Infinity);
    expect(budget.opensAt(NOW)).toBeUndefined();
  });

  it('learns nothing from a fault in between', () => {
    budget.learn(answer(502), NOW);
    expect(budget.allowed(NOW)).toBe(8);
  });

  it('allows what remains, until the reset', () => {
    budget.learn(limited(20, 30), NOW);
    expect(budget.allowed(NOW + 29_999)).toBe(20);
    expect(budget.opensAt(NOW)).toBe(NOW + 30_000);
    expect(budget.allowed(NOW + 30_000)).toBe(8);
    expect(budget.opensAt(NOW + 30_000)).toBeUndefined();
  });

  it('learns from refusals of other kinds too', () => {
    budget.learn(limited(0, 30, 412), NOW);
    expect(budget.allowed(NOW)).toBe(0);
  });

  it('goes by the least of what overtaking answers say about one window', () => {
    budget.learn(limited(3, 30), NOW);
    budget.learn(limited(5, 31), NOW);
    expect(budget.allowed(NOW)).toBe(3);
    budget.learn(limited(1, 29), NOW);
    expect(budget.allowed(NOW)).toBe(1);
    expect(budget.opensAt(NOW)).toBe(NOW + 31_000);
  });

  it('forgets a window for the next one', () => {
    budget.learn(limited(0, 5), NOW);
    budget.learn(limited(99, 65), NOW + 100);
    expect(budget.allowed(NOW + 100)).toBe(99);
  });

  it('ignores what comes late from a window that is over', () => {
    budget.learn(limited(9, 60), NOW);
    budget.learn(limited(0, 0), NOW);
    expect(budget.allowed(NOW)).toBe(9);
  });

  it('stays careful after a reset when an answer without limits comes', () => {
    budget.learn(limited(0, 5), NOW);
    budget.learn(answer(200), NOW + 6000);
    expect(budget.allowed(NOW + 6000)).toBe(8);
  });

  it('is shut by 429, for as long as Retry-After says whatever the reset', () => {
    budget.learn(answer(429, { 'retry-after': 2, 'x-ratelimit-remaining': 0, 'x-ratelimit-reset': 60 }), NOW);
    expect(budget.allowed(NOW + 1999)).toBe(0);
    expect(budget.opensAt(NOW)).toBe(NOW + 2000);
    expect(budget.allowed(NOW + 2000)).toBe(8);
  });

  it('is shut by 429 until the reset where there is no Retry-After', () => {
    budget.learn(limited(0, 60, 429), NOW);
    expect(budget.opensAt(NOW)).toBe(NOW + 60_000);
  });

  it('is shut until the later one of two refusals', () => {
    budget.learn(answer(429, { 'retry-after': 9 }), NOW);
    budget.learn(answer(429, { 'retry-after': 2 }), NOW);
    expect(budget.opensAt(NOW)).toBe(NOW + 9000);
  });

  it('is not shut by a 429 that says nothing', () => {
    budget.learn(answer(429), NOW);
    expect(budget.allowed(NOW)).toBe(8);
  });

  it('ignores what remains when nobody says until when', () => {
    budget.learn(answer(200, { 'x-ratelimit-remaining': 0 }), NOW);
    expect(budget.allowed(NOW)).toBe(Infinity);
  });
});
