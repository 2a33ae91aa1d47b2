import { DustError } from '../../../../src/errors.js';
import { Room, TOKEN, TOPIC } from './clients.js';

test('what a client cannot mean is refused with a reason, and changes nothing', async () => {
  const room = new Room();
  const client = await room.joined();
  const reasonOf = async (payload: object) => (await client.write(payload)).response;
  const set = { op: 'set', path: 'a', value: 1 };
  expect(await reasonOf({ ...set, path_segments: 'a' })).toEqual({ reason: 'invalid_path_segments' });
  expect(await reasonOf({ ...set, path_segments: [1] })).toEqual({ reason: 'invalid_path_segments' });
  expect(await reasonOf({ ...set, path: 7 })).toEqual({ reason: 'missing_path' });
  expect(await reasonOf({ ...set, if_match: '1' })).toEqual({ reason: 'invalid_if_match' });
  expect(await reasonOf({ ...set, if_absent: 1 })).toEqual({ reason: 'invalid_if_absent' });
  expect(await reasonOf({ ...set, fence: { key: 'k', token: '1' } })).toEqual({ reason: 'invalid_fence' });
  expect(await reasonOf({ ...set, fence: 'k' })).toEqual({ reason: 'invalid_fence' });
  expect(await reasonOf({ ...set, op: undefined })).toEqual({ reason: 'invalid op' });
  expect(await reasonOf({ ...set, op: 'put_file' })).toEqual({ reason: 'invalid op' });
  expect(await reasonOf({ op: 'lease', path: 'l', ttl_ms: '5' })).toEqual({ reason: 'invalid_ttl' });
  expect(await reasonOf({ op: 'lease', path: 'l', ttl_ms: 0 })).toEqual({ reason: 'invalid_ttl' });
  expect(await reasonOf({ op: 'lease', path: 'l', holder: 5 })).toEqual({ reason: 'invalid_holder' });
  expect(await reasonOf({ op: 'lease', path: 'l', if_match: 5 })).toEqual({
    reason: 'if_match_unsupported_op',
    op: 'lease',
  });
  expect(await reasonOf({ op: 'release', path: 'l', token: 5, if_absent: true })).toEqual({
    reason: 'if_absent_unsupported_op',
    op: 'release',
  });
  expect(await reasonOf({ op: 'renew', path: 'l' })).toEqual({ reason: 'not_held' });
  expect(await reasonOf({ ...set, client_op_id: '' })).toEqual({ reason: 'invalid_client_op_id' });
  expect(await reasonOf({ ...set, value: { '': 1 } })).toMatchObject({ reason: 'invalid_value' });
  expect(await reasonOf({ ...set, value: '\ud800' })).toMatchObject({ reason: 'invalid_value' });
  expect(room.store.status().storeSeq).toBe(0);
  expect(room.logged).toEqual([]);
});

test('null stands for nothing in optional fields', async () => {
  const room = new Room();
  const client = await room.joined();
  const nothing = { path_segments: null, if_match: null, if_absent: null, fence: null };
  expect(await client.write({ op: 'set', path: 'a', value: 1, ...nothing })).toMatchObject({ status: 'ok' });
  expect(await client.write({ op: 'lease', path: 'l', ttl_ms: null, holder: null })).toMatchObject({
    status: 'ok',
    response: { holder: null, expires_at: room.clock.now() + 30_000 },
  });
});

test('keys that objects have of themselves are data', async () => {
  const room = new Room();
  const client = await room.joined();
  const value = JSON.parse('{"__proto__": {"constructor": 1}}') as object;
  await client.write({ op: 'set', path: 'toString', value });
  expect(room.store.get('toString/__proto__/constructor')?.value).toBe(1);
  expect(JSON.stringify(client.all('event')[0].value)).toBe('{"__proto__":{"constructor":1}}');
});

const WITHOUT_ID: [string, unknown][] = [
  ['write', { op: 'set', path: 'a', value: 1 }],
  ['write', { op: 'set', path: 'a', value: 1, client_op_id: 5 }],
  ['write', null],
  ['write', []],
  ['write', 'text'],
  ['put_file', { path: 'f', content: '', filename: 'f' }],
  ['put_file', { path: 'f', content: '', filename: 'f', client_op_id: {} }],
];

