import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import type { StoreStorage } from '../../../../src/store/index.js';
import { EngineBench, calm, ok, refused } from '../engine-bench.js';

let bench: EngineBench;

const set = (path: string, value: number) => ({ op: 'set', path, value }) as const;

/** What a promise is rejected with. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

/** A storage whose commits fail as long as `isFull`. */
function fillable(): { readonly storage: StoreStorage; isFull: boolean } {
  const storage = createMemoryStorage();
  const commit = storage.commit.bind(storage);
  const state = { storage, isFull: false };
  storage.commit = (work) => (state.isFull ? Promise.reject(new Error('no space left')) : commit(work));
  return state;
}

interface Logged {
  readonly errors: string[];
  readonly logger: {
    debug: () => void;
    info: () => void;
    warn: () => void;
    error: (message: string) => void;
  };
}

function logging(): Logged {
  const errors: string[] = [];
  const ignore = (): undefined => undefined;
  return {
    errors,
    logger: { debug: ignore, info: ignore, warn: ignore, error: (message) => void errors.push(message) },
  };
}

describe('an engine whose mirror cannot be written', () => {
  it('says so, gives the connection up, and goes on when it can', async () => {
    const disk = fillable();
    const { errors, logger } = logging();
    bench = new EngineBench({ storage: disk.storage, logger });
    const link = await bench.goLive();
    link.event(1, 'set', 'a', 1);
    await calm();
    disk.isFull = true;
    link.event(2, 'set', 'b', 2);
    await calm();
    expect(link.isClosed).toBe(true);
    expect(bench.engine.status).toMatchObject({ state: 'reconnecting', storeSeq: 1 });
    expect(errors).toEqual(['the mirror could not be written of the store acme/main: no space left']);
    disk.isFull = false;
    const next = await bench.reconnect();
    expect(next.joinedFrom).toBe(1);
    next.accept(2);
    await calm();
    next.event(2, 'set', 'b', 2);
    next.complete(2);
    await calm();
    expect(bench.leaves()).toEqual(['a=1@1', 'b=2@2']);
    expect(bench.engine.status.state).toBe('live');
  });

  it('waits before it begins again when the store has moved backwards meanwhile', async () => {
    const disk = fillable();
    const { errors, logger } = logging();
    bench = new EngineBench({ storage: disk.storage, logger });
    const link = await bench.goLive();
    for (const seq of [1, 2, 3]) link.event(seq, 'set', 'a', seq);
    await calm();
    link.end();
    const next = await bench.reconnect();
    disk.isFull = true;
    next.accept(1);
    await calm();
    expect(errors).toEqual(['the mirror of the store acme/main could not be written: no space left']);
    expect(bench.links).toHaveLength(2);
    disk.isFull = false;
    const third = await bench.reconnect();
    third.accept(1);
    await calm();
    expect(bench.link.joinedFrom).toBe(0);
    bench.link.accept(1);
    await calm();
    bench.link.event(1, 'set', 'a', 9);
    bench.link.complete(1);
    await calm();
    expect(bench.leaves()).toEqual(['a=9@1']);
  });
});

describe('an engine whose store has moved backwards', () => {
  it('hears no more of the connection that said so, however long it takes to begin again', async () => {
    const storage = createMemoryStorage();
    const commit = storage.commit.bind(storage);
    bench = new EngineBench({ storage });
    const link = await bench.goLive();
    for (const seq of [1, 2, 3]) link.event(seq, 'set', 'a', seq);
    await calm();
    link.end();
    const next = await bench.reconnect();
    let goOn: () => void = () => undefined;
    storage.commit = async (work) => {
      await new Promise<void>((resolve) => (goOn = resolve));
      return commit(work);
    };
    next.accept(1);
    await calm();
    expect([next.isClosed, bench.link]).toEqual([true, next]);
    storage.commit = commit;
    goOn();
    await calm();
    expect(bench.link.joinedFrom).toBe(0);
  });
});

