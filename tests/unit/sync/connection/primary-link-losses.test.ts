import type { ScheduleOptions } from '../../../../src/clock.js';
import { PrimaryLink } from '../../../../src/sync/connection/primary-link.js';
import { LONGEST_AWAITED } from '../../../../src/sync/connection/reconnect-policy.js';
import { resolveLimits } from '../../../../src/sync/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { EngineBench, FakeLink, calm } from '../engine-bench.js';

const LIMITS = resolveLimits({ pushTimeout: 5000, stablePeriod: 10_000 });
const DELAY = 60_000;

async function scene() {
  const clock = new TestClock(0);
  const links: FakeLink[] = [];
  const reset = jest.fn();
  const primary = new PrimaryLink({
    linker: {
      open: (handlers) => {
        const link = new FakeLink(handlers);
        links.push(link);
        return link;
      },
    },
    clock,
    limits: LIMITS,
    policy: { delayAfter: () => DELAY, reset },
    storeSeq: () => 0,
    hasWrites: () => false,
    onConnecting: () => undefined,
    onJoined: () => undefined,
    onMessage: () => undefined,
    onLost: () => undefined,
    onRefused: () => undefined,
  });
  primary.open();
  links[0]!.accept(0);
  await calm();
  links[0]!.complete(0);
  return { clock, links, reset, primary };
}

describe('a connection that is lost soon after it stood', () => {
  it('makes the next waits nearly short ones', async () => {
    const { clock, links, reset, primary } = await scene();
    primary.markLive();
    await clock.advance(LIMITS.stablePeriod - 1);
    links[0]!.end();
    await calm();
    expect(links[0]!.isClosed).toBe(true);
    // What is left is the wait for the next attempt.
    expect(clock.pending).toBe(1);
    await clock.advance(LIMITS.stablePeriod);
    expect(reset.mock.calls).toEqual([[1]]);
    primary.close();
    expect(clock.pending).toBe(0);
  });

  it('makes them short ones when it has stood for as long as it takes', async () => {
    const { clock, reset, primary } = await scene();
    primary.markLive();
    await clock.advance(LIMITS.stablePeriod);
    expect(reset.mock.calls).toEqual([[1], []]);
    primary.close();
  });

  it('leaves no connection behind when it is given up and made again', async () => {
    const { clock, links, primary } = await scene();
    for (let i = 0; i < 20; i++) {
      links.at(-1)!.end();
      await clock.advance(DELAY);
    }
    expect(links).toHaveLength(21);
    expect(links.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
    primary.close();
    expect(clock.pending).toBe(0);
  });
});

describe('a wait that writes cut short', () => {
  it('is the only one: the next connection is not replaced when the longer one would have ended', async () => {
    const { clock, links, primary } = await scene();
    links[0]!.end();
    await calm();
    primary.hurry();
    expect(clock.pending).toBe(1);
    await clock.advance(LONGEST_AWAITED);
    expect(links).toHaveLength(2);
    links[1]!.accept(0);
    await calm();
    await clock.advance(LIMITS.pushTimeout - 1);
    links[1]!.complete(0);
    await clock.advance(DELAY);
    expect([links.length, links[1]!.isClosed]).toEqual([2, false]);
    primary.close();
  });
});

/** A clock that notes whether the process is to stay alive for what is scheduled. */
class NotingClock extends TestClock {
  readonly kept: boolean[] = [];

  override schedule(callback: () => void, ms: number, options: ScheduleOptions = {}): () => void {
    if (options.keepAlive !== undefined) this.kept.push(options.keepAlive);
    return super.schedule(callback, ms);
  }
}

describe('the process stays alive for the next connection', () => {
  const lose = async (bench: EngineBench, clock: NotingClock): Promise<boolean | undefined> => {
    clock.kept.length = 0;
    bench.link.end();
    await calm();
    return clock.kept.at(0);
  };

  const reconnect = async (bench: EngineBench, clock: NotingClock): Promise<void> => {
    const { length } = bench.links;
    for (let i = 0; bench.links.length === length && i < 200; i++) await clock.advance(500);
    await bench.catchUp(0);
  };

  it('from the first attempt to the end, whether anybody waits for it or not', async () => {
    const clock = new NotingClock(0);
    const bench = new EngineBench({ clock, delivery: 'at-least-once' });
    void bench.engine.start().catch(() => undefined);
    expect(await lose(bench, clock)).toBe(true);
    await reconnect(bench, clock);
    expect(await lose(bench, clock)).toBe(true);
    await bench.engine.close();
    expect(clock.pending).toBe(0);
  });
});
