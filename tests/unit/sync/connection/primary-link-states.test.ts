import { PrimaryLink } from '../../../../src/sync/connection/primary-link.js';
import { resolveLimits } from '../../../../src/sync/index.js';
import type { LinkEnd } from '../../../../src/sync/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { FakeLink, calm } from '../engine-bench.js';

const STABLE = 10_000;
const LOST: LinkEnd = { kind: 'lost', reason: 'test' };

let clock: TestClock;
let links: FakeLink[];
let told: unknown[];
let resets: (number | undefined)[];
let delay: number | undefined;
let primary: PrimaryLink;

beforeEach(() => {
  clock = new TestClock(0);
  links = [];
  told = [];
  resets = [];
  delay = 500;
  primary = new PrimaryLink({
    linker: {
      open: (handlers) => {
        const link = new FakeLink(handlers);
        links.push(link);
        return link;
      },
    },
    clock,
    limits: resolveLimits({ pushTimeout: 60_000, stablePeriod: STABLE }),
    policy: { delayAfter: () => delay, reset: (attempts) => void resets.push(attempts) },
    storeSeq: () => 4,
    hasWrites: () => false,
    onConnecting: () => void told.push('connecting'),
    onJoined: ({ storeSeq }) => void told.push(['joined', storeSeq]),
    onMessage: (event) => void told.push(event),
    onLost: ({ reason }, ms) => void told.push(['lost', reason, ms]),
    onRefused: ({ reason }) => void told.push(['refused', reason]),
  });
});

afterEach(() => {
  primary.close();
  expect(clock.pending).toBe(0);
});

/** Joined, and caught up. */
async function live(): Promise<FakeLink> {
  primary.open();
  const link = links.at(-1)!;
  link.accept(4);
  link.complete(4);
  await calm();
  primary.markLive();
  return link;
}

describe('PrimaryLink', () => {
  it('joins from where the mirror stands, and tells what is heard', async () => {
    const link = await live();
    expect(link.joinedFrom).toBe(4);
    expect(told).toEqual(['connecting', ['joined', 4], 'catch_up_complete']);
    expect(primary.connection?.isOpen).toBe(true);
  });

  it('has one connection at a time: another one ends the first without a word', async () => {
    const first = await live();
    primary.open();
    expect([first.isClosed, links.map(({ isClosed }) => isClosed)]).toEqual([true, [true, false]]);
    first.say('event', {});
    expect(told.slice(3)).toEqual(['connecting']);
  });

  it('connects again after the wait that the policy says, once', async () => {
    const first = await live();
    first.end(LOST);
    await calm();
    expect(primary.connection).toBeUndefined();
    expect(told.at(-1)).toEqual(['lost', 'test', 500]);
    expect(clock.pending).toBe(1);
    await clock.advance(499);
    expect(links).toHaveLength(1);
    await clock.advance(1);
    expect(links).toHaveLength(2);
  });

  it('does not wait any longer when it is opened meanwhile', async () => {
    const first = await live();
    first.end(LOST);
    await calm();
    primary.open();
    await clock.advance(500);
    expect(links).toHaveLength(2);
  });

  it('does not connect again once it is refused, or closed while it waits', async () => {
    delay = undefined;
    const first = await live();
    first.end(LOST);
    await calm();
    expect(told.at(-1)).toEqual(['refused', 'test']);
    expect([clock.pending, primary.connection]).toEqual([0, undefined]);
    delay = 500;
    (await live()).end(LOST);
    await calm();
    primary.close();
    await clock.advance(1000);
    expect(links).toHaveLength(2);
  });

  it('counts a connection as stable that lasts, from when it was live last', async () => {
    await live();
    await clock.advance(STABLE - 1);
    primary.markLive();
    await clock.advance(STABLE - 1);
    expect(resets).toEqual([1, 1]);
    await clock.advance(1);
    expect(resets).toEqual([1, 1, undefined]);
    await clock.advance(STABLE);
    expect(resets).toHaveLength(3);
  });

  it('does not count one as stable that was lost before', async () => {
    const link = await live();
    await clock.advance(STABLE - 1);
    link.end(LOST);
    await clock.advance(100);
    expect(resets).toEqual([1]);
  });

  it('is lost when its owner gives it up', async () => {
    const link = await live();
    primary.lose('no use');
    expect(link.isClosed).toBe(true);
    expect(told.at(-1)).toEqual(['lost', 'no use', 500]);
  });
});
