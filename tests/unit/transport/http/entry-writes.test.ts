import { firstValueFrom } from 'rxjs';
import { DustError, MAX_BATCH_OPERATIONS } from '../../../../src/index.js';
import type { BatchOperation } from '../../../../src/index.js';
import { connected, ok, receipt } from './stub-client.js';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;
const batchReceipt = (...seqs: number[]) =>
  ok({
    ops: seqs.map((store_seq) => ({ path: 'x', revision: store_seq, store_seq })),
    store_seq: seqs.at(-1),
  });

describe('set over HTTP', () => {
  it.each<[string, unknown]>([
    ['a', null],
    ['a', ''],
    ['a', [1, { b: 2 }]],
    ['a/*/~0', { b: { c: 1 } }],
    ['a', { _scalar: 1 }],
  ])('is a PUT: %s = %j', async (path, value) => {
    const { transport, client } = await connected();
    client.script(receipt(4));
    expect(await transport.set(path, value as never)).toEqual({ storeSeq: 4 });
    expect(client.calls).toEqual([`PUT /entries/${path}`]);
    expect(client.requests[0]).toMatchObject({
      body: value,
      effect: 'idempotent',
      path,
      headers: { 'X-Request-Id': expect.stringMatching(UUID) },
    });
  });

  it.each<[string, unknown]>([
    ['a/..', 1],
    ['.', 1],
    [`a/${'😀'.repeat(400)}`, 1],
    ['a', {}],
    ['a', { _json: 1, b: 2 }],
  ])('goes by the body where the URL or PUT cannot carry it: %.20s = %j', async (path, value) => {
    const { transport, client } = await connected();
    client.answer = () => receipt(1);
    await transport.set(path, value as never);
    expect(client.calls).toEqual(['POST /entries']);
    expect(client.requests[0]?.body).toEqual({ path, value });
  });

  it('sends its preconditions, as a header or in the body, and must not be repeated', async () => {
    const { transport, client } = await connected();
    client.answer = () => receipt(1);
    await transport.set('a', 1, { ifMatch: 7 });
    await transport.set('a', 1, { ifAbsent: true });
    await transport.set('..', 1, { ifMatch: 7 });
    await transport.set('..', 1, { ifAbsent: true });
    await transport.set('a', 1, { ifAbsent: false });
    const [match, absent, matchInBody, absentInBody, neither] = client.requests;
    expect(match?.headers).toMatchObject({ 'If-Match': '7' });
    expect(absent?.headers).toMatchObject({ 'If-None-Match': '*' });
    expect(matchInBody?.body).toEqual({ path: '..', value: 1, if_match: 7 });
    expect(absentInBody?.body).toEqual({ path: '..', value: 1, if_absent: true });
    expect(Object.keys(neither?.headers ?? {})).toEqual(['X-Request-Id']);
    expect(client.requests.map(({ effect }) => effect)).toEqual([
      'once',
      'once',
      'once',
      'once',
      'idempotent',
    ]);
  });

  it('carries the client id it is given', async () => {
    const { transport, client } = await connected();
    client.answer = () => receipt(1);
    await transport.set('a', 1, { clientOpId: 'my id 1' });
    expect(client.requests[0]?.headers).toEqual({ 'X-Request-Id': 'my id 1' });
    for (const clientOpId of ['', ' a', 'a ', 'é', 'a\nb', 'x'.repeat(256), 7 as never]) {
      await expect(transport.set('a', 1, { clientOpId })).rejects.toMatchObject({
        kind: 'invalid_params',
        detail: 'invalid_client_op_id',
      });
    }
    expect(client.requests).toHaveLength(1);
  });

  it('sends a copy: what changes later is not sent', async () => {
    const { transport, client } = await connected();
    client.answer = () => receipt(1);
    const value = { b: 1 };
    const write = transport.set('a', value);
    value.b = 2;
    await write;
    expect(client.requests[0]?.body).toEqual({ b: 1 });
  });

  it.each<[string, unknown, object, object]>([
    ['', 1, {}, { kind: 'invalid_params', detail: 'empty_path' }],
    ['a//b', 1, {}, { kind: 'invalid_params', detail: 'empty_segment' }],
    ['a', undefined, {}, { kind: 'invalid_value', path: 'a' }],
    ['a', new Date(), {}, { kind: 'invalid_value' }],
    ['a', { b: NaN }, {}, { kind: 'invalid_value', message: expect.stringContaining('at .b') }],
    ['a', { '': 1 }, {}, { kind: 'invalid_value' }],
    ['a', 1, { ifMatch: 0 }, { kind: 'invalid_params', detail: 'invalid_if_match' }],
    ['a', 1, { ifMatch: 1, ifAbsent: true }, { kind: 'invalid_params', detail: 'invalid_precondition' }],
    ['a', {}, { ifMatch: 1 }, { kind: 'invalid_params', detail: 'if_match_multi_leaf' }],
    ['a', { b: 1 }, { ifAbsent: true }, { kind: 'invalid_params', detail: 'if_absent_multi_leaf' }],
    ['a', 1, { fence: { key: 'k', token: 1 } }, { kind: 'not_supported' }],
  ])('refuses %j = %p with %j, and sends nothing', async (path, value, options, error) => {
    const { transport, client } = await connected();
    await expect(transport.set(path, value as never, options)).rejects.toMatchObject(error);
    expect(client.requests).toEqual([]);
  });
});

