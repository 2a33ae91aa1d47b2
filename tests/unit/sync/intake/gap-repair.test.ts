import { setImmediate as settled } from 'node:timers/promises';
import { silentLogger } from '../../../../src/logging.js';
import { EngineReport } from '../../../../src/sync/engine-report.js';
import { resolveLimits } from '../../../../src/sync/index.js';
import type { LinkEnd } from '../../../../src/sync/index.js';
import { GapRepair } from '../../../../src/sync/intake/gap-repair.js';
import type { Intake } from '../../../../src/sync/intake/intake.js';
import type { MessageFeed } from '../../../../src/sync/intake/message-feed.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { FakeLink, calm } from '../engine-bench.js';

const GAP = 1000;
const DELAY = 5000;
const LOST: LinkEnd = { kind: 'lost', reason: 'test' };

let clock: TestClock;
let links: FakeLink[];
/** What the repair did, in order. */
let told: unknown[];
let isWhole: boolean;
let delay: number | undefined;
let intake: { hasHole: boolean; storeSeq: number; arrivedThrough: number; highestKnown: number };
let repair: GapRepair;
/** What the report said, and what the policy was asked. */
let reported: unknown[];
let limits: { gapTimeout: number; pushTimeout: number; inbox: number; inboxBytes: number };
let hasWrites: boolean;

beforeEach(() => {
  reported = [];
  limits = { ...resolveLimits({ gapTimeout: GAP, pushTimeout: 60_000 }) };
  hasWrites = false;
  clock = new TestClock(0);
  links = [];
  told = [];
  isWhole = true;
  delay = DELAY;
  intake = { hasHole: true, storeSeq: 1, arrivedThrough: 1, highestKnown: 3 };
  const noted = (name: string) => (value?: unknown) =>
    void told.push(value === undefined ? name : [name, value]);
  const report = new EngineReport({ store: 'acme/main', logger: silentLogger });
  jest.spyOn(report, 'repair').mockImplementation((what) => {
    told.push(what.kind);
    reported.push(what);
  });
  repair = new GapRepair({
    linker: {
      open: (handlers) => {
        const link = new FakeLink(handlers);
        links.push(link);
        return link;
      },
    },
    clock,
    report,
    limits,
    intake: Object.assign(intake, {
      beginCatchUp: noted('begin'),
      catchUpJoined: noted('joined'),
      forgetBeyond: noted('forget'),
      endCatchUp: noted('end'),
      whole: () => Promise.resolve(isWhole),
    }) as unknown as Intake,
    feed: {
      receive: (event: string) => {
        if (event === 'nonsense') throw new Error('nonsense');
        return event === 'catch_up_complete' ? 3 : undefined;
      },
    } as unknown as MessageFeed,
    policy: {
      delayAfter: (...asked) => {
        reported.push(asked);
        return delay;
      },
      reset: noted('reset'),
    },
    hasWrites: () => hasWrites,
    onChange: () => void told.push(repair.isActive ? 'active' : 'idle'),
    onRefused: ({ reason }) => void told.push(['refused', reason]),
    onMovedBack: noted('moved back'),
  });
});

afterEach(() => {
  repair.stop();
  expect(clock.pending).toBe(0);
  expect(links.every(({ isClosed }) => isClosed)).toBe(true);
});

/** A second link stands, and has told where the store is. */
async function repairing(present = 3): Promise<FakeLink> {
  repair.begin();
  await clock.advance(0);
  links.at(-1)!.accept(present);
  await calm();
  return links.at(-1)!;
}

describe('a hole', () => {
  it('is waited for before it is repaired, by one timer', async () => {
    repair.check(false);
    repair.check(false);
    expect(clock.pending).toBe(1);
    await clock.advance(GAP - 1);
    expect(links).toHaveLength(0);
    await clock.advance(1);
    expect([links.length, repair.isActive]).toEqual([1, true]);
    expect(told).toEqual(['gap_found', 'begin', 'active']);
  });

  it('that somebody waits for is repaired soon, and the longer wait is over', async () => {
    repair.check(false);
    repair.check(true);
    expect(clock.pending).toBe(1);
    repair.check(false);
    await clock.advance(49);
    expect(links).toHaveLength(0);
    await clock.advance(1);
    expect(links).toHaveLength(1);
    await clock.advance(GAP);
    expect(links).toHaveLength(1);
  });

  it('that somebody waits for is waited for no longer than others are', async () => {
    limits.gapTimeout = 20;
    repair.check(true);
    await clock.advance(19);
    expect(links).toHaveLength(0);
    await clock.advance(1);
    expect(links).toHaveLength(1);
  });

  it('is given as long again while something comes', async () => {
    repair.check(false);
    await clock.advance(GAP - 1);
    intake.arrivedThrough = 2;
    await clock.advance(GAP);
    expect(links).toHaveLength(0);
    await clock.advance(1);
    expect(links).toHaveLength(1);
  });

  it('that is there by now is repaired at once, whatever comes', async () => {
    repair.begin();
    repair.begin();
    intake.arrivedThrough = 2;
    await clock.advance(0);
    expect(links).toHaveLength(1);
    repair.begin();
    repair.check(true);
    await clock.advance(GAP);
    expect(links).toHaveLength(1);
  });

  it('that is none any more is no matter', async () => {
    repair.check(false);
    intake.hasHole = false;
    await clock.advance(GAP);
    repair.check(true);
    expect([links, told, clock.pending]).toEqual([[], [], 0]);
  });

  it('can be waited for again behind a stop', async () => {
    repair.check(false);
    repair.stop();
    expect([clock.pending, told]).toEqual([0, []]);
    repair.check(false);
    await clock.advance(GAP);
    expect(links).toHaveLength(1);
  });
});

