import { createReconnectPolicy } from '../../../../src/sync/connection/reconnect-policy.js';
import { ServedBench } from '../served-bench.js';

let bench: ServedBench;

const lost = { kind: 'lost', reason: 'test' } as const;
const MINUTE = 60_000;

/** The longest waits that may be drawn. */
const unlucky = () => 0.999_999;
const isLive = () => bench.engine.status.state === 'live';

describe('an engine whose connection was lost', () => {
  afterEach(async () => {
    await bench.close();
    expect(bench.clock.pending).toBe(0);
  });

  it('is live again within a second after each of five cuts two seconds apart', async () => {
    bench = new ServedBench({ random: unlucky });
    await bench.goLive();
    for (let cut = 0; cut < 5; cut++) {
      bench.cut();
      expect(await bench.pass(10_000, isLive)).toBeLessThan(1000);
      await bench.pass(2000);
    }
  });

  it.each([
    ['while nobody writes', 0],
    ['while writes wait', 5],
  ])('is live again within three seconds after 25 s of refused connections, %s', async (_name, writes) => {
    bench = new ServedBench({ random: unlucky });
    await bench.goLive();
    bench.isDown = true;
    bench.cut();
    const waiting = Array.from({ length: writes }, () =>
      bench.engine.write({ op: 'increment', path: 'c', value: 1 }),
    );
    await bench.pass(25_000);
    bench.isDown = false;
    expect(await bench.pass(60_000, isLive)).toBeLessThan(3000);
    await bench.pass(5000, () => bench.engine.status.pendingWrites === 0);
    await Promise.all(waiting);
  });

  it('connects within two seconds of a write that is made after hours', async () => {
    bench = new ServedBench({ random: unlucky });
    await bench.goLive();
    bench.isDown = true;
    bench.cut();
    await bench.pass(7_200_000, undefined, 5000);
    bench.isDown = false;
    const before = bench.connections;
    await bench.pass(1000);
    const write = bench.engine.write({ op: 'set', path: 'a', value: 1 });
    expect(await bench.pass(60_000, () => bench.engine.status.pendingWrites === 0)).toBeLessThan(2500);
    await write;
    expect(bench.connections - before).toBe(1);
  });

  it('does not wear out a server that ends every connection as soon as it stands', async () => {
    bench = new ServedBench({ random: () => 0.5 });
    await bench.goLive();
    const before = bench.connections;
    const stop = bench.engine.status$.subscribe(({ state }) => {
      if (state === 'live') {
        setImmediate(() => {
          bench.cut();
        });
      }
    });
    await bench.pass(10_000);
    stop.unsubscribe();
    expect(bench.connections - before).toBeLessThan(50);
  });
});

describe('the wait before another attempt', () => {
  /** The wait after so many attempts. */
  const after = (attempts: number, urgency?: { outage: number; hasWrites: boolean }): number => {
    const policy = createReconnectPolicy({ backoff: { base: 250, max: 30_000 }, random: () => 1 });
    for (let i = 0; i < attempts; i++) policy.delayAfter(lost);
    return policy.delayAfter(lost, urgency) ?? NaN;
  };

  it.each([
    [0, { outage: 0, hasWrites: false }, 250],
    [9, undefined, 30_000],
    [9, { outage: 0, hasWrites: false }, 1000],
    [9, { outage: 25_000, hasWrites: false }, 2500],
    [9, { outage: 60 * MINUTE, hasWrites: false }, 30_000],
    [9, { outage: 60 * MINUTE, hasWrites: true }, 2000],
    [1, { outage: 60 * MINUTE, hasWrites: true }, 500],
  ])('is after %d attempts with %j at the most %d ms', (attempts, urgency, ms) => {
    expect(after(attempts, urgency)).toBe(ms);
  });

  it('is as short as after the attempts that it is said to be after, and no longer', () => {
    const policy = createReconnectPolicy({ backoff: { base: 100, max: 3000 }, random: () => 1 });
    policy.reset(1);
    expect(policy.delayAfter(lost)).toBe(100);
    for (let i = 0; i < 5; i++) policy.delayAfter(lost);
    policy.reset(1);
    expect(policy.delayAfter(lost)).toBe(200);
    policy.reset();
    expect(policy.delayAfter(lost)).toBe(100);
  });
});