test.each(WITHOUT_ID)(
  '%s without a client_op_id is refused, and the channel goes on (%j)',
  async (event, payload) => {
    const room = new Room();
    const client = await room.joined();
    client.heard.length = 0;
    const { status, response } = await client.ask(event, payload);
    expect([status, response.reason]).toEqual([
      'error',
      expect.stringMatching(/^(missing|invalid)_client_op_id$/),
    ]);
    expect((await client.ask('status')).status).toBe('ok');
    expect((await client.write({ op: 'set', path: 'a', value: 1 })).response).toEqual({ store_seq: 1 });
    expect(client.all('phx_error')).toEqual([]);
  },
);

test.each(WITHOUT_ID)(
  '%s without a client_op_id ends the channel of a 0.1 server (%j)',
  async (event, payload) => {
    const room = new Room({ imitate: '0.1' });
    const client = await room.joined();
    client.heard.length = 0;
    expect(await client.ask(event, payload)).toBeUndefined();
    expect(client.heard).toEqual([['1', '1', TOPIC, 'phx_error', {}]]);
    await room.set('b', 1);
    expect((await client.ask('status')).response.reason).toBe('unmatched topic');
    expect(client.seqs).toEqual([]);
    client.join(0);
    await room.caughtUp();
    expect(client.seqs).toEqual([1]);
  },
);

test('a write made again under its id is applied once, or twice as a 0.1 server', async () => {
  const increment = { op: 'increment', path: 'n', value: 1, client_op_id: 'same' };
  const room = new Room();
  const client = await room.joined();
  expect((await client.write(increment)).response).toEqual({ store_seq: 1 });
  expect((await client.write(increment)).response).toEqual({ store_seq: 1 });
  expect(client.seqs).toEqual([1]);
  const old = await new Room({ imitate: '0.1' }).joined();
  await old.write(increment);
  expect((await old.write(increment)).response).toEqual({ store_seq: 2 });
  expect(old.all('event').map(({ value }) => value)).toEqual([1, 2]);
});

