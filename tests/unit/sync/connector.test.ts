import { silentLogger } from '../../../src/logging.js';
import { Intake } from '../../../src/sync/intake/intake.js';
import type { SyncEngineOptions, SyncStatus } from '../../../src/sync/index.js';
import { EngineBench, calm, ok } from './engine-bench.js';
import type { FakeLink } from './engine-bench.js';

let bench: EngineBench;

const set = { op: 'set', path: 'a', value: 1 } as const;

function begin(options: Partial<SyncEngineOptions> = {}): EngineBench {
  bench = new EngineBench(options);
  return bench;
}

/** An engine that fills a hole before the operation 3 over a second link. */
async function repairing(options: Partial<SyncEngineOptions> = {}): Promise<FakeLink> {
  const link = await begin({ limits: { gapTimeout: 100 }, ...options }).goLive();
  link.event(1, 'set', 'a', 1);
  link.event(3, 'set', 'c', 3);
  await bench.clock.advance(100);
  expect(bench.engine.status.state).toBe('repairing');
  return link;
}

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

describe('what an engine tells of its connection', () => {
  it('is since when none stands, whether it was whole, and what the join told', async () => {
    begin();
    await bench.clock.advance(10);
    void bench.engine.start().catch(() => undefined);
    expect(bench.engine.status).toMatchObject({ state: 'joining', isUsable: false, disconnectedSince: 10 });
    await bench.clock.advance(10);
    await bench.catchUp(0);
    expect(bench.engine.status).toMatchObject({ state: 'live', isUsable: true, features: new Set() });
    expect(bench.engine.status.permissions).toEqual({ read: true, write: true });
    expect(bench.engine.status.disconnectedSince).toBeUndefined();
    bench.link.end();
    await calm();
    await bench.clock.advance(100);
    expect(bench.engine.status).toMatchObject({ isUsable: true, disconnectedSince: 20 });
  });

  it('is since when none stood from the beginning of time', async () => {
    begin({ random: () => 1, limits: { backoff: { base: 1000, max: 1000 } } });
    void bench.engine.start().catch(() => undefined);
    await bench.clock.advance(50);
    bench.link.end();
    await calm();
    expect(bench.engine.status.disconnectedSince).toBe(0);
  });

  it('is each state once, and none behind the end', async () => {
    begin();
    const states: SyncStatus['state'][] = [];
    bench.engine.status$.subscribe(({ state }) => {
      if (states.at(-1) !== state) states.push(state);
    });
    await bench.goLive();
    bench.link.end();
    await calm();
    await bench.engine.close(0);
    expect(states).toEqual(['connecting', 'joining', 'catchingUp', 'live', 'reconnecting', 'closed']);
    expect(bench.engine.status.state).toBe('closed');
  });
});

it('an engine says in its log what becomes of its connection, each thing once', async () => {
  const lines: string[] = [];
  const note = (line: string): void =>
    void lines.push(line.replace('the channel of the store acme/main ', ''));
  begin({ logger: { ...silentLogger, debug: note, info: note } });
  await bench.goLive();
  bench.link.end();
  await calm();
  await bench.engine.close(0);
  expect(lines).toEqual([
    'is joining',
    'is catchingUp',
    'is connected, and its mirror holds everything up to 0',
    expect.stringContaining('has lost its connection (test)'),
    'is closed',
  ]);
});

