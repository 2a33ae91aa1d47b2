import { getEventListeners } from 'node:events';
import { isDustError } from '../../../../src/errors.js';
import { weightOf } from '../../../../src/protocol/values/weight.js';
import type { FakeLink } from '../engine-bench.js';
import { EngineBench, calm, ok, refused } from '../engine-bench.js';

let bench: EngineBench;

const set = (path: string, value: number) => ({ op: 'set', path, value }) as const;
const increment = { op: 'increment', path: 'c', value: 1 } as const;

/** What has become of a promise. */
function outcomeOf<T>(promise: Promise<T>): { value?: T; kind?: string } {
  const outcome: { value?: T; kind?: string } = {};
  promise.then(
    (value) => (outcome.value = value),
    (error: unknown) => (outcome.kind = isDustError(error) ? error.kind : String(error)),
  );
  return outcome;
}

const sent = (link: FakeLink) =>
  link.writes.map(({ payload }) => `${String(payload.op)} ${String(payload.path)}`);
const lastWrite = (link: FakeLink) => link.writes.at(-1)!;

/** Grants the lease of the session that the engine asks for. */
async function grant(link: FakeLink, seq: number): Promise<void> {
  const { payload, reply } = lastWrite(link);
  expect(payload).toMatchObject({ op: 'lease', ttl_ms: 120_000 });
  const value = { _type: 'lease', token: seq, expires_at: 120_000, holder: payload.holder! };
  link.event(seq, 'lease', String(payload.path), value, String(payload.client_op_id));
  reply(ok({ store_seq: seq, token: seq, expires_at: 120_000, holder: payload.holder! }));
  await calm();
}

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