test('everybody hears of every operation in the order of the store, the writer before its answer', async () => {
  const room = new Room();
  const a = await room.joined('a');
  const b = await room.joined('b');
  for (let i = 0; i < 20; i++) {
    (i % 2 === 0 ? a : b).push('write', { op: 'increment', path: 'n', value: 1, client_op_id: `op-${i}` });
  }
  await room.caughtUp();
  for (const client of [a, b]) {
    expect(client.all('event').map(({ value }) => value)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  }
  const mine = a.heard.filter(
    ([, , , event, payload]) => event === 'phx_reply' || (payload as any).device_id === 'a',
  );
  const seqOf = (payload: any) => payload.store_seq ?? payload.response.store_seq;
  for (const [i, [, , , event, payload]] of mine.slice(1).entries()) {
    if (event !== 'phx_reply') continue;
    const echo = mine
      .slice(1)
      .findIndex(([, , , kind, other]) => kind === 'event' && seqOf(other) === seqOf(payload));
    expect(echo).toBeGreaterThanOrEqual(0);
    expect(echo).toBeLessThan(i);
  }
});

test('a fence lets a write pass only while its lease lives; a 0.1 server drops a malformed one', async () => {
  const room = new Room();
  const client = await room.joined();
  const { token } = (await client.write({ op: 'lease', path: 'l', ttl_ms: 1000 })).response;
  const fenced = { op: 'set', path: 'a', value: 1, fence: { key: 'l', token } };
  expect(await client.write(fenced)).toMatchObject({ status: 'ok' });
  expect(await client.ask('put_file', file({ fence: fenced.fence }))).toMatchObject({ status: 'ok' });
  await room.clock.advance(1000);
  expect((await client.write(fenced)).response).toEqual({ reason: 'fenced' });
  expect((await client.ask('put_file', file({ fence: fenced.fence }))).response).toEqual({
    reason: 'fenced',
  });
  const old = await new Room({ imitate: '0.1' }).joined();
  expect(await old.write({ ...fenced, fence: { key: 'l', token: '1' } })).toMatchObject({ status: 'ok' });
});

const file = (fields: object = {}) => ({
  path: 'docs/a',
  content: Buffer.from('text').toString('base64'),
  filename: 'a.txt',
  content_type: 'text/plain',
  client_op_id: `f-${JSON.stringify(fields).length}-${Math.random()}`,
  ...fields,
});

describe('files', () => {
  test('are stored with their name and type', async () => {
    const room = new Room();
    const client = await room.joined();
    const { response } = await client.ask('put_file', file());
    expect(response).toEqual({ store_seq: 1, hash: expect.stringMatching(/^sha256:[\da-f]{64}$/) });
    const stored = await room.store.file(response.hash);
    expect(Buffer.from(stored?.content ?? []).toString()).toBe('text');
    expect(stored).toMatchObject({ contentType: 'text/plain', filename: 'a.txt' });
    expect(room.store.get('docs/a')?.type).toBe('file');
  });

  test.each(['***', 'YQ', 'YQ=', 'YWI==', 'YQ==YQ==', 'Y Q==', '-_==', 5, null, undefined])(
    'the content %j is no base64',
    async (content) => {
      const client = await new Room().joined();
      expect((await client.ask('put_file', file({ content }))).response).toEqual({
        reason: 'invalid_base64',
      });
    },
  );

  test('an empty file is a file', async () => {
    const client = await new Room().joined();
    expect(await client.ask('put_file', file({ content: '' }))).toMatchObject({ status: 'ok' });
  });

  test('a file without a name is called as its path ends', async () => {
    const room = new Room();
    const client = await room.joined();
    for (const [path, name] of [
      ['docs/a~1b', 'a/b'],
      ['docs/a\nb', 'file'],
    ] as const) {
      expect(await client.ask('put_file', file({ path, filename: undefined }))).toMatchObject({
        status: 'ok',
      });
      expect(room.store.get(path)?.value).toMatchObject({ _type: 'file', filename: name });
    }
    const unnamed = await client.ask('put_file', file({ filename: '' }));
    expect(unnamed.response.reason).toBe('put_file_requires_filename');
  });

  test('a file whose name or type no header carries is refused', async () => {
    const client = await new Room().joined();
    const reasonOf = async (labels: object) => (await client.ask('put_file', file(labels))).response.reason;
    expect(await reasonOf({ filename: 'a\r\nb' })).toBe('invalid_filename');
    expect(await reasonOf({ content_type: 'text/plain\r\nx: y' })).toBe('invalid_content_type');
  });
});

describe('rate limits', () => {
  test('count writes of all kinds and connections together, and tell when they end', async () => {
    const room = new Room({ rateLimits: { writes: 3 } });
    const a = await room.joined('a');
    const b = await room.joined('b');
    await a.write({ op: 'set', path: 'a', value: 1 });
    await b.ask('put_file', file());
    await a.ask('rollback', { path: 'a', to_seq: 0 });
    await room.clock.advance(15_000);
    expect(await b.write({ op: 'set', path: 'a', value: 1 })).toEqual({
      status: 'error',
      response: { reason: 'rate_limited', retry_after_ms: 45_000 },
    });
    expect((await a.ask('put_file', file())).response.reason).toBe('rate_limited');
    expect((await a.ask('rollback', { to_seq: 0 })).response.reason).toBe('rate_limited');
    expect(await a.ask('status')).toMatchObject({ status: 'ok' });
    expect(await a.ask('ack_seq', { seq: 1 })).toEqual({ status: 'ok', response: {} });
    await room.clock.advance(45_000);
    expect(await b.write({ op: 'set', path: 'a', value: 1 })).toMatchObject({ status: 'ok' });
  });
});

describe('scopes', () => {
  test('what lacks its scope is refused with its name', async () => {
    const reader = 'a-token-that-only-reads';
    const room = new Room({ tokens: [{ token: TOKEN }, { token: reader, scopes: ['entries:read'] }] });
    const client = await room.joined('r', reader);
    const scopeOf = async (event: string, payload: object) =>
      (await client.ask(event, { client_op_id: 'x', ...payload })).response;
    expect(await scopeOf('write', { op: 'set', path: 'a', value: 1 })).toMatchObject({
      reason: 'missing_scope',
      scope: 'entries:write',
    });
    expect(await scopeOf('put_file', file())).toMatchObject({
      reason: 'missing_scope',
      scope: 'files:write',
    });
    expect(await scopeOf('rollback', { to_seq: 0 })).toMatchObject({ scope: 'entries:write' });
    expect(await client.ask('status')).toMatchObject({
      response: { permissions: { read: true, write: false }, scopes: ['entries:read'] },
    });
  });
});

test('status tells where the store stands', async () => {
  const room = new Room();
  const client = await room.joined();
  for (let i = 0; i < 12; i++) await client.write({ op: 'set', path: `a/${i}`, value: i });
  await client.ask('put_file', file());
  await room.store.compact({ keep: 5 });
  await room.clock.advance(1000);
  await client.write({ op: 'delete', path: 'a/1' });
  const { response } = await client.ask('status');
  expect(response).toMatchObject({
    current_seq: 14,
    entry_count: 12,
    op_count: 6,
    file_storage_bytes: 4,
    latest_snapshot_seq: 13,
    latest_snapshot_at: '2026-01-01T00:00:00.000Z',
    expires_at: null,
  });
  expect(response.recent_ops).toHaveLength(10);
  expect(response.recent_ops.slice(0, 2)).toEqual([
    { store_seq: 14, op: 'delete', path: 'a/1', inserted_at: '2026-01-01T00:00:01.000Z' },
    { store_seq: 13, op: 'put_file', path: 'docs/a', inserted_at: '2026-01-01T00:00:00.000Z' },
  ]);
});

test('a fault of the store is logged, and its answer tells nothing', async () => {
  const room = new Room();
  const client = await room.joined();
  jest.spyOn(room.store, 'write').mockRejectedValue(new Error('a secret of the disk'));
  expect((await client.write({ op: 'set', path: 'a', value: 1 })).response).toEqual({ reason: 'internal' });
  expect(room.logged.join()).toMatch(/"write".*a secret of the disk/s);
});

test('a fault of the storage is told by its kind and detail alone', async () => {
  const room = new Room();
  const client = await room.joined();
  const gone = new DustError('storage', 'The folder /srv/secret was removed.', { detail: 'gone' });
  jest.spyOn(room.store, 'write').mockRejectedValue(gone);
  const { response } = await client.write({ op: 'set', path: 'a', value: 1 });
  expect(response).toEqual({ reason: 'internal', kind: 'storage', detail: 'gone' });
  expect(room.logged.join()).toContain('/srv/secret');
});

test('a store that closes ends the channel', async () => {
  const room = new Room();
  const client = await room.joined();
  await room.store.close();
  expect(await client.write({ op: 'set', path: 'a', value: 1 })).toBeUndefined();
  expect(client.heard.at(-1)).toEqual(['1', '1', TOPIC, 'phx_error', {}]);
  expect(room.logged).toEqual([]);
});

test('a lease over the channel is granted, renewed and given back, each by its token', async () => {
  const room = new Room();
  const client = await room.joined();
  const { response: granted } = await client.write({ op: 'lease', path: 'l', ttl_ms: 60_000, holder: 'me' });
  const expiresAt = room.clock.now() + 60_000;
  expect(granted).toEqual({ store_seq: 1, token: 1, expires_at: expiresAt, holder: 'me' });
  expect(await client.write({ op: 'renew', path: 'l', ttl_ms: 90_000, token: 1 })).toEqual({
    status: 'ok',
    response: { store_seq: 2, token: 1, expires_at: expiresAt + 30_000, holder: 'me' },
  });
  expect(await client.write({ op: 'release', path: 'l', token: 9 })).toEqual({
    status: 'ok',
    response: { released: false },
  });
  expect((await client.write({ op: 'lease', path: 'l' })).response.reason).toBe('held');
  expect(await client.write({ op: 'release', path: 'l', token: 1 })).toEqual({
    status: 'ok',
    response: { store_seq: 3 },
  });
  expect((await client.write({ op: 'lease', path: 'l' })).response.store_seq).toBe(4);
});