describe('an engine that catches up', () => {
  it('finds the hole that it comes to stand before, though nothing else comes', async () => {
    begin({ limits: { gapTimeout: 100 } });
    void bench.engine.start().catch(() => undefined);
    bench.link.accept(1);
    await calm();
    bench.link.event(1, 'set', 'a', 1);
    bench.link.event(3, 'set', 'c', 3);
    bench.link.complete(1);
    await calm();
    expect(bench.engine.status.state).toBe('live');
    await bench.clock.advance(100);
    expect(bench.links).toHaveLength(2);
  });

  it('is whole once, however often it is told so', async () => {
    const link = await begin().goLive();
    link.complete(0);
    link.complete(0);
    await calm();
    expect(link.pushes.filter(({ event }) => event === 'ack_seq')).toHaveLength(1);
  });

  it('waits for the rest of a batch that came meanwhile, and fetches none', async () => {
    begin({ limits: { gapTimeout: 1000 } });
    void bench.engine.start().catch(() => undefined);
    bench.link.accept(1);
    await calm();
    bench.link.event(1, 'set', 'a', 1);
    bench.link.event(2, 'set', 'b', 2, 'batch:0');
    bench.link.complete(1);
    await calm();
    expect(bench.leaves()).toEqual(['a=1@1']);
    await bench.clock.advance(50);
    expect(bench.leaves()).toEqual(['a=1@1', 'b=2@2']);
    await bench.clock.advance(2000);
    expect([bench.links.length, bench.engine.status.state]).toEqual([1, 'live']);
  });

  it('has ended each catch-up that it began, and once', async () => {
    const begun = jest.spyOn(Intake.prototype, 'beginCatchUp');
    const ended = jest.spyOn(Intake.prototype, 'endCatchUp');
    const left = () => begun.mock.calls.length - ended.mock.calls.length;
    await begin().engine.close();
    expect(left()).toBe(0);
    await repairing();
    expect(left()).toBe(1);
    bench.links[0]!.end();
    await calm();
    expect(left()).toBe(0);
    await bench.reconnect();
    expect(left()).toBe(1);
    bench.link.end();
    await calm();
    expect(left()).toBe(0);
    await bench.close();
    expect([left(), begun.mock.calls.length]).toEqual([0, 3]);
    begun.mockRestore();
    ended.mockRestore();
  });
});

describe('an engine that fills a hole', () => {
  it('goes on filling it when the first attempt has failed', async () => {
    await repairing({ random: () => 1 });
    bench.link.end();
    await calm();
    await bench.clock.advance(2000);
    expect(bench.links).toHaveLength(3);
    expect(bench.engine.status.state).toBe('repairing');
  });

  it.each([
    ['soon while somebody waits for what is behind it', true, 2000],
    ['later while nobody does', false, 60_000],
  ])('tries again %s', async (_, isAwaited, ms) => {
    await repairing({
      random: () => 1,
      limits: { gapTimeout: 100, backoff: { base: 60_000, max: 60_000 }, idleTimeout: 1e9 },
    });
    const reached = isAwaited ? bench.engine.reach(3) : Promise.resolve();
    reached.catch(() => undefined);
    bench.link.end();
    await bench.clock.advance(ms - 1);
    expect(bench.links).toHaveLength(2);
    await bench.clock.advance(1);
    expect(bench.links).toHaveLength(3);
  });

  it('holds both links back while more has come than it can apply at once', async () => {
    const link = await repairing({ limits: { gapTimeout: 100, applyBuffer: 8 } });
    const second = bench.link;
    second.accept(3);
    await calm();
    second.event(2, 'set', 'b', 2);
    for (let seq = 4; seq <= 8; seq++) link.event(seq, 'set', 'x', seq);
    await calm();
    expect([link.held, second.held]).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(bench.engine.status.storeSeq).toBe(8);
  });

  it('begins again from 0 when that tells that the store moved backwards', async () => {
    const link = await repairing();
    const written = bench.engine.write(set).catch((error: unknown) => error);
    const [push] = link.writes;
    link.event(2, 'set', 'b', 2);
    push?.reply({ status: 'ok', response: { store_seq: 9 } });
    await calm();
    bench.link.accept(1);
    await calm();
    expect([link.isClosed, bench.links[1]!.isClosed]).toEqual([true, true]);
    expect(bench.links).toHaveLength(3);
    expect(bench.link.joinedFrom).toBe(0);
    // What was acknowledged beyond is not there, and nobody knows whether it will be.
    expect(await written).toMatchObject({ kind: 'indeterminate' });
    bench.link.accept(1);
    await calm();
    bench.link.event(1, 'set', 'a', 1);
    bench.link.complete(1);
    await calm();
    expect([bench.engine.status.state, bench.leaves()]).toEqual(['live', ['a=1@1']]);
  });
});

