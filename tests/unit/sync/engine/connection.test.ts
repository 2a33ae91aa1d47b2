import { firstValueFrom, toArray } from 'rxjs';
import { DustError } from '../../../../src/errors.js';
import { EngineBench, calm, ok } from '../engine-bench.js';

let bench: EngineBench;

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

describe('a server that is faster than the mirror', () => {
  it('is held back until most of what it told is applied', async () => {
    bench = new EngineBench();
    void bench.engine.start().catch(() => undefined);
    bench.link.accept(50_002);
    await calm();
    // The first one is being applied already.
    for (let seq = 1; seq <= 50_001; seq++) bench.link.event(seq, 'set', 'a', seq);
    expect(bench.link.held).toEqual([]);
    bench.link.event(50_002, 'set', 'a', 1);
    expect(bench.link.held).toEqual([true]);
    bench.link.complete(50_002);
    for (let turn = 0; turn < 200 && bench.engine.status.state !== 'live'; turn++) await calm();
    expect(bench.link.held).toEqual([true, false]);
    expect(bench.engine.status).toMatchObject({ state: 'live', storeSeq: 50_002 });
  });
});

describe('the connection of an engine', () => {
  it('fills a hole by catching up on a second link, while the first stays (PROTOCOL §5.4, §5.10)', async () => {
    bench = new EngineBench({ limits: { gapTimeout: 1000, idleTimeout: 60_000 } });
    const first = await bench.goLive();
    first.event(2, 'set', 'b', 2);
    await bench.clock.advance(999);
    expect(bench.links).toHaveLength(1);
    await bench.clock.advance(1);
    const second = bench.link;
    expect(second).not.toBe(first);
    expect(second.joinedFrom).toBe(0);
    expect(bench.engine.status.state).toBe('repairing');
    second.accept(2);
    await calm();
    second.event(1, 'set', 'a', 1);
    second.event(2, 'set', 'b', 2);
    second.complete(2);
    await calm();
    expect(bench.leaves()).toEqual(['a=1@1', 'b=2@2']);
    expect(bench.engine.status.state).toBe('live');
    expect([first.isClosed, second.isClosed]).toEqual([false, true]);
  });

  it('does not repair a hole that closes by itself', async () => {
    bench = new EngineBench({ limits: { gapTimeout: 1000 } });
    const link = await bench.goLive();
    link.event(2, 'set', 'b', 2);
    await bench.clock.advance(500);
    link.event(1, 'set', 'a', 1);
    await bench.clock.advance(2000);
    expect(bench.links).toHaveLength(1);
  });

  it('tries a repair again that failed', async () => {
    bench = new EngineBench({ limits: { gapTimeout: 100 } });
    const link = await bench.goLive();
    link.event(2, 'set', 'b', 2);
    await bench.clock.advance(100);
    bench.link.end();
    await bench.clock.advance(1000);
    expect(bench.links).toHaveLength(3);
    expect(bench.engine.status.state).toBe('repairing');
  });

  it('repairs at once when more operations wait than may', async () => {
    bench = new EngineBench({ limits: { reorderBuffer: 2 } });
    const link = await bench.goLive();
    for (const seq of [4, 3, 2]) link.event(seq, 'set', 'a', seq);
    await bench.clock.advance(0);
    expect(bench.links).toHaveLength(2);
    bench.link.accept(4);
    await calm();
    for (const seq of [1, 2, 3, 4]) bench.link.event(seq, 'set', 'a', seq);
    bench.link.complete(4);
    await calm();
    expect(bench.leaves()).toEqual(['a=4@4']);
  });

  it('asks a silent server where it stands, and repairs what it missed', async () => {
    bench = new EngineBench({ limits: { idleTimeout: 30_000, gapTimeout: 1000 } });
    const link = await bench.goLive();
    await bench.clock.advance(30_000);
    const status = link.pushes.find(({ event }) => event === 'status');
    status!.reply(ok({ current_seq: 1 }));
    await calm();
    await bench.clock.advance(1000);
    expect(bench.links).toHaveLength(2);
  });

  it('counts a connection as lost that leaves a push without a reply, or falls silent in a catch-up', async () => {
    bench = new EngineBench({ limits: { pushTimeout: 5000 } });
    const link = await bench.goLive();
    void bench.engine.write({ op: 'set', path: 'a', value: 1 }).catch(() => undefined);
    await bench.clock.advance(5000);
    expect(link.isClosed).toBe(true);
    const next = await bench.reconnect();
    next.accept(1);
    await bench.clock.advance(5000);
    expect(next.isClosed).toBe(true);
  });

  it('connects again whatever the close was called, later and later, and soon after a stable time', async () => {
    bench = new EngineBench({
      random: () => 0.999_999,
      limits: { backoff: { base: 100, max: 1000 }, stablePeriod: 10_000 },
    });
    void bench.engine.start().catch(() => undefined);
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      bench.link.end({ kind: 'lost', reason: 'the connection was closed (code 1000)' });
      await calm();
      const before = bench.clock.now();
      const count = bench.links.length;
      while (bench.links.length === count) await bench.clock.advance(10);
      waits.push(bench.clock.now() - before);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1000, 1000]);
    await bench.catchUp(0);
    await bench.clock.advance(10_000);
    bench.link.end();
    await bench.clock.advance(100);
    expect(bench.links).toHaveLength(8);
  });

  it.each([
    ['unauthorized', 'unauthorized'],
    ['store_not_allowed', 'forbidden'],
    ['missing_scope', 'forbidden'],
    ['upgrade_refused', 'unauthorized'],
  ])('ends for good when it is refused: %s', async (reason, kind) => {
    bench = new EngineBench();
    const start = bench.engine.start();
    const write = bench.engine.write({ op: 'set', path: 'a', value: 1 });
    bench.link.end({ kind: 'refused', reason });
    await expect(start).rejects.toMatchObject({ kind });
    await expect(write).rejects.toMatchObject({ kind });
    await expect(bench.engine.write({ op: 'set', path: 'a', value: 1 })).rejects.toMatchObject({ kind });
    expect(bench.engine.status).toMatchObject({ state: 'closed', error: { kind } });
    await bench.clock.advance(100_000);
    expect(bench.links).toHaveLength(1);
  });

  it('ends for good in what has kept its link from being opened', async () => {
    bench = new EngineBench();
    const start = bench.engine.start();
    const error = new DustError('storage', 'The folder is gone.', { detail: 'gone' });
    bench.link.end({ kind: 'refused', reason: 'gone', error });
    await expect(start).rejects.toBe(error);
    expect(bench.engine.status).toMatchObject({ state: 'closed', error });
    await bench.clock.advance(100_000);
    expect(bench.links).toHaveLength(1);
  });

  it('tells its states, and completes when it is closed', async () => {
    bench = new EngineBench();
    const told = firstValueFrom(bench.engine.status$.pipe(toArray()));
    await bench.goLive();
    bench.link.end();
    await bench.reconnect();
    await bench.catchUp(0);
    await bench.close();
    const states = (await told).map(({ state }) => state).filter((state, i, all) => state !== all[i - 1]);
    expect(states).toEqual([
      ...['connecting', 'joining', 'catchingUp', 'live'],
      ...['reconnecting', 'connecting', 'joining', 'catchingUp', 'live', 'closed'],
    ]);
  });

  it('keeps the contiguous seq only, and resumes from it', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    link.event(1, 'set', 'a', 1);
    link.event(3, 'set', 'c', 3);
    await calm();
    expect(bench.storage.readCounters().storeSeq).toBe(1);
    const { storage } = bench;
    await bench.close();
    bench = new EngineBench({ storage });
    void bench.engine.start().catch(() => undefined);
    expect(bench.link.joinedFrom).toBe(1);
  });

  it('begins again when the storage holds a mirror of other prefixes', async () => {
    bench = new EngineBench({ prefixes: ['a'] });
    const link = await bench.goLive();
    link.event(1, 'set', 'a', 1);
    link.event(2, 'set', 'b', 2);
    await calm();
    const { storage } = bench;
    await bench.close();
    bench = new EngineBench({ storage, prefixes: ['b'] });
    void bench.engine.start().catch(() => undefined);
    expect(bench.link.joinedFrom).toBe(0);
    bench.link.accept(2);
    await calm();
    bench.link.event(1, 'set', 'a', 1);
    bench.link.event(2, 'set', 'b', 2);
    bench.link.complete(2);
    await calm();
    expect(bench.leaves()).toEqual(['b=2@2']);
  });

  it('takes in what was committed beside the channel, in order with everything else', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const set = (storeSeq: number, value: number) =>
      ({ storeSeq, op: 'set', path: 'a', value, deviceId: 'me', clientOpId: null }) as const;
    let isDone = false;
    void bench.engine.submitCommitted([set(2, 2), set(3, 3)]).then(() => (isDone = true));
    await calm();
    expect([isDone, bench.leaves()]).toEqual([false, []]);
    link.event(1, 'set', 'a', 1);
    await calm();
    expect([isDone, bench.leaves()]).toEqual([true, ['a=3@3']]);
  });
});
