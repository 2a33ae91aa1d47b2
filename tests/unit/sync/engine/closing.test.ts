import { isDustError } from '../../../../src/errors.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { EngineBench, calm, ok } from '../engine-bench.js';
import type { FakeLink } from '../engine-bench.js';

let bench: EngineBench;

const set = { op: 'set', path: 'a', value: 1 } as const;
const increment = { op: 'increment', path: 'c', value: 1 } as const;

/** Whether a promise has settled, and the error that it was rejected with. */
function outcomeOf(promise: Promise<unknown>) {
  const outcome: { isSettled: boolean; kind?: string; detail?: string | undefined } = { isSettled: false };
  promise.then(
    () => (outcome.isSettled = true),
    (error: unknown) => {
      outcome.isSettled = true;
      if (isDustError(error)) ({ kind: outcome.kind, detail: outcome.detail } = error);
    },
  );
  return outcome;
}

/** Opens the session that the first increment needs, and commits it. */
async function writeOnce(link: FakeLink): Promise<void> {
  const write = bench.engine.write(increment);
  const { payload, reply } = link.writes[0]!;
  const lease = { token: 1, expires_at: 120_000, holder: String(payload.holder) };
  link.event(1, 'lease', String(payload.path), { _type: 'lease', ...lease });
  reply(ok({ store_seq: 1, ...lease }));
  await calm();
  link.event(2, 'increment', 'c', 1);
  link.writes[1]!.reply(ok({ store_seq: 2 }));
  await write;
}

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

describe('an engine that is closed', () => {
  it.each(['that was never started', 'whose connection stands', 'whose connection is lost'])(
    'and has nothing to write does not wait: one %s',
    async (which) => {
      bench = new EngineBench();
      if (which !== 'that was never started') await bench.goLive();
      if (which === 'whose connection is lost') bench.link.end();
      await calm();
      const closed = outcomeOf(bench.engine.close());
      await calm();
      expect(closed).toEqual({ isSettled: true });
    },
  );

  it('and was never started does not wait for what it could not write', async () => {
    bench = new EngineBench();
    const write = outcomeOf(bench.engine.write(set));
    const closed = outcomeOf(bench.engine.close());
    await calm();
    expect(write.kind).toBe('closed');
    expect(closed).toEqual({ isSettled: true });
  });

  it.each(['never started', 'live'])('does not start any more, be it one that was %s', async (which) => {
    bench = new EngineBench();
    if (which === 'live') await bench.goLive();
    const links = bench.links.length;
    await bench.close();
    await expect(bench.engine.start()).rejects.toMatchObject({ kind: 'closed' });
    expect(bench.links).toHaveLength(links);
  });

  it('during an outage waits 5 seconds for its writes, then says of each what is known', async () => {
    bench = new EngineBench({
      limits: { inFlight: 1, backoff: { base: 60_000, max: 60_000 } },
      random: () => 1,
    });
    await bench.goLive();
    const sent = outcomeOf(bench.engine.write(set));
    const queued = outcomeOf(bench.engine.write(set));
    bench.link.end();
    await calm();
    const closed = outcomeOf(bench.engine.close());
    await bench.clock.advance(4999);
    expect([sent, queued, closed].map(({ isSettled }) => isSettled)).toEqual([false, false, false]);
    await bench.clock.advance(1);
    await calm();
    expect(sent.kind).toBe('indeterminate');
    expect(queued.kind).toBe('closed');
    expect(closed).toEqual({ isSettled: true });
  });

  it('does not wait longer than it is told to', async () => {
    bench = new EngineBench();
    await bench.goLive();
    const write = outcomeOf(bench.engine.write(set));
    const closed = outcomeOf(bench.engine.close(0));
    await bench.clock.advance(0);
    await calm();
    expect(write.kind).toBe('indeterminate');
    expect(closed).toEqual({ isSettled: true });
  });

  it('writes what waits when the connection comes back in time', async () => {
    bench = new EngineBench();
    await bench.goLive();
    bench.link.end();
    await calm();
    const write = outcomeOf(bench.engine.write(set));
    const closed = outcomeOf(bench.engine.close());
    const next = await bench.reconnect();
    await bench.catchUp(0);
    next.event(1, 'set', 'a', 1, String(next.writes[0]!.payload.client_op_id));
    next.writes[0]!.reply(ok({ store_seq: 1 }));
    await calm();
    expect(write).toEqual({ isSettled: true });
    expect(closed).toEqual({ isSettled: true });
  });

  it('settles every write, those with one client_op_id too', async () => {
    bench = new EngineBench({ limits: { inFlight: 1 } });
    await bench.goLive();
    const writes = [1, 2, 3].map(() => outcomeOf(bench.engine.write({ ...set, clientOpId: 'one' })));
    void bench.engine.close(0);
    await bench.clock.advance(0);
    await calm();
    expect(writes.map(({ kind }) => kind)).toEqual(['indeterminate', 'closed', 'closed']);
    expect(bench.engine.status.pendingWrites).toBe(0);
  });

  it('closes its storage, when nothing is written to it any more', async () => {
    const storage = createMemoryStorage();
    const commit = storage.commit.bind(storage);
    let isWritten: () => void = () => undefined;
    const calls: string[] = [];
    storage.commit = async (work) => {
      await new Promise<void>((resolve) => (isWritten = resolve));
      calls.push('committed');
      return commit(work);
    };
    storage.close = () => {
      calls.push('closed');
      return Promise.resolve();
    };
    bench = new EngineBench({ storage });
    const link = await bench.goLive();
    link.event(1, 'set', 'a', 1);
    await calm();
    const closed = outcomeOf(bench.engine.close());
    await calm();
    expect([calls, closed.isSettled]).toEqual([[], false]);
    isWritten();
    await calm();
    expect([calls, closed.isSettled]).toEqual([['committed', 'closed'], true]);
    await bench.engine.close();
    expect(calls).toHaveLength(2);
  });

  it('lets nobody wait for what was committed beside the channel', async () => {
    bench = new EngineBench();
    await bench.goLive();
    const committed = (storeSeq: number) =>
      ({ storeSeq, op: 'set', path: 'a', value: 1, deviceId: 'me', clientOpId: null }) as const;
    const arrived = outcomeOf(bench.engine.submitCommitted([committed(1)]));
    const behindAHole = outcomeOf(bench.engine.submitCommitted([committed(3)]));
    await calm();
    expect([arrived, behindAHole]).toEqual([{ isSettled: true }, { isSettled: false }]);
    await bench.engine.close();
    expect([arrived.kind, behindAHole.kind]).toEqual([undefined, 'closed']);
    await expect(bench.engine.submitCommitted([committed(4)])).rejects.toMatchObject({ kind: 'closed' });
  });

  it('does not wait for its writes when the server has refused it', async () => {
    bench = new EngineBench();
    await bench.goLive();
    bench.link.end({ kind: 'refused', reason: 'unauthorized' });
    const closed = outcomeOf(bench.engine.close());
    await calm();
    expect(closed).toEqual({ isSettled: true });
  });

  it('waits a second at the most for a server that does not take the session back', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    await writeOnce(link);
    const closed = outcomeOf(bench.engine.close());
    await bench.clock.advance(999);
    expect(link.writes.at(-1)!.payload).toMatchObject({ op: 'release', token: 1 });
    expect(closed.isSettled).toBe(false);
    await bench.clock.advance(1);
    await calm();
    expect(closed).toEqual({ isSettled: true });
  });

  it.each([
    ['limited', { reason: 'rate_limited', retry_after_ms: 60_000 }],
    ['busy', { reason: '{:writer_unavailable, :timeout}' }],
  ])('does not ask a server twice to take the session back: one that is %s', async (_why, response) => {
    bench = new EngineBench();
    const link = await bench.goLive();
    await writeOnce(link);
    const closed = outcomeOf(bench.engine.close());
    await calm();
    expect(link.writes.at(-1)!.payload).toMatchObject({ op: 'release', token: 1 });
    link.writes.at(-1)!.reply({ status: 'error', response });
    await calm();
    expect(closed).toEqual({ isSettled: true });
  });

  it('waits no longer for the session once the connection is lost', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    await writeOnce(link);
    const closed = outcomeOf(bench.engine.close());
    await calm();
    link.end();
    await calm();
    expect(closed).toEqual({ isSettled: true });
  });
});