describe('an engine whose store has been quiet', () => {
  const warned = 'lost its connection (the store moved backwards)';
  const fetched = 'did not come';

  it.each<
    [string, comes: boolean, current: number, isLost: boolean, links: number, lines: readonly string[]]
  >([
    ['as far as the mirror', false, 2, false, 1, []],
    ['further than the mirror', false, 3, false, 2, [fetched]],
    ['not as far as the mirror', false, 1, true, 2, [warned]],
    ['as far as the mirror was when it was asked', true, 2, false, 1, []],
    ['as far as the mirror came meanwhile', true, 3, false, 1, []],
    ['further than the mirror came meanwhile', true, 4, false, 2, [fetched]],
    ['not as far as the mirror was when it was asked', true, 1, true, 2, [warned]],
  ])('asks where it stands, and is told that this is %s', async (_, comes, current, isLost, links, lines) => {
    const told: string[] = [];
    const note = (line: string): void => {
      for (const words of [warned, fetched]) if (line.includes(words)) told.push(words);
    };
    begin({
      logger: { ...silentLogger, info: note, warn: note },
      limits: { idleTimeout: 30_000, gapTimeout: 100, pushTimeout: 60_000 },
    });
    const link = await bench.goLive();
    for (const seq of [1, 2]) link.event(seq, 'set', 'a', seq);
    await bench.clock.advance(30_000);
    const question = link.pushes.find(({ event }) => event === 'status');
    if (comes) link.event(3, 'set', 'a', 3);
    await calm();
    question!.reply(ok({ current_seq: current }));
    await calm();
    expect(link.isClosed).toBe(isLost);
    await bench.clock.advance(500);
    expect([bench.links.length, told]).toEqual([links, lines]);
  });
});

describe('an engine that waits for its next connection', () => {
  const LIMITS = { backoff: { base: 60_000, max: 60_000 }, writeTimeout: 1e9 };

  /** Without a connection for so long that a wait is ten seconds. */
  async function outage(): Promise<void> {
    await begin({ random: () => 1, limits: LIMITS }).goLive();
    bench.link.end();
    await calm();
    for (let now = 0; now < 100_000; now += 500) {
      await bench.clock.advance(500);
      if (!bench.link.isClosed) bench.link.end();
      await calm();
    }
    await bench.reconnect();
    bench.link.end();
    await calm();
  }

  it('waits long while nobody waits for it', async () => {
    await outage();
    const { length } = bench.links;
    await bench.clock.advance(5000);
    expect(bench.links).toHaveLength(length);
  });

  it('waits no longer than two seconds for writes, those that come and those that wait', async () => {
    await outage();
    const { length } = bench.links;
    bench.engine.write(set).catch(() => undefined);
    await bench.clock.advance(1999);
    expect(bench.links).toHaveLength(length);
    await bench.clock.advance(1);
    expect(bench.links).toHaveLength(length + 1);
    bench.link.end();
    await bench.clock.advance(2000);
    expect(bench.links).toHaveLength(length + 2);
  });
});

it('a store has not moved backwards where the mirror took in a batch while its channel was joined', async () => {
  await begin().goLive();
  bench.link.end();
  await calm();
  await bench.clock.advance(500);
  const link = bench.link;
  expect([bench.links.length, link.joinedFrom]).toEqual([2, 0]);
  await bench.engine.submitCommitted([
    { ...{ storeSeq: 1, op: 'set', path: 'a', value: 1 }, deviceId: 'other', clientOpId: 'batch' },
  ]);
  link.accept(0);
  await calm();
  expect([link.isClosed, bench.links.length, bench.engine.status.storeSeq]).toEqual([false, 2, 1]);
});
