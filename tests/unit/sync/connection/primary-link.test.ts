import { PrimaryLink } from '../../../../src/sync/connection/primary-link.js';
import type { Urgency } from '../../../../src/sync/connection/reconnect-policy.js';
import { resolveLimits } from '../../../../src/sync/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { FakeLink, calm } from '../engine-bench.js';

let clock: TestClock;
let links: FakeLink[];
let urgencies: (Urgency | undefined)[];
let delay: number;
let primary: PrimaryLink;

beforeEach(() => {
  clock = new TestClock(0);
  links = [];
  urgencies = [];
  delay = 1000;
  primary = new PrimaryLink({
    linker: {
      open: (handlers) => {
        const link = new FakeLink(handlers);
        links.push(link);
        return link;
      },
    },
    clock,
    limits: resolveLimits({ pushTimeout: 60_000, stablePeriod: 10_000 }),
    policy: {
      delayAfter: (_, urgency) => {
        urgencies.push(urgency);
        return delay;
      },
      reset: () => undefined,
    },
    storeSeq: () => 0,
    hasWrites: () => false,
    onConnecting: () => undefined,
    onJoined: () => undefined,
    onMessage: () => undefined,
    onLost: () => undefined,
    onRefused: () => undefined,
  });
});

afterEach(() => {
  primary.close();
  expect(clock.pending).toBe(0);
});

const lose = async (): Promise<void> => {
  links.at(-1)!.end();
  await calm();
};

describe('an outage', () => {
  it('lasts since a connection was first wanted, where none has stood', async () => {
    primary.open();
    await clock.advance(100);
    await lose();
    await clock.advance(1000);
    expect(links).toHaveLength(2);
    await lose();
    expect(urgencies.map((urgency) => urgency?.outage)).toEqual([100, 1100]);
  });

  it('lasts since the mirror was whole over a connection, and not since one that was not', async () => {
    primary.open();
    primary.markLive();
    await clock.advance(5000);
    await lose();
    await clock.advance(1000);
    await lose();
    await clock.advance(1000);
    await lose();
    expect(urgencies.map((urgency) => urgency?.outage)).toEqual([0, 1000, 2000]);
  });

  it('of a connection that was never wanted has not begun', () => {
    primary.openLater('the mirror cannot be written');
    expect(urgencies).toEqual([{ outage: 0, hasWrites: false }]);
  });
});

it('is held back over the connection that there is', () => {
  primary.hold(true);
  primary.open();
  primary.hold(true);
  primary.hold(false);
  expect(links[0]!.held).toEqual([true, false]);
});

describe('writes that come while the next connection is waited for', () => {
  beforeEach(async () => {
    primary.open();
    await clock.advance(5000);
  });

  it.each([
    [10_000, 2000],
    [2001, 2000],
    [2000, 2000],
    [1500, 1500],
  ])('of a wait of %d ms leave %d ms', async (ms, left) => {
    delay = ms;
    await lose();
    primary.hurry();
    expect(clock.pending).toBe(1);
    await clock.advance(left - 1);
    expect(links).toHaveLength(1);
    await clock.advance(1);
    expect(links).toHaveLength(2);
  });

  it('wait for nothing where nobody wants a connection any more', async () => {
    delay = 10_000;
    await lose();
    primary.close();
    primary.hurry();
    expect(clock.pending).toBe(0);
  });
});