describe('delete over HTTP', () => {
  it('names the path in the URL, or in the body', async () => {
    const { transport, client } = await connected();
    client.answer = () => receipt(2);
    expect(await transport.delete('a/b')).toEqual({ storeSeq: 2 });
    await transport.delete('a/b', { ifMatch: 3 });
    await transport.delete('a/..');
    await transport.delete('a/..', { ifMatch: 3 });
    expect(client.calls).toEqual([
      'DELETE /entries/a/b',
      'DELETE /entries/a/b',
      'DELETE /entries',
      'DELETE /entries',
    ]);
    const [, guarded, inBody, guardedInBody] = client.requests;
    expect(client.requests[0]).not.toHaveProperty('body');
    expect(guarded).toMatchObject({ effect: 'once', headers: { 'If-Match': '3' } });
    expect(inBody?.body).toEqual({ path: 'a/..' });
    expect(guardedInBody).toMatchObject({ effect: 'once', body: { path: 'a/..', if_match: 3 } });
  });
});

describe('batchWrite over HTTP', () => {
  it('is one request with a receipt for each operation', async () => {
    const { transport, client } = await connected();
    client.script(batchReceipt(4, 5));
    const operations: BatchOperation[] = [
      { op: 'set', path: 'a/..', value: 1, ifMatch: 3 },
      { op: 'delete', path: 'b' },
    ];
    expect(await transport.batchWrite(operations, { clientOpId: 'id' })).toEqual({
      storeSeq: 5,
      operations: [{ storeSeq: 4 }, { storeSeq: 5 }],
    });
    expect(client.calls).toEqual(['POST /entries/batch_write']);
    expect(client.requests[0]).toMatchObject({
      effect: 'once',
      headers: { 'X-Request-Id': 'id' },
      body: {
        ops: [
          { op: 'set', path: 'a/..', value: 1, if_match: 3 },
          { op: 'delete', path: 'b' },
        ],
      },
    });
  });

  it('without preconditions may be repeated', async () => {
    const { transport, client } = await connected();
    client.script(batchReceipt(1));
    await transport.batchWrite([{ op: 'set', path: 'a', value: {} }]);
    expect(client.requests[0]).toMatchObject({ effect: 'idempotent', body: { ops: [{ value: {} }] } });
  });

  it.each<[string, BatchOperation[], object]>([
    ['none', [], { kind: 'invalid_params', detail: 'batch_size' }],
    [
      'too many',
      Array.from({ length: MAX_BATCH_OPERATIONS + 1 }, () => ({ op: 'delete', path: 'a' })),
      { kind: 'invalid_params', detail: 'batch_size' },
    ],
    ['a merge', [{ op: 'merge', path: 'a', value: {} }], { kind: 'not_supported' }],
    ['ifAbsent', [{ op: 'set', path: 'a', value: 1, ifAbsent: true }], { kind: 'not_supported' }],
    [
      'a bad path',
      [
        { op: 'delete', path: 'a' },
        { op: 'delete', path: 'a//b' },
      ],
      { kind: 'invalid_params', detail: 'empty_segment', opIndex: 1, path: 'a//b' },
    ],
    [
      'a bad value',
      [{ op: 'set', path: 'a', value: Infinity }],
      { kind: 'invalid_value', opIndex: 0, message: expect.stringContaining('operation 0') },
    ],
  ])('refuses %s, and sends nothing', async (_, operations, error) => {
    const { transport, client } = await connected();
    await expect(transport.batchWrite(operations)).rejects.toMatchObject(error);
    expect(client.requests).toEqual([]);
  });

  it('takes back the capability for good when there is no such route', async () => {
    const { transport, client } = await connected();
    const batch = () => transport.batchWrite([{ op: 'delete', path: 'a' }]);
    expect(transport.capabilities.atomicBatch).toBe(true);
    client.script(new DustError('http', 'Down.', { status: 500 }));
    await expect(batch()).rejects.toMatchObject({ status: 500 });
    expect(transport.capabilities.atomicBatch).toBe(true);
    client.script(new DustError('not_implemented', 'No route.', { status: 404 }));
    await expect(batch()).rejects.toMatchObject({ kind: 'not_implemented', status: 404 });
    expect(transport.capabilities).toMatchObject({ atomicBatch: false, merge: false });
    await expect(batch()).rejects.toMatchObject({ kind: 'not_implemented' });
    expect(client.requests).toHaveLength(2);
  });
});

it('what HTTP lacks answers not_supported', async () => {
  const { transport, client } = await connected();
  const refused = { kind: 'not_supported' };
  const methods = ['merge', 'increment', 'add', 'remove', 'lease', 'renew', 'release', 'putFile'] as const;
  for (const method of methods) {
    await expect(transport[method]()).rejects.toMatchObject({ ...refused, detail: method });
  }
  await expect(firstValueFrom(transport.watch())).rejects.toMatchObject(refused);
  await expect(firstValueFrom(transport.watchRecords())).rejects.toMatchObject(refused);
  expect(client.requests).toEqual([]);
});
