import { setImmediate as nextTurn } from 'node:timers/promises';
import { DustError } from '../../../../src/index.js';
import type { WireBatchOperation } from '../../../../src/protocol/wire/http.js';
import type { WireSingleOperation } from '../../../../src/transport/http/wire-operations.js';
import { WriteLane } from '../../../../src/transport/http/write-lane.js';
import { connected, deferred, ok, receipt } from './stub-client.js';

const set = (path: string, value: string | number = 1): WireSingleOperation => ({ op: 'set', path, value });

/** Sends nothing anywhere, and gives each operation the next seq when a test lets it. */
class StubSender {
  readonly sent: string[][] = [];
  hasBatches = true;
  before: (paths: readonly string[]) => unknown = () => undefined;
  #seq = 0;

  async single(operation: WireBatchOperation) {
    this.sent.push([operation.path]);
    await this.before([operation.path]);
    return { storeSeq: ++this.#seq };
  }

  async batch(operations: readonly WireBatchOperation[]) {
    const paths = operations.map(({ path }) => path);
    this.sent.push(paths);
    await this.before(paths);
    const receipts = operations.map(() => ({ storeSeq: ++this.#seq }));
    return { storeSeq: this.#seq, operations: receipts };
  }
}

describe('a write lane', () => {
  const setUp = () => {
    const sender = new StubSender();
    return { sender, lane: new WriteLane(sender, { count: 1000, bytes: 1e9 }) };
  };

  it('merges what comes at once, in order, and gives each caller its own receipts', async () => {
    const { sender, lane } = setUp();
    const writes = [[set('a')], [set('b'), set('c')], [set('d')]].map((ops) => lane.write(ops, {}));
    expect(await Promise.all(writes)).toEqual([
      [{ storeSeq: 1 }],
      [{ storeSeq: 2 }, { storeSeq: 3 }],
      [{ storeSeq: 4 }],
    ]);
    expect(sender.sent).toEqual([['a', 'b', 'c', 'd']]);
  });

  it('has room for so many writes, and for so many bytes, until they are done', async () => {
    const gate = deferred<unknown>();
    const sender = new StubSender();
    sender.before = () => gate.promise;
    const bytes = JSON.stringify([set('a')]).length;
    const full = { kind: 'rate_limited', detail: 'outbox_full' };
    const byNumber = new WriteLane(sender, { count: 2, bytes: 1e9 });
    const byBytes = new WriteLane(sender, { count: 10, bytes: 2 * bytes });
    for (const lane of [byNumber, byBytes]) {
      const writes = [lane.write([set('a')], {}), lane.write([set('b')], {})];
      await expect(lane.write([set('c')], {})).rejects.toMatchObject(full);
      gate.resolve(undefined);
      await Promise.all(writes);
      await lane.write([set('d')], {});
    }
    expect(sender.sent.flat()).not.toContain('c');
  });

  it('has one request under way, and merges what comes meanwhile', async () => {
    const { sender, lane } = setUp();
    const gate = deferred<unknown>();
    sender.before = () => gate.promise;
    const first = lane.write([set('a')], {});
    await nextTurn();
    await nextTurn();
    const rest = ['b', 'c'].map((path) => lane.write([set(path)], {}));
    await nextTurn();
    expect(sender.sent).toEqual([['a']]);
    expect(lane.isIdle).toBe(false);
    gate.resolve(undefined);
    await Promise.all([first, ...rest]);
    expect(sender.sent).toEqual([['a'], ['b', 'c']]);
    await nextTurn();
    expect(lane.isIdle).toBe(true);
  });

  it('what writers do after an answer shares the next request', async () => {
    const { sender, lane } = setUp();
    await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        await lane.write([set(`${name}/1`)], {});
        await Promise.resolve();
        await lane.write([set(`${name}/2`)], {});
      }),
    );
    expect(sender.sent).toEqual([
      ['a/1', 'b/1', 'c/1'],
      ['a/2', 'b/2', 'c/2'],
    ]);
  });

  it('fills a batch with 1000 operations, and cuts no part in two', async () => {
    const { sender, lane } = setUp();
    const parts = Array.from({ length: 300 }, (_, i) => [0, 1, 2, 3].map((n) => set(`${i}/${n}`)));
    await Promise.all(parts.map((part) => lane.write(part, {})));
    expect(sender.sent.map(({ length }) => length)).toEqual([1000, 200]);
    await Promise.all([...Array(3)].map((_, i) => lane.write(Array(400).fill(set(`${i}`)), {})));
    expect(sender.sent.slice(2).map(({ length }) => length)).toEqual([800, 400]);
  });

  it('keeps the body of a request in bounds; a part that is larger goes by itself', async () => {
    const { sender, lane } = setUp();
    const values = [1_000_000, 2_000_000, 1_500_000, 5_000_000, 10].map((size) => 'x'.repeat(size));
    await Promise.all(values.map((value, i) => lane.write([set(`${i}`, value)], {})));
    expect(sender.sent).toEqual([['0', '1'], ['2'], ['3'], ['4']]);
  });

  it('a batch refused for what is in it fails the culprit alone', async () => {
    const { sender, lane } = setUp();
    sender.before = (paths) => {
      if (paths.includes('bad')) throw new DustError('invalid_params', 'Bad.', { status: 400, opIndex: 1 });
    };
    const writes = [[set('a')], [set('bad'), set('b')], [set('c')]].map((ops) => lane.write(ops, {}));
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sender.sent).toEqual([['a', 'bad', 'b', 'c'], ['a'], ['bad', 'b'], ['c']]);
  });

  it.each([
    new DustError('network', 'Lost.'),
    new DustError('timeout', 'Late.'),
    new DustError('http', 'Down.', { status: 503 }),
    new DustError('rate_limited', 'Slow.', { status: 429 }),
    new DustError('unauthorized', 'Who?', { status: 401 }),
    new DustError('forbidden', 'No.', { status: 403 }),
    new DustError('store_not_found', 'Where?', { status: 404 }),
    new DustError('closed', 'Over.'),
  ])('a batch that failed otherwise fails all alike: $kind', async (error) => {
    const { sender, lane } = setUp();
    sender.before = () => {
      throw error;
    };
    const outcomes = await Promise.allSettled(['a', 'b'].map((path) => lane.write([set(path)], {})));
    expect(outcomes).toEqual([
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
    ]);
    expect(sender.sent).toHaveLength(1);
    sender.before = () => undefined;
    await expect(lane.write([set('c')], {})).resolves.toHaveLength(1);
  });

  it('a caller who calls off before it is sent is taken out', async () => {
    const { sender, lane } = setUp();
    const caller = new AbortController();
    const [kept, aborted] = [lane.write([set('a')], {}), lane.write([set('b')], { signal: caller.signal })];
    caller.abort();
    await expect(aborted).rejects.toMatchObject({ kind: 'aborted' });
    await kept;
    expect(sender.sent).toEqual([['a']]);
    await expect(lane.write([set('c')], { signal: caller.signal })).rejects.toMatchObject({
      kind: 'aborted',
    });
    expect(sender.sent).toHaveLength(1);
  });

  it('a caller who calls off later hears so at once; the others are not held up', async () => {
    const { sender, lane } = setUp();
    const gate = deferred<unknown>();
    sender.before = () => gate.promise;
    const caller = new AbortController();
    const [kept, aborted] = [lane.write([set('a')], {}), lane.write([set('b')], { signal: caller.signal })];
    await nextTurn();
    await nextTurn();
    caller.abort();
    await expect(aborted).rejects.toMatchObject({ kind: 'aborted' });
    gate.resolve(undefined);
    await expect(kept).resolves.toEqual([{ storeSeq: 1 }]);
    expect(sender.sent).toEqual([['a', 'b']]);
  });

  it('sends one by one, still in order, once there are no batches', async () => {
    const { sender, lane } = setUp();
    sender.before = (paths) => {
      if (paths.length < 2) return;
      sender.hasBatches = false;
      throw new DustError('not_implemented', 'No route.', { status: 404 });
    };
    const writes = [[set('a')], [set('b'), set('c')], [set('d')]].map((ops) => lane.write(ops, {}));
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await Promise.all(['e', 'f'].map((path) => lane.write([set(path)], {})));
    expect(sender.sent.slice(1)).toEqual([['a'], ['b', 'c'], ['d'], ['e'], ['f']]);
  });
});

describe('writes of a transport with retry', () => {
  const receipts = (body: unknown) => {
    const { ops } = body as { ops: { path: string }[] };
    const written = ops.map(({ path }, i) => ({ path, revision: i + 1, store_seq: i + 1 }));
    return ok({ ops: written, store_seq: ops.length });
  };

  it('share a request when they come together', async () => {
    const { transport, client } = await connected({ retry: {} });
    client.answer = ({ body }) => receipts(body);
    const outcomes = await Promise.all([
      transport.set('a', 1),
      transport.delete('b'),
      transport.batchWrite([
        { op: 'set', path: 'c', value: 1 },
        { op: 'set', path: 'd', value: 1 },
      ]),
    ]);
    expect(client.calls).toEqual(['POST /entries/batch_write']);
    expect(client.requests[0]).toMatchObject({ effect: 'idempotent' });
    expect(outcomes).toEqual([
      { storeSeq: 1 },
      { storeSeq: 2 },
      { storeSeq: 4, operations: [{ storeSeq: 3 }, { storeSeq: 4 }] },
    ]);
  });

  it('one alone is a plain PUT', async () => {
    const { transport, client } = await connected({ retry: {} });
    client.answer = () => receipt(1);
    await transport.set('a', 1);
    expect(client.calls).toEqual(['PUT /entries/a']);
  });

  it('go by themselves with a precondition or an id of their own', async () => {
    const { transport, client } = await connected({ retry: {} });
    client.answer = () => receipt(1);
    await Promise.all([
      transport.set('a', 1, { ifMatch: 1 }),
      transport.set('b', 1, { ifAbsent: true }),
      transport.set('c', 1, { clientOpId: 'id' }),
      transport.delete('d', { ifMatch: 1 }),
    ]);
    expect(client.requests).toHaveLength(4);
  });

  it('without retry go by themselves', async () => {
    const { transport, client } = await connected();
    client.answer = () => receipt(1);
    await Promise.all([transport.set('a', 1), transport.set('b', 1)]);
    expect(client.calls).toEqual(['PUT /entries/a', 'PUT /entries/b']);
  });

  it('that wait when the transport is closed are refused', async () => {
    const { transport, client } = await connected({ retry: {} });
    const write = transport.set('a', 1);
    await transport.close();
    await expect(write).rejects.toMatchObject({ kind: 'closed' });
    expect(client.requests).toEqual([]);
  });
});
