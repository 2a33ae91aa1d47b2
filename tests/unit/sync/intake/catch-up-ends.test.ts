import { EngineBench, calm } from '../engine-bench.js';
import type { FakeLink } from '../engine-bench.js';

/**
 * While somebody catches up, an engine notes what is written, because the running values of a catch-up may overlook it
 * (PROTOCOL §5.8). What it notes must end with the catch-up: else it grows, and later catch-ups are read again in vain.
 */
let bench: EngineBench;

beforeEach(() => {
  bench = new EngineBench({ limits: { gapTimeout: 100 } });
});

afterEach(async () => {
  await bench.close();
});

/** A hole, and the second link that is to fill it. */
async function repairing(): Promise<{ first: FakeLink; second: FakeLink }> {
  const first = await bench.goLive();
  first.event(2, 'set', 'x', 2);
  await bench.clock.advance(100);
  expect(bench.links).toHaveLength(2);
  return { first, second: bench.link };
}

async function fill(link: FakeLink): Promise<void> {
  link.accept(2);
  await calm();
  for (const seq of [1, 2]) link.event(seq, 'set', 'x', seq);
  link.complete(2);
  await calm();
  expect(bench.engine.status).toMatchObject({ state: 'live', storeSeq: 2 });
}

/** Ways on which a catch-up ends. Each resolves to the link that is live, with the mirror at 2. */
const WAYS: readonly (readonly [string, () => Promise<FakeLink>])[] = [
  [
    'is complete',
    async () => {
      const link = await bench.goLive();
      for (const seq of [1, 2]) link.event(seq, 'set', 'x', seq);
      await calm();
      return link;
    },
  ],
  [
    'is cut off',
    async () => {
      void bench.engine.start();
      bench.link.accept(2);
      await calm();
      bench.link.end();
      const next = await bench.reconnect();
      next.accept(2);
      await calm();
      for (const seq of [1, 2]) next.event(seq, 'set', 'x', seq);
      next.complete(2);
      await calm();
      return next;
    },
  ],
  [
    'has filled a hole',
    async () => {
      const { first, second } = await repairing();
      await fill(second);
      return first;
    },
  ],
  [
    'was to fill a hole and is cut off',
    async () => {
      const { first, second } = await repairing();
      second.accept(2);
      await calm();
      second.end();
      const { length } = bench.links;
      for (let i = 0; bench.links.length === length && i < 200; i++) await bench.clock.advance(100);
      await fill(bench.link);
      return first;
    },
  ],
  [
    'was to fill a hole and ends with the first connection',
    async () => {
      const { first, second } = await repairing();
      second.accept(2);
      await calm();
      first.end();
      const next = await bench.reconnect();
      await fill(next);
      return next;
    },
  ],
];

describe.each(WAYS)('when a catch-up %s', (_way, bring) => {
  it('what is written afterwards makes no later catch-up suspect', async () => {
    const link = await bring();
    link.event(3, 'set', 'c', 1);
    await calm();
    expect(bench.engine.status).toMatchObject({ state: 'live', storeSeq: 3 });
    link.end();
    const next = await bench.reconnect();
    next.accept(4);
    await calm();
    next.event(4, 'increment', 'c', 2);
    next.complete(4);
    await calm();
    expect(bench.reads).toBe(0);
    expect(bench.leaves()).toEqual(['c=2@4', 'x=2@2']);
  });

  it('what was written in it makes no later catch-up suspect', async () => {
    const link = await bring();
    link.end();
    const next = await bench.reconnect();
    next.accept(3);
    await calm();
    next.event(3, 'increment', 'x', 5);
    next.complete(3);
    await calm();
    expect(bench.reads).toBe(0);
    expect(bench.leaves()).toEqual(['x=5@3']);
  });
});
