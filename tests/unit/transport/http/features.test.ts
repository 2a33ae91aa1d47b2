import { FEATURES } from '../../../../src/protocol/wire/features.js';
import type { BatchOperation, HttpTransport } from '../../../../src/index.js';
import { DustError } from '../../../../src/index.js';
import type { HttpResponse } from '../../../../src/transport/http/client/http-client.js';
import { HttpTransport as Transport } from '../../../../src/transport/http/http-transport.js';
import { StubClient, ok, page } from './stub-client.js';

const OPTIONS = { url: 'http://localhost', store: 'acme/demo', token: 'dust_tok_stub' };
const ALL = FEATURES.join(', ');

const announcing = (response: HttpResponse, features: string | undefined): HttpResponse => ({
  ...response,
  headers: new Map(features === undefined ? [] : [['x-dust-features', features]]),
});
const receipts = (...seqs: number[]) =>
  ok({
    ops: seqs.map((store_seq) => ({ path: 'x', revision: store_seq, store_seq })),
    store_seq: seqs.at(-1),
  });

async function connectedTo(features?: string, retry?: object): Promise<[HttpTransport, StubClient]> {
  const client = new StubClient();
  client.answer = () => announcing(page([]), features);
  const transport = new Transport({ ...OPTIONS, ...(retry && { retry }) }, client);
  await transport.connect();
  client.requests.length = 0;
  return [transport, client];
}

const EXTRAS: BatchOperation[] = [
  { op: 'set', path: 'a/b', value: 1, ifAbsent: true },
  { op: 'merge', path: 'a', value: { c: 2 } },
  { op: 'increment', path: 'a/n', value: 3 },
  { op: 'add', path: 'a/t', value: 'x' },
  { op: 'remove', path: 'a/t', value: 'y' },
  { op: 'check', path: 'a', revision: 7 },
];
const IN_BATCHES = ['batchIfAbsent', 'batchMerge', 'batchCounters', 'batchCheck'] as const;

describe('what a server announces', () => {
  it.each<[string | undefined, readonly string[]]>([
    [undefined, []],
    ['', []],
    ['telepathy', []],
    ['batch-if-absent', ['batchIfAbsent']],
    ['batch-merge, telepathy', ['batchMerge']],
    ['batch-counters,batch-check', ['batchCounters', 'batchCheck']],
    [ALL, IN_BATCHES],
  ])('%p is %j of its batches, and never commits', async (features, expected) => {
    const [{ capabilities }] = await connectedTo(features);
    expect(IN_BATCHES.filter((name) => capabilities[name])).toEqual(expected);
    expect(capabilities).toMatchObject({ atomicBatch: true, commits: false, realtime: false, merge: false });
  });

  it('is not known before it has answered', () => {
    expect(new Transport(OPTIONS, new StubClient()).capabilities.batchCheck).toBe(false);
  });

  it('is sent in batches, and a batch with a condition or a sum is sent once only', async () => {
    const [transport, client] = await connectedTo(ALL);
    client.answer = () => announcing(receipts(1, 2, 3, 4, 5, 5), ALL);
    await expect(transport.batchWrite(EXTRAS)).resolves.toMatchObject({ storeSeq: 5 });
    expect(client.requests[0]).toMatchObject({
      effect: 'once',
      body: {
        ops: [
          { op: 'set', path: 'a/b', value: 1, if_absent: true },
          { op: 'merge', path: 'a', value: { c: 2 } },
          { op: 'increment', path: 'a/n', value: 3 },
          { op: 'add', path: 'a/t', value: 'x' },
          { op: 'remove', path: 'a/t', value: 'y' },
          { op: 'check', path: 'a', revision: 7 },
        ],
      },
    });
  });

  it.each<[BatchOperation, string]>([
    [EXTRAS[0]!, 'once'],
    [EXTRAS[1]!, 'idempotent'],
    [EXTRAS[2]!, 'once'],
    [EXTRAS[3]!, 'idempotent'],
    [EXTRAS[4]!, 'idempotent'],
    [EXTRAS[5]!, 'once'],
  ])('%j has the effect %s', async (operation, effect) => {
    const [transport, client] = await connectedTo(ALL);
    client.answer = () => announcing(receipts(1), ALL);
    await transport.batchWrite([operation]);
    expect(client.requests[0]?.effect).toBe(effect);
  });

  it('goes as a batch in the lane, where an operation alone would be', async () => {
    const [transport, client] = await connectedTo(ALL, {});
    client.answer = () => announcing(receipts(1), ALL);
    await transport.batchWrite([EXTRAS[1]!]);
    expect(client.calls).toEqual(['POST /entries/batch_write']);
  });

  it.each(EXTRAS.map((operation) => [operation.op, operation] as const))(
    'without %s such a batch is refused with the cure, and nothing is sent',
    async (_, operation) => {
      const [transport, client] = await connectedTo();
      await expect(transport.batchWrite([{ op: 'delete', path: 'z' }, operation])).rejects.toMatchObject({
        kind: 'not_supported',
        message: expect.stringMatching(/has not announced.*(Write|Set|Guard).*dust-orm serve/),
      });
      expect(client.requests).toEqual([]);
    },
  );

  it.each<[BatchOperation, string]>([
    [{ op: 'merge', path: 'a', value: 1 as never }, 'merge_requires_map_value'],
    [{ op: 'increment', path: 'a', value: Number.NaN }, 'increment_requires_number_value'],
    [{ op: 'add', path: 'a', value: null }, 'add_requires_value'],
    [{ op: 'check', path: 'a', revision: -1 }, 'invalid_revision'],
    [{ op: 'check', path: 'a//b', revision: 0 }, 'empty_segment'],
  ])('%j is refused before it is sent', async (operation, detail) => {
    const [transport, client] = await connectedTo(ALL);
    await expect(transport.batchWrite([operation])).rejects.toMatchObject({
      kind: 'invalid_params',
      detail,
      opIndex: 0,
    });
    expect(client.requests).toEqual([]);
  });

  it('is taken back for good by an answer without it: an older server would ignore what it should refuse', async () => {
    const [transport, client] = await connectedTo(ALL);
    client.answer = () => announcing(page([]), 'batch-check');
    await transport.list({ pattern: '**' });
    expect(IN_BATCHES.filter((name) => transport.capabilities[name])).toEqual(['batchCheck']);
    client.answer = () => announcing(page([]), ALL);
    await transport.list({ pattern: '**' });
    expect(IN_BATCHES.filter((name) => transport.capabilities[name])).toEqual(['batchCheck']);
  });

  it('counts for nothing where there are no batches', async () => {
    const [transport, client] = await connectedTo(ALL);
    client.script(new DustError('not_implemented', 'No route.', { status: 404 }));
    await expect(transport.batchWrite([EXTRAS[1]!])).rejects.toMatchObject({ kind: 'not_implemented' });
    expect(transport.capabilities).toMatchObject({ atomicBatch: false, batchMerge: false });
  });
});