describe('an engine whose watcher throws', () => {
  it('says so, and tells the others', async () => {
    const { errors, logger } = logging();
    bench = new EngineBench({ logger });
    const heard: unknown[] = [];
    bench.engine.watch(Pattern.parse('a'), () => {
      throw new Error('not mine');
    });
    bench.engine.watch(Pattern.parse('a'), ({ operations }) =>
      heard.push(...operations.map(({ value }) => value)),
    );
    const link = await bench.goLive();
    link.event(1, 'set', 'a', 1);
    await calm();
    expect([errors, heard]).toEqual([['a watcher threw of the store acme/main: not mine'], [1]]);
  });
});

describe('an engine whose server stands elsewhere than it thought', () => {
  it('begins again when a silent server stands at less than the mirror', async () => {
    bench = new EngineBench({ limits: { idleTimeout: 30_000 } });
    const link = await bench.goLive();
    for (const seq of [1, 2]) link.event(seq, 'set', 'a', seq);
    await bench.clock.advance(30_000);
    link.pushes.find(({ event }) => event === 'status')!.reply(ok({ current_seq: 1 }));
    await calm();
    expect(link.isClosed).toBe(true);
    expect(bench.engine.status.state).toBe('reconnecting');
  });

  it('forgets what lies beyond the store, so that there is no hole before it', async () => {
    bench = new EngineBench({ limits: { gapTimeout: 100 } });
    const link = await bench.goLive();
    link.event(1, 'set', 'a', 1);
    link.event(5, 'set', 'b', 5);
    await bench.clock.advance(100);
    const second = bench.link;
    expect(second).not.toBe(link);
    second.accept(2);
    await calm();
    second.event(2, 'set', 'a', 2);
    second.complete(2);
    await calm();
    expect(bench.engine.status).toMatchObject({ state: 'live', storeSeq: 2 });
    for (const seq of [3, 4, 5]) link.event(seq, 'set', 'c', seq);
    await calm();
    expect(bench.leaves()).toEqual(['a=2@2', 'c=5@5']);
    await bench.clock.advance(10_000);
    expect(bench.links).toHaveLength(2);
  });

  it('ends for good when it is refused while it fills a hole', async () => {
    bench = new EngineBench({ limits: { gapTimeout: 100 } });
    const link = await bench.goLive();
    link.event(2, 'set', 'b', 2);
    await bench.clock.advance(100);
    bench.link.end({ kind: 'refused', reason: 'missing_scope' });
    await calm();
    expect(bench.engine.status).toMatchObject({ state: 'closed', error: { kind: 'forbidden' } });
    expect(bench.links.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  });

  it('pays no heed to messages that it does not know', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    link.say('presence_state', { store_seq: 'x' });
    link.event(1, 'set', 'a', 1);
    await calm();
    expect(bench.leaves()).toEqual(['a=1@1']);
    expect(link.isClosed).toBe(false);
  });

  it('asks where the store stands when a write counts as committed long ago', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    for (const seq of [1, 2]) link.event(seq, 'set', 'a', seq);
    await calm();
    const write = bench.engine.write(set('b', 1));
    link.writes[0]!.reply(ok({ store_seq: 1 }));
    await write;
    expect(link.pushes.filter(({ event }) => event === 'status')).toHaveLength(1);
  });
});

describe('a connection is given up', () => {
  it('that the server knows no channel for, and the write goes out over the next one', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const write = bench.engine.write(set('a', 1));
    link.writes[0]!.reply(refused('unmatched topic'));
    await calm();
    expect(link.isClosed).toBe(true);
    const next = await bench.reconnect();
    await bench.catchUp(0);
    expect(next.writes.map(({ payload }) => payload)).toEqual(link.writes.map(({ payload }) => payload));
    next.event(1, 'set', 'a', 1);
    next.writes[0]!.reply(ok({ store_seq: 1 }));
    expect((await write).storeSeq).toBe(1);
  });

  it('over which it cannot be found out what became of a write', async () => {
    const { logger } = logging();
    const debug = (message: string): void => {
      if (message.includes('was not acknowledged')) throw new Error('the log is full');
    };
    bench = new EngineBench({ logger: { ...logger, debug }, limits: { writeTimeout: 5000 } });
    const link = await bench.goLive();
    const failed = rejection(bench.engine.write(set('a', 1)));
    link.writes[0]!.reply(refused('{:writer_unavailable, :timeout}'));
    await bench.clock.advance(1000);
    link.pushes.find(({ event }) => event === 'status')!.reply(ok({ current_seq: 0 }));
    await calm();
    expect(link.isClosed).toBe(true);
    await bench.clock.advance(4000);
    expect(await failed).toMatchObject({ kind: 'indeterminate' });
  });
});