describe('a write that was acknowledged, while operations before it have not come', () => {
  /** The server has committed the write with seq 2, and the engine has not heard of seq 1. */
  async function acknowledgedBehindAHole() {
    bench = new EngineBench({ limits: { gapTimeout: 60_000, pushTimeout: 60_000 } });
    const link = await bench.goLive();
    const write = bench.engine.write({ ...set, clientOpId: 'mine' });
    link.writes[0]!.reply(ok({ store_seq: 2 }));
    await calm();
    return { link, write };
  }

  it('is said to be committed when the engine is closed', async () => {
    const { write } = await acknowledgedBehindAHole();
    write.catch(() => undefined);
    void bench.engine.close();
    await bench.clock.advance(5000);
    await expect(write).rejects.toMatchObject({
      ...{ kind: 'closed', detail: 'committed', retryable: false, path: 'a' },
      message: expect.stringMatching(/committed with seq 2, .* Do not write it again/),
    });
  });

  it('is said to be committed when the server refuses the engine', async () => {
    const { link, write } = await acknowledgedBehindAHole();
    link.end({ kind: 'refused', reason: 'unauthorized' });
    await expect(write).rejects.toMatchObject({
      ...{ kind: 'unauthorized', detail: 'committed', retryable: false },
      cause: expect.objectContaining({ kind: 'unauthorized' }),
    });
  });

  it('is said to be committed when only its own event has come, and the connection is lost for good', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const write = bench.engine.write({ ...set, clientOpId: 'mine' });
    link.event(2, 'set', 'a', 1, 'mine');
    await calm();
    link.end({ kind: 'refused', reason: 'unauthorized' });
    await expect(write).rejects.toMatchObject({ kind: 'unauthorized', detail: 'committed' });
  });
});

it('an engine that is closed builds its indexes no further, and makes none', async () => {
  bench = new EngineBench();
  const link = await bench.goLive();
  for (let seq = 1; seq <= 3000; seq++) link.event(seq, 'set', `a/r${seq}/name`, 'x');
  await bench.engine.reach(3000);
  const definition = { prefix: 'a', parts: [{ path: 'name', type: 'string' }], unique: false } as const;
  const used = bench.engine.useIndexes('a', [definition]).catch((error: unknown) => error);
  expect(bench.engine.reads.records('a').indexes).toEqual([]);
  let isClosed = false;
  const closeStorage = bench.storage.close.bind(bench.storage);
  jest.spyOn(bench.storage, 'close').mockImplementation(() => {
    isClosed = true;
    return closeStorage();
  });
  const outcome = used.then((error) => [error, isClosed]);
  await bench.engine.close();
  // What is built ends before its storage does.
  expect(await outcome).toEqual([expect.objectContaining({ kind: 'closed' }), false]);
  await expect(bench.engine.useIndexes('a', [definition])).rejects.toMatchObject({ kind: 'closed' });
  await expect(bench.engine.reach(1)).rejects.toMatchObject({ kind: 'closed' });
});