describe('the writes of an engine', () => {
  it('resolves a write when it is acknowledged and everything before it is in the mirror (PROTOCOL §5.1)', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const outcome = outcomeOf(bench.engine.write({ ...set('a', 1), clientOpId: 'mine' }));
    expect(lastWrite(link).payload).toEqual({
      ...{ op: 'set', path: 'a', path_segments: ['a'], value: 1, client_op_id: 'mine' },
    });
    link.event(2, 'set', 'a', 1, 'mine');
    await calm();
    lastWrite(link).reply(ok({ store_seq: 2 }));
    await calm();
    expect(outcome).toEqual({});
    expect(bench.engine.status.pendingWrites).toBe(1);
    link.event(1, 'set', 'b', 1);
    await calm();
    expect(outcome.value).toEqual({ storeSeq: 2, response: { store_seq: 2 } });
    expect(bench.engine.status.pendingWrites).toBe(0);
  });

  it('repairs soon what an acknowledged write waits for', async () => {
    bench = new EngineBench({ limits: { gapTimeout: 10_000 } });
    const link = await bench.goLive();
    const outcome = outcomeOf(bench.engine.write({ ...set('a', 1), clientOpId: 'mine' }));
    lastWrite(link).reply(ok({ store_seq: 2 }));
    await bench.clock.advance(50);
    expect(bench.links).toHaveLength(2);
    bench.link.accept(2);
    await calm();
    bench.link.event(1, 'set', 'b', 1);
    bench.link.event(2, 'set', 'a', 1, 'mine');
    bench.link.complete(2);
    await calm();
    expect(outcome.value).toMatchObject({ storeSeq: 2 });
  });

  it('keeps no more than so many writes in flight, and refuses more than may wait', async () => {
    bench = new EngineBench({ limits: { inFlight: 2, outbox: 3 } });
    const link = await bench.goLive();
    const outcomes = [1, 2, 3, 4, 5, 6].map((value) => outcomeOf(bench.engine.write(set('a', value))));
    await calm();
    expect(link.writes).toHaveLength(2);
    expect(outcomes[5]).toEqual({ kind: 'rate_limited' });
    link.writes[0]!.reply(ok({ store_seq: 1 }));
    await calm();
    expect(link.writes.map(({ payload }) => payload.value)).toEqual([1, 2, 3]);
  });

  it('keeps no more bytes of writes in flight than may be, and refuses more than may wait', async () => {
    bench = new EngineBench({ limits: { inFlightBytes: 3000, outboxBytes: 6000 } });
    const link = await bench.goLive();
    const text = (length: number) => ({ op: 'set', path: 'a', value: 'x'.repeat(length) }) as const;
    const outcomes = [2000, 500, 2000, 500, 1000].map((length) =>
      outcomeOf(bench.engine.write(text(length))),
    );
    await calm();
    expect(link.writes).toHaveLength(2);
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'rate_limited',
    ]);
    for (let write = 0; write < 4; write++) {
      link.event(write + 1, 'set', 'a', 1);
      link.writes[write]!.reply(ok({ store_seq: write + 1 }));
      await calm();
    }
    expect(link.writes).toHaveLength(4);
    const long = outcomeOf(bench.engine.write(text(10_000)));
    await calm();
    expect(link.writes).toHaveLength(5);
    const refusedOne = outcomeOf(bench.engine.write(text(1)));
    await calm();
    expect([long, refusedOne]).toEqual([{}, { kind: 'rate_limited' }]);
  });

  it.each([
    [0, 2, undefined],
    [1, 1, 'rate_limited'],
  ])('fill the room that there is to the last byte: %d too few', async (missing, inFlight, refusal) => {
    bench = new EngineBench();
    void outcomeOf(bench.engine.write(set('a', 1)));
    const bytes = weightOf((await bench.goLive()).writes[0]!.payload);
    await bench.close();
    bench = new EngineBench({
      limits: { inFlightBytes: 2 * bytes - missing, outboxBytes: 3 * bytes - missing },
    });
    const link = await bench.goLive();
    const outcomes = [1, 2, 3].map((value) => outcomeOf(bench.engine.write(set('a', value))));
    await calm();
    expect([link.writes.length, outcomes[2]?.kind]).toEqual([inFlight, refusal]);
  });

  it('are all held back until a busy server has said what became of one, and it is asked once', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const outcomes = ['a', 'b'].map((path) => outcomeOf(bench.engine.write(set(path, 1))));
    for (const { reply } of link.writes) reply(refused('{:writer_unavailable, :timeout}'));
    await calm();
    outcomes.push(outcomeOf(bench.engine.write(set('c', 1))));
    await bench.clock.advance(1000);
    expect(sent(link)).toEqual(['set a', 'set b']);
    const questions = link.pushes.filter(({ event }) => event === 'status');
    expect(questions).toHaveLength(1);
    questions[0]!.reply(ok({ current_seq: 0 }));
    await calm();
    expect(sent(link)).toEqual(['set a', 'set b', 'set a', 'set b', 'set c']);
    for (const [i, path] of ['a', 'b', 'c'].entries()) {
      link.event(i + 1, 'set', path, 1);
      link.writes[i + 2]!.reply(ok({ store_seq: i + 1 }));
    }
    await calm();
    expect(outcomes.map(({ value }) => value?.storeSeq)).toEqual([1, 2, 3]);
  });

  it('have room again after a lost connection', async () => {
    bench = new EngineBench({ limits: { inFlightBytes: 3000 } });
    await bench.goLive();
    const text = { op: 'set', path: 'a', value: 'x'.repeat(2000) } as const;
    void bench.engine.write(text).catch(() => undefined);
    void bench.engine.write(text).catch(() => undefined);
    bench.link.end();
    const link = await bench.reconnect();
    await bench.catchUp(0);
    expect(link.writes).toHaveLength(1);
    link.writes[0]!.reply(ok({ store_seq: 1 }));
    await calm();
    expect(link.writes).toHaveLength(2);
  });

  it('opens a session before the first write that must not be applied twice, and fences from then on (PROTOCOL §7)', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    void bench.engine.write(set('a', 1)).catch(() => undefined);
    void bench.engine.write(increment).catch(() => undefined);
    void bench.engine.write(set('b', 2)).catch(() => undefined);
    expect(sent(link)).toEqual(['set a', expect.stringMatching(/^lease _dust:session\/[0-9a-f]{32}$/)]);
    await grant(link, 1);
    expect(sent(link).slice(2)).toEqual(['increment c', 'set b']);
    const key = link.writes[1]!.payload.path;
    expect(link.writes.map(({ payload }) => payload.fence)).toEqual([
      undefined,
      undefined,
      { key, token: 1 },
      { key, token: 1 },
    ]);
  });

  it('renews the session at a third of its time, and opens another when it ran out', async () => {
    bench = new EngineBench({ limits: { sessionTtl: 120_000, idleTimeout: 1e9 } });
    const link = await bench.goLive();
    const outcome = outcomeOf(bench.engine.write(increment));
    await grant(link, 1);
    lastWrite(link).reply(refused('fenced'));
    await calm();
    await grant(link, 2);
    expect(lastWrite(link).payload).toMatchObject({ op: 'increment', fence: { token: 2 } });
    lastWrite(link).reply(ok({ store_seq: 3 }));
    link.event(3, 'increment', 'c', 1);
    await calm();
    expect(outcome.value).toMatchObject({ storeSeq: 3 });
    await bench.clock.advance(40_000);
    expect(lastWrite(link).payload).toMatchObject({ op: 'renew', token: 2, ttl_ms: 120_000 });
  });

  it('releases the old session after a reconnect, and sends again what was not committed before that', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const outcomes = [1, 2].map(() => outcomeOf(bench.engine.write(increment)));
    await grant(link, 1);
    const [first, second] = link.writes.slice(1).map(({ payload }) => String(payload.client_op_id));
    link.end();
    const next = await bench.reconnect();
    next.accept(1);
    await calm();
    next.complete(1);
    await calm();
    // Nothing is sent again on the strength of the catch-up alone.
    expect(next.writes.map(({ payload }) => payload)).toMatchObject([{ op: 'release', token: 1 }]);
    // The dead connection commits the first write late; the release comes after it.
    next.event(2, 'increment', 'c', 1, first);
    lastWrite(next).reply(ok({ store_seq: 3 }));
    await calm();
    expect(next.writes).toHaveLength(1);
    expect(outcomes[0]!.value).toMatchObject({ storeSeq: 2 });
    next.event(3, 'release', String(next.writes[0]!.payload.path), null);
    await calm();
    await grant(next, 4);
    expect(next.writes.slice(2).map(({ payload }) => payload)).toMatchObject([
      { op: 'increment', client_op_id: second, fence: { token: 4 } },
    ]);
  });

  it('asks for the seq when the old session is gone already', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const outcome = outcomeOf(bench.engine.write(increment));
    await grant(link, 1);
    const id = String(lastWrite(link).payload.client_op_id);
    link.end();
    await bench.reconnect();
    await bench.catchUp(1);
    lastWrite(bench.link).reply(ok({ released: false }));
    await calm();
    bench.link.pushes.find(({ event }) => event === 'status')!.reply(ok({ current_seq: 2 }));
    await calm();
    expect(sent(bench.link)).toHaveLength(1);
    bench.link.event(2, 'increment', 'c', 1, id);
    await calm();
    expect(outcome.value).toMatchObject({ storeSeq: 2 });
    expect(sent(bench.link)).toHaveLength(1);
  });

  it('does not guess what a snapshot swallowed', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const unsafe = outcomeOf(bench.engine.write(increment));
    const safe = outcomeOf(bench.engine.write(set('a', 1)));
    await grant(link, 1);
    link.end();
    const next = await bench.reconnect();
    next.accept(5);
    await calm();
    next.say('snapshot', { snapshot_seq: 5, entries: {} });
    next.complete(5);
    await calm();
    lastWrite(next).reply(ok({ released: false }));
    await calm();
    next.pushes.find(({ event }) => event === 'status')!.reply(ok({ current_seq: 5 }));
    await calm();
    expect(unsafe).toEqual({ kind: 'indeterminate' });
    expect(sent(next).slice(1)).toEqual(['set a']);
    lastWrite(next).reply(ok({ store_seq: 6 }));
    next.event(6, 'set', 'a', 1);
    await calm();
    expect(safe.value).toMatchObject({ storeSeq: 6 });
  });

  it("sends a write under the caller's own fence once at the most", async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const outcome = outcomeOf(bench.engine.write({ ...set('a', 1), fence: { key: 'lock', token: 7 } }));
    expect(lastWrite(link).payload.fence).toEqual({ key: 'lock', token: 7 });
    link.end();
    await bench.reconnect();
    await bench.catchUp(0);
    expect(outcome).toEqual({ kind: 'indeterminate' });
    expect(bench.link.writes).toEqual([]);
  });

  it('sends again at least once when that is asked for, without a session', async () => {
    bench = new EngineBench({ delivery: 'at-least-once' });
    const link = await bench.goLive();
    void bench.engine.write(increment).catch(() => undefined);
    const guarded = outcomeOf(bench.engine.write({ ...set('a', 1), ifAbsent: true }));
    expect(sent(link)).toEqual(['increment c', 'set a']);
    link.end();
    await bench.reconnect();
    await bench.catchUp(0);
    expect(sent(bench.link)).toEqual(['increment c']);
    expect(guarded).toEqual({ kind: 'indeterminate' });
  });

  it('takes its own lease out of the way that a lost reply left behind (PROTOCOL §6)', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    void bench.engine.write(increment).catch(() => undefined);
    const { path, holder } = lastWrite(link).payload;
    link.end();
    await bench.reconnect();
    await bench.catchUp(0);
    const value = { _type: 'lease', token: 1, expires_at: 120_000, holder: holder! };
    bench.readable = new Map([[String(path), { path: String(path), value, type: 'lease', revision: 1 }]]);
    lastWrite(bench.link).reply(refused('held'));
    await calm();
    expect(lastWrite(bench.link).payload).toMatchObject({ op: 'release', path, token: 1 });
    lastWrite(bench.link).reply(ok({ store_seq: 2 }));
    await calm();
    expect(lastWrite(bench.link).payload).toMatchObject({ op: 'lease', path });
  });

  it('waits out a rate limit and keeps the order', async () => {
    bench = new EngineBench({ limits: { inFlight: 1 } });
    const link = await bench.goLive();
    void bench.engine.write(set('a', 1)).catch(() => undefined);
    void bench.engine.write(set('b', 2)).catch(() => undefined);
    lastWrite(link).reply(refused('rate_limited', { retry_after_ms: 3000 }));
    await bench.clock.advance(2999);
    expect(sent(link)).toEqual(['set a']);
    await bench.clock.advance(1);
    expect(sent(link)).toEqual(['set a', 'set a']);
  });

  it.each([
    ['exists', 'exists'],
    ['held', 'held'],
    ['not_held', 'not_held'],
    ['missing_scope', 'forbidden'],
    ['increment_requires_number_value', 'invalid_params'],
    ['something in the server broke', 'invalid_params'],
  ])('names what the server refused: %s', async (reason, kind) => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const outcome = outcomeOf(bench.engine.write(set('a', 1)));
    lastWrite(link).reply(refused(reason));
    await calm();
    expect(outcome).toEqual({ kind });
  });

  it('tells the revision that stands of a conflict, where the mirror knows it', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    link.event(1, 'set', 'a', 1);
    await calm();
    const write = bench.engine.write({ ...set('a', 2), ifMatch: 9 });
    await grant(link, 2);
    lastWrite(link).reply(refused('conflict'));
    await expect(write).rejects.toMatchObject({ kind: 'conflict', currentRevision: 1 });
  });

  it('tells no revision of a conflict at a path that the mirror does not keep', async () => {
    bench = new EngineBench({ prefixes: ['kept'] });
    const link = await bench.goLive();
    const write = bench.engine.write({ ...set('other', 1), ifMatch: 1 });
    await grant(link, 1);
    lastWrite(link).reply(refused('conflict'));
    const error: unknown = await write.catch((thrown: unknown) => thrown);
    expect(isDustError(error, 'conflict') && [error.currentRevision]).toEqual([undefined]);
  });

  it('calls off a write that was not sent, and leaves one that was to its fate', async () => {
    bench = new EngineBench({ limits: { inFlight: 1 } });
    const link = await bench.goLive();
    const [inFlight, queued] = [new AbortController(), new AbortController()];
    const outcomes = [inFlight, queued].map(({ signal }, i) =>
      outcomeOf(bench.engine.write({ ...set('a', i), signal })),
    );
    inFlight.abort();
    queued.abort();
    await calm();
    expect(outcomes).toEqual([{ kind: 'aborted' }, { kind: 'aborted' }]);
    lastWrite(link).reply(ok({ store_seq: 1 }));
    await calm();
    expect(link.writes).toHaveLength(1);
  });

  it('listens to a signal for as long as the write is not settled', async () => {
    bench = new EngineBench({ limits: { inFlight: 1 } });
    const link = await bench.goLive();
    const { signal } = new AbortController();
    const outcomes = [1, 2, 3].map((value) => outcomeOf(bench.engine.write({ ...set('a', value), signal })));
    expect(getEventListeners(signal, 'abort')).toHaveLength(3);
    lastWrite(link).reply(refused('too_large'));
    await calm();
    expect(getEventListeners(signal, 'abort')).toHaveLength(2);
    lastWrite(link).reply(ok({ store_seq: 1 }));
    await calm();
    expect(getEventListeners(signal, 'abort')).toHaveLength(2);
    link.event(1, 'set', 'a', 2);
    await calm();
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await bench.close();
    expect(outcomes.map(({ kind }) => kind)).toEqual(['invalid_params', undefined, 'indeterminate']);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('fails a write in time: by timeout when it was never sent, else as indeterminate', async () => {
    bench = new EngineBench({ limits: { inFlight: 1, writeTimeout: 5000, pushTimeout: 60_000 } });
    await bench.goLive();
    const outcomes = [1, 2].map((value) => outcomeOf(bench.engine.write(set('a', value))));
    await bench.clock.advance(5000);
    expect(outcomes).toEqual([{ kind: 'indeterminate' }, { kind: 'timeout' }]);
  });

  it('tells with a write that was never sent why no connection stands', async () => {
    bench = new EngineBench({ limits: { writeTimeout: 5000 } });
    const link = await bench.goLive();
    link.end({ kind: 'lost', reason: 'an earlier reason' });
    (await bench.reconnect()).end({ kind: 'lost', reason: 'the proxy p answered 407', detail: 'proxy' });
    const written = bench.engine.write(set('a', 1)).catch((error: unknown) => error);
    (await bench.reconnect()).end({ kind: 'lost', reason: 'the proxy p answered 403', detail: 'proxy' });
    await bench.clock.advance(5000);
    const error = await written;
    expect(error).toMatchObject({
      kind: 'timeout',
      detail: 'proxy',
      retryable: true,
      message: expect.stringMatching(
        /not sent within 5000 ms, because no connection stands: the proxy p answered 403\. Nothing was written/,
      ),
      cause: expect.objectContaining({
        kind: 'network',
        detail: 'proxy',
        message: 'the proxy p answered 403',
      }),
    });
  });

  it('stores a file, and sends it again', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const outcome = outcomeOf(
      bench.engine.putFile({
        path: 'f',
        content: Buffer.from('hi'),
        filename: 'hi.txt',
        contentType: 'text/plain',
      }),
    );
    link.end();
    await bench.reconnect();
    await bench.catchUp(0);
    const push = bench.link.pushes.find(({ event }) => event === 'put_file')!;
    expect(push.payload).toMatchObject({
      path: 'f',
      content: 'aGk=',
      filename: 'hi.txt',
      content_type: 'text/plain',
    });
    bench.link.event(1, 'put_file', 'f', { _type: 'file', hash: 'sha256:x' });
    push.reply(ok({ store_seq: 1, hash: 'sha256:x' }));
    await calm();
    expect(outcome.value).toMatchObject({ storeSeq: 1, response: { hash: 'sha256:x' } });
  });

  it('refuses what would crash the channel or be dropped there', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const refusals = [
      bench.engine.write({ op: 'set', path: 'a//b', value: 1 }),
      bench.engine.write({ op: 'set', path: 'a', value: NaN }),
      bench.engine.write({ op: 'merge', path: 'a', value: 1 }),
      bench.engine.write({ op: 'set', path: 'a', value: 1, clientOpId: '' }),
      bench.engine.write({ op: 'set', path: 'a', value: 1, fence: { key: 'k', token: 1.5 } }),
    ].map((write) => outcomeOf(write));
    await calm();
    expect(refusals.map(({ kind }) => kind)).toEqual([
      ...['invalid_params', 'invalid_value', 'invalid_params', 'invalid_params', 'invalid_params'],
    ]);
    expect(link.writes).toEqual([]);
  });

  it('waits for what is under way when it is closed, and gives the session back', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    const outcome = outcomeOf(bench.engine.write(increment));
    await grant(link, 1);
    const closed = outcomeOf(bench.engine.close());
    await calm();
    expect(outcomeOf(bench.engine.write(increment))).toEqual({});
    lastWrite(link).reply(ok({ store_seq: 2 }));
    link.event(2, 'increment', 'c', 1);
    await calm();
    expect(outcome.value).toMatchObject({ storeSeq: 2 });
    expect(lastWrite(link).payload).toMatchObject({ op: 'release', token: 1 });
    lastWrite(link).reply(ok({ store_seq: 3 }));
    await calm();
    expect(closed).toHaveProperty('value');
    expect(link.isClosed).toBe(true);
    await expect(bench.engine.write(increment)).rejects.toMatchObject({ kind: 'closed' });
  });
});