it('an engine tells how many writes are not settled, when that changes', async () => {
  bench = new EngineBench();
  const link = await bench.goLive();
  const told: number[] = [];
  bench.engine.status$.subscribe(({ pendingWrites }) => told.push(pendingWrites));
  const write = bench.engine.write(set('a', 1));
  await calm();
  expect(told).toEqual([0, 1]);
  link.writes[0]!.reply(ok({ store_seq: 1 }));
  link.event(1, 'set', 'a', 1);
  await write;
  await calm();
  expect(told.at(-1)).toBe(0);
});

describe('a write', () => {
  it('of which only its own event has come fails in its time, and is said to be committed', async () => {
    bench = new EngineBench({ limits: { gapTimeout: 60_000, writeTimeout: 5000, pushTimeout: 60_000 } });
    const link = await bench.goLive();
    const failed = rejection(bench.engine.write({ ...set('a', 1), clientOpId: 'mine' }));
    link.event(2, 'set', 'a', 1, 'mine');
    await bench.clock.advance(5000);
    expect(await failed).toMatchObject({ kind: 'timeout', detail: 'committed', retryable: false });
  });

  it('that is committed, and whose mirror stays behind, fails in its time and says so', async () => {
    bench = new EngineBench({ limits: { gapTimeout: 60_000, writeTimeout: 5000, pushTimeout: 60_000 } });
    const link = await bench.goLive();
    const failed = rejection(bench.engine.write(set('a', 1)));
    link.writes[0]!.reply(ok({ store_seq: 2 }));
    await bench.clock.advance(5000);
    expect(await failed).toMatchObject({
      ...{ kind: 'timeout', detail: 'committed', retryable: false },
      message: expect.stringMatching(/committed with seq 2, .* within 5000 ms\. Do not write it again/),
    });
    expect(bench.engine.status.pendingWrites).toBe(0);
  });

  it('that is acknowledged with what is no answer is indeterminate', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const failed = rejection(bench.engine.write(set('a', 1)));
    link.writes[0]!.reply(ok({ store_seq: 1, value: undefined as never, more: (() => 1) as never }));
    expect(await failed).toMatchObject({ kind: 'indeterminate' });
  });

  it('whose session is refused fails with that, and those behind it go out', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const increment = { op: 'increment', path: 'c', value: 1 } as const;
    const failed = rejection(bench.engine.write(increment));
    const behind = bench.engine.write(set('a', 1));
    link.writes[0]!.reply(refused('missing_scope'));
    expect(await failed).toMatchObject({ kind: 'forbidden' });
    await calm();
    expect(link.writes[1]!.payload).toMatchObject({ op: 'set', path: 'a' });
    link.writes[1]!.reply(ok({ store_seq: 1 }));
    link.event(1, 'set', 'a', 1);
    expect(await behind).toMatchObject({ storeSeq: 1 });
  });

  it('whose session is refused on a connection that is lost by then waits for the next', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    let failure: unknown;
    const increment = { op: 'increment', path: 'c', value: 1 } as const;
    bench.engine.write(increment).catch((error: unknown) => (failure = error));
    const [lease] = link.writes;
    link.end();
    lease!.reply(refused('missing_scope'));
    const next = await bench.reconnect();
    await bench.catchUp(0);
    expect(failure).toBeUndefined();
    expect(next.writes[0]!.payload).toMatchObject({ op: 'lease' });
  });
});
