import { EngineBench, calm, ok, refused } from '../engine-bench.js';
import type { FakeLink } from '../engine-bench.js';

/** So long that no timer goes away by itself while a test looks. */
const DAY = 86_400_000;

const LIMITS = {
  gapTimeout: DAY,
  pushTimeout: DAY,
  writeTimeout: DAY,
  idleTimeout: DAY,
  stablePeriod: DAY,
  sessionTtl: 3 * DAY,
  backoff: { base: DAY, max: DAY },
};

let bench: EngineBench;

/** An engine whose timers are long, but for that of holes where one is to be repaired. */
function begin(limits: Partial<typeof LIMITS> = {}): EngineBench {
  bench = new EngineBench({ limits: { ...LIMITS, ...limits }, random: () => 1 });
  return bench;
}

async function live(limits?: Partial<typeof LIMITS>): Promise<FakeLink> {
  return begin(limits).goLive();
}

/** A second link is open, to fill a hole. */
async function repairing(): Promise<FakeLink> {
  const link = await live({ gapTimeout: 100 });
  link.event(2, 'set', 'b', 2);
  await bench.clock.advance(100);
  expect(bench.engine.status.state).toBe('repairing');
  return link;
}

function write(op: 'set' | 'increment'): void {
  bench.engine.write({ op, path: 'a', value: 1 }).catch(() => undefined);
}

/** A state of an engine, and how many of its timers belong to its writes. */
interface Scene {
  readonly name: string;
  readonly timersOfWrites?: number;
  /** Resolves to the link that is the engine's first. */
  readonly bring: () => Promise<FakeLink>;
}

const SCENES: readonly Scene[] = [
  {
    name: 'that joins',
    bring: async () => {
      void begin()
        .engine.start()
        .catch(() => undefined);
      await calm();
      return bench.link;
    },
  },
  {
    name: 'that catches up',
    bring: async () => {
      void begin()
        .engine.start()
        .catch(() => undefined);
      bench.link.accept(3);
      await calm();
      return bench.link;
    },
  },
  {
    name: 'that reads values again',
    bring: async () => {
      begin().readable = undefined;
      void bench.engine.start().catch(() => undefined);
      bench.link.accept(3);
      await calm();
      bench.link.event(1, 'increment', 'c', 2);
      bench.link.event(2, 'set', 'c', 10);
      bench.link.event(3, 'increment', 'c', 3);
      await calm();
      expect(bench.reads).toBe(1);
      return bench.link;
    },
  },
  { name: 'that is live', bring: () => live() },
  {
    name: 'that has a hole',
    bring: async () => {
      const link = await live();
      link.event(2, 'set', 'b', 2);
      await calm();
      return link;
    },
  },
  { name: 'that fills a hole', bring: repairing },
  {
    name: 'that will try again to fill a hole',
    bring: async () => {
      const link = await repairing();
      bench.link.end();
      await calm();
      return link;
    },
  },
  {
    name: 'that waits for a reply',
    timersOfWrites: 1,
    bring: async () => {
      const link = await live();
      write('set');
      return link;
    },
  },
  {
    name: 'that waits for its rate limit',
    timersOfWrites: 1,
    bring: async () => {
      const link = await live();
      write('set');
      link.writes[0]!.reply(refused('rate_limited', { retry_after_ms: DAY }));
      await calm();
      return link;
    },
  },
  {
    name: 'that waits for the rate limit of its session',
    timersOfWrites: 1,
    bring: async () => {
      const link = await live();
      write('increment');
      link.writes[0]!.reply(refused('rate_limited', { retry_after_ms: DAY }));
      await calm();
      return link;
    },
  },
  {
    name: 'that has a session',
    bring: async () => {
      const link = await live();
      write('increment');
      link.writes[0]!.reply(ok({ store_seq: 1, token: 1, expires_at: DAY }));
      await calm();
      link.event(1, 'lease', String(link.writes[0]!.payload.path), { _type: 'lease', token: 1 });
      link.event(2, 'increment', 'a', 1);
      link.writes[1]!.reply(ok({ store_seq: 2 }));
      await calm();
      expect(bench.engine.status.pendingWrites).toBe(0);
      return link;
    },
  },
];

afterEach(async () => {
  await bench.close();
});

describe.each(SCENES)('an engine $name', ({ timersOfWrites = 0, bring }) => {
  it('holds no timer and no link once it is closed', async () => {
    const link = await bring();
    const closed = bench.engine.close(0);
    await calm();
    link.pushes.find(({ payload }) => payload.op === 'release')?.reply(ok({ store_seq: 3 }));
    await bench.clock.advance(0);
    await closed;
    expect(bench.clock.pending).toBe(0);
    expect(bench.links.map(({ isClosed }) => isClosed)).toEqual(bench.links.map(() => true));
  });

  it('holds no timer and no link once the server refuses it', async () => {
    const link = await bring();
    link.end({ kind: 'refused', reason: 'unauthorized' });
    await calm();
    expect(bench.clock.pending).toBe(0);
    expect(bench.links.map(({ isClosed }) => isClosed)).toEqual(bench.links.map(() => true));
  });

  it('holds but those of its writes and of the next attempt once the connection is lost', async () => {
    const link = await bring();
    link.end();
    await calm();
    expect(bench.engine.status.state).toBe('reconnecting');
    expect(bench.clock.pending).toBe(1 + timersOfWrites);
    expect(bench.links.map(({ isClosed }) => isClosed)).toEqual(bench.links.map(() => true));
  });
});

describe('an engine that fills a hole', () => {
  it('gives the second link up for another one when it says what cannot be read', async () => {
    await repairing();
    const second = bench.link;
    second.accept(2);
    await calm();
    second.say('event', { store_seq: 'one' });
    await calm();
    expect(second.isClosed).toBe(true);
    await bench.clock.advance(DAY);
    expect(bench.links).toHaveLength(3);
    bench.link.accept(2);
    await calm();
    bench.link.event(1, 'set', 'a', 1);
    bench.link.complete(2);
    await calm();
    expect(bench.leaves()).toEqual(['a=1@1', 'b=2@2']);
  });

  it('gives the second link up for another one when its catch-up leaves the hole', async () => {
    await repairing();
    const second = bench.link;
    second.accept(2);
    await calm();
    second.complete(2);
    await calm();
    expect(second.isClosed).toBe(true);
    expect(bench.engine.status.state).toBe('repairing');
    await bench.clock.advance(DAY);
    expect(bench.links).toHaveLength(3);
  });

  it('opens no other link for it once the connection is lost', async () => {
    await repairing();
    bench.link.end();
    await calm();
    bench.links[0]!.end();
    await bench.clock.advance(DAY);
    expect(bench.links).toHaveLength(3);
    await bench.catchUp(0);
    expect(bench.engine.status.state).toBe('live');
  });
});