describe('a repair', () => {
  it('ends when the catch-up is whole, and is told of once', async () => {
    const link = await repairing();
    told.length = 0;
    link.say('event', {});
    link.complete(3);
    await calm();
    expect(told).toEqual(['reset', ['end', true], 'gap_filled', 'idle']);
    expect([link.isClosed, repair.isActive]).toEqual([true, false]);
    repair.stop();
    expect(told).toHaveLength(4);
  });

  it.each([
    [3, [['joined', 3]]],
    [
      2,
      [
        ['forget', 2],
        ['joined', 2],
      ],
    ],
    [4, [['joined', 4]]],
    [
      1,
      [
        ['forget', 1],
        ['joined', 1],
      ],
    ],
    [0, [['moved back', 0]]],
  ])('of a store that stands at %d by then goes on from there', async (present, expected) => {
    repair.begin();
    await clock.advance(0);
    told.length = 0;
    links[0]!.accept(present);
    await calm();
    expect(told).toEqual(expected);
  });

  it.each([
    [5, [['joined', 5]]],
    [3, [['joined', 3]]],
    [2, [['moved back', 2]]],
  ])(
    'was filled by the first link while the second one was answered that the store stands at %d',
    async (present, expected) => {
      repair.begin();
      await clock.advance(0);
      told.length = 0;
      Object.assign(intake, { storeSeq: 9, arrivedThrough: 9, highestKnown: 9, hasHole: false });
      links[0]!.accept(present);
      await calm();
      // What was known when it was asked tells whether the store has moved backwards.
      expect(told).toEqual(expected);
    },
  );

  it('that fails is begun again later, which is no other hole', async () => {
    const link = await repairing();
    told.length = 0;
    link.end(LOST);
    await calm();
    expect(told).toEqual([['end', false], 'gap_left_open']);
    expect([repair.isActive, clock.pending]).toEqual([true, 1]);
    repair.check(true);
    await clock.advance(DELAY - 1);
    expect(links).toHaveLength(1);
    told.length = 0;
    await clock.advance(1);
    expect([links.length, told]).toEqual([2, ['begin', 'active']]);
  });

  it.each([true, false])(
    'is told of with what the mirror has, and with when it is tried again, as is fit where writes wait: %s',
    async (isAwaited) => {
      hasWrites = isAwaited;
      const link = await repairing();
      expect(link.joinedFrom).toBe(1);
      Object.assign(intake, { storeSeq: 2, highestKnown: 4 });
      link.end(LOST);
      await calm();
      await clock.advance(DELAY);
      links[1]!.accept(4);
      await calm();
      links[1]!.complete(4);
      await calm();
      expect(links[1]!.joinedFrom).toBe(2);
      expect(reported).toEqual([
        { kind: 'gap_found', storeSeq: 1, highestKnown: 3 },
        [LOST, { outage: Infinity, hasWrites: isAwaited }],
        { kind: 'gap_left_open', storeSeq: 2, reason: 'test', delay: DELAY },
        { kind: 'gap_filled', storeSeq: 2, highestKnown: 4 },
      ]);
    },
  );

  it('is over when it succeeds behind one that failed', async () => {
    (await repairing()).end(LOST);
    await calm();
    await clock.advance(DELAY);
    links[1]!.accept(3);
    await calm();
    links[1]!.complete(3);
    await calm();
    expect([told.at(-1), repair.isActive]).toEqual(['idle', false]);
  });

  it('is begun again over another link where one says what cannot be read', async () => {
    const link = await repairing();
    told.length = 0;
    link.say('nonsense', {});
    await calm();
    expect([told, link.isClosed]).toEqual([[['end', false], 'gap_left_open'], true]);
  });

  it('that is not whole is begun again, too', async () => {
    isWhole = false;
    const link = await repairing();
    told.length = 0;
    link.complete(3);
    await calm();
    expect(told).toEqual([['end', false], 'gap_left_open']);
    expect(link.isClosed).toBe(true);
  });

  it('is not begun again where the hole was filled meanwhile', async () => {
    (await repairing()).end(LOST);
    await calm();
    told.length = 0;
    intake.hasHole = false;
    await clock.advance(DELAY);
    expect([told, repair.isActive, links.length]).toEqual([['gap_filled', 'idle'], false, 1]);
    intake.hasHole = true;
    repair.check(false);
    expect(clock.pending).toBe(1);
  });

  it('is not begun again where the server refuses it', async () => {
    const link = await repairing();
    delay = undefined;
    told.length = 0;
    link.end({ kind: 'refused', reason: 'unauthorized' });
    await calm();
    expect([told, repair.isActive]).toEqual([
      [
        ['end', false],
        ['refused', 'unauthorized'],
      ],
      false,
    ]);
  });

  it('that is stopped ends its catch-up, and what it was waiting for', async () => {
    await repairing();
    told.length = 0;
    repair.stop();
    expect([told, repair.isActive]).toEqual([[['end', false]], false]);
    (await repairing()).end(LOST);
    await calm();
    repair.stop();
    expect([repair.isActive, clock.pending]).toEqual([false, 0]);
  });

  it('that is stopped while its catch-up is looked at says no more of it', async () => {
    const link = await repairing();
    link.complete(3);
    repair.stop();
    told.length = 0;
    await settled();
    expect(told).toEqual([]);
  });

  it('takes nothing from its link while it is held, and holds none where there is none', async () => {
    repair.hold(true);
    const link = await repairing();
    repair.hold(true);
    repair.hold(false);
    expect(link.held).toEqual([true, false]);
  });
});
