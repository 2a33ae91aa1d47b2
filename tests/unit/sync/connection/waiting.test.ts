import { DeadlineQueue } from '../../../../src/deadline-queue.js';
import { RateLimit } from '../../../../src/sync/connection/rate-limit.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { NotingClock } from '../noting-clock.js';

describe('deadlines whose time stands still', () => {
  it('fall due later by as long as it stood still, in order', async () => {
    const clock = new TestClock(0);
    const expired: string[] = [];
    const queue = new DeadlineQueue<string>(clock, 100, (item) => expired.push(`${item} ${clock.now()}`));
    queue.add('a');
    await clock.advance(40);
    queue.suspend();
    queue.suspend();
    queue.add('b');
    expect(clock.pending).toBe(0);
    await clock.advance(1000);
    queue.add('c');
    queue.resume();
    queue.resume();
    await clock.advance(59);
    queue.add('d');
    expect(expired).toEqual([]);
    await clock.advance(1000);
    expect(expired).toEqual(['a 1100', 'b 1140', 'c 1140', 'd 1199']);
    expect(clock.pending).toBe(0);
  });

  it('leave no timer behind when nothing waits', () => {
    const clock = new TestClock(0);
    const queue = new DeadlineQueue<string>(clock, 100, () => undefined);
    queue.suspend();
    const cancel = queue.add('a');
    cancel();
    queue.resume();
    expect(clock.pending).toBe(0);
  });
});

describe('a rate limit', () => {
  /** Of what is sent and answered before the next is sent. */
  const hit = (limit: RateLimit, retryAfter: number) => limit.hit(limit.sent(), retryAfter);
  const passed = (limit: RateLimit) => {
    limit.passed(limit.sent());
  };
  const scene = () => {
    const clock = new TestClock(0);
    const told: string[] = [];
    const limit = new RateLimit({
      clock,
      onHolding: (isHolding) => told.push(`${isHolding ? 'holds' : 'lets go'} ${clock.now()}`),
    });
    return { clock, told, limit };
  };

  it.each([
    [60_000, 5000],
    [3_600_000, 5000],
    [59_999, 59_999],
    [0, 0],
  ])('that says %d ms is asked again after %d ms', (retryAfter, ms) => {
    const { clock, limit } = scene();
    expect(hit(limit, retryAfter)).toBe(ms);
    passed(limit);
    expect(clock.pending).toBe(0);
  });

  it('holds from the first refusal until a write passes', async () => {
    const { clock, told, limit } = scene();
    passed(limit);
    hit(limit, 60_000);
    await clock.advance(5000);
    hit(limit, 60_000);
    expect([limit.isOn, told]).toEqual([true, ['holds 0']]);
    await clock.advance(5000);
    passed(limit);
    expect([limit.isOn, told]).toEqual([false, ['holds 0', 'lets go 10000']]);
    expect(clock.pending).toBe(0);
  });

  it('is not over for what was sent before a refusal that has overtaken its answer', async () => {
    const { clock, told, limit } = scene();
    const [first, second, third] = [limit.sent(), limit.sent(), limit.sent()];
    limit.hit(third, 60_000);
    limit.hit(second, 60_000);
    limit.passed(first);
    await clock.advance(1000);
    expect([limit.isOn, told]).toEqual([true, ['holds 0']]);
    limit.passed(limit.sent());
    expect([limit.isOn, told]).toEqual([false, ['holds 0', 'lets go 1000']]);
    expect(clock.pending).toBe(0);
  });

  it.each([
    [60_000, 65_000],
    [86_400_000, 65_000],
    [10_000, 15_000],
  ])('that says %d ms holds for %d ms when nothing passes', async (retryAfter, ms) => {
    const { clock, told, limit } = scene();
    hit(limit, retryAfter);
    await clock.advance(200_000);
    hit(limit, retryAfter);
    expect(told).toEqual(['holds 0', `lets go ${ms}`]);
    expect(limit.isOn).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('goes on over the next connection for what is left of it', async () => {
    const { clock, told, limit } = scene();
    hit(limit, 60_000);
    await clock.advance(20_000);
    limit.connectionLost();
    expect(limit.isOn).toBe(false);
    await clock.advance(10_000);
    hit(limit, 60_000);
    await clock.advance(100_000);
    expect(told).toEqual(['holds 0', 'lets go 20000', 'holds 30000', 'lets go 65000']);
    expect(clock.pending).toBe(0);
  });

  it('that is hit again behind a write that passed holds for its whole window', async () => {
    const { clock, told, limit } = scene();
    hit(limit, 60_000);
    await clock.advance(10_000);
    passed(limit);
    await clock.advance(10_000);
    hit(limit, 60_000);
    await clock.advance(100_000);
    expect(told).toEqual(['holds 0', 'lets go 10000', 'holds 20000', 'lets go 85000']);
  });

  it('lets go once, whatever comes after its time', async () => {
    const { clock, told, limit } = scene();
    hit(limit, 60_000);
    await clock.advance(65_000);
    limit.connectionLost();
    passed(limit);
    expect(told).toEqual(['holds 0', 'lets go 65000']);
  });

  it.each([
    [64_999, ['holds 0', 'lets go 0', 'holds 64999']],
    [65_000, ['holds 0', 'lets go 0']],
  ])(
    'of the connection before holds what is refused %d ms later by what is left of it',
    async (ms, expected) => {
      const { clock, told, limit } = scene();
      hit(limit, 60_000);
      limit.connectionLost();
      await clock.advance(ms);
      hit(limit, 60_000);
      expect(told).toEqual(expected);
      limit.connectionLost();
      expect(clock.pending).toBe(0);
    },
  );

  it('keeps the process alive while it holds', () => {
    const clock = new NotingClock(0);
    const limit = new RateLimit({ clock, onHolding: () => undefined });
    hit(limit, 60_000);
    expect(clock.kept).toEqual([true]);
    limit.connectionLost();
  });
});
