import { Pattern } from '../../../src/protocol/paths/pattern.js';
import { start, stopAll } from './running.js';

afterEach(stopAll);

test('HEAD answers as GET does, without a body', async () => {
  const { ask } = await start();
  await ask('PUT', '/entries/a/b', { body: 'text' });
  for (const path of ['/entries/a/b', '/entries/a', '/entries/none']) {
    const get = await ask('GET', path);
    const head = await ask('HEAD', path);
    expect([head.status, head.headers.etag, head.headers['content-type'], head.text]).toEqual([
      get.status,
      get.headers.etag,
      get.headers['content-type'],
      '',
    ]);
  }
});

test.each([
  ['if-match', '0'],
  ['if-match', '"1"'],
  ['if-match', '1.0'],
  ['if-match', '99999999999999999999'],
  ['if-match', ''],
  ['if-none-match', '"1"'],
])('%s: %s is refused', async (name, value) => {
  const { ask, store } = await start();
  await ask('PUT', '/entries/a', { body: 1 });
  const answer = await ask('PUT', '/entries/a', { body: 2, headers: { [name]: value } });
  expect([answer.status, answer.json.error, store.get('a')?.value]).toEqual([400, 'invalid_params', 1]);
});

test('If-None-Match: * writes where nothing is', async () => {
  const { ask } = await start();
  const headers = { 'if-none-match': '*' };
  expect((await ask('PUT', '/entries/a', { body: 1, headers })).status).toBe(200);
  const second = await ask('PUT', '/entries/a', { body: 2, headers });
  expect([second.status, second.json]).toEqual([412, { error: 'exists', current_revision: 1 }]);
  const both = await ask('PUT', '/entries/a', { body: 2, headers: { ...headers, 'if-match': '1' } });
  expect([both.status, both.json.error]).toEqual([400, 'invalid_params']);
  const map = await ask('PUT', '/entries/m', { body: { x: 1 }, headers });
  expect([map.status, map.json.error]).toEqual([400, 'if_absent_multi_leaf']);
});

test('X-Request-Id names the operation, and a write made again under it is not applied again', async () => {
  const { ask, store } = await start();
  const headers = { 'x-request-id': 'request-1' };
  const first = await ask('PUT', '/entries/a', { body: 1, headers });
  expect((await ask('PUT', '/entries/a', { body: 1, headers })).json).toEqual(first.json);
  await ask('PUT', '/entries/b', { body: 1 });
  await ask('POST', '/entries/batch_write', {
    body: { ops: [{ op: 'delete', path: 'a' }] },
    headers: { 'x-request-id': 'request-2' },
  });
  const ids = store.log().operations.map(({ clientOpId }) => clientOpId);
  expect(ids).toEqual(['request-1', expect.stringMatching(/^[\da-f-]{36}$/), 'request-2:0']);
});

test('writes over HTTP reach watchers', async () => {
  const { ask, store } = await start();
  const seen: string[] = [];
  store.watch(Pattern.parse('**'), ({ operations }) => seen.push(...operations.map(({ path }) => path)));
  await ask('PUT', '/entries/a', { body: 1 });
  await ask('POST', '/entries/batch_write', { body: { ops: [{ op: 'set', path: 'b', value: 1 }] } });
  expect(seen).toEqual(['a', 'b']);
});

test('{"_json": v} stores v, and only when it is all there is', async () => {
  const { ask, store } = await start();
  await ask('PUT', '/entries/a', { body: { _json: [1] } });
  await ask('PUT', '/entries/b', { body: { _json: { x: 1 } } });
  await ask('PUT', '/entries/c', { body: { _json: 1, other: 2 } });
  expect(store.listKeys({ pattern: '**' }).items).toEqual(['a', 'b/x', 'c/_json', 'c/other']);
});

test.each([
  ['a number no JavaScript holds', '1e400'],
  ['half a surrogate pair', String.raw`"\ud800"`],
  ['more levels than a store takes', `${'['.repeat(600)}${']'.repeat(600)}`],
])('%s is refused', async (_, raw) => {
  const { ask, store, logged } = await start();
  const answer = await ask('PUT', '/entries/a', { raw, headers: { 'content-type': 'application/json' } });
  expect([answer.status, answer.json.error, store.status().storeSeq]).toEqual([400, 'invalid_params', 0]);
  expect(logged).toEqual([]);
});

test.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.api+json'])(
  'a body of %s is JSON',
  async (type) => {
    const { ask } = await start();
    const answer = await ask('PUT', '/entries/a', { raw: '1', headers: { 'content-type': type } });
    expect(answer.status).toBe(200);
  },
);

test('a path that is leaf and parent: its map is read, descendants win', async () => {
  const { ask } = await start();
  await ask('PUT', '/entries/a/b', { body: 'leaf' });
  await ask('PUT', '/entries/a/b/c', { body: 'child' });
  expect((await ask('GET', '/entries/a')).json.value).toEqual({ b: { c: 'child' } });
  expect((await ask('GET', '/entries/a/b')).json.value).toBe('leaf');
});

test('decimals and moments read back bare, also inside a map; other envelopes as they are', async () => {
  const { ask } = await start();
  const decimal = { _typed: '1.50', _type: 'decimal' };
  const custom = { _typed: 1, _type: 'custom' };
  await ask('PUT', '/entries/a', { body: { decimal, custom, list: [decimal] } });
  expect((await ask('GET', '/entries/a')).json.value).toEqual({ decimal: '1.50', custom, list: [decimal] });
  const batch = await ask('POST', '/entries/batch', { body: { paths: ['a/decimal'] } });
  expect(batch.json.entries['a/decimal'].value).toBe('1.50');
});

test('a batch says which operation was refused', async () => {
  const { ask, store } = await start();
  await ask('PUT', '/entries/a', { body: 1 });
  const ops = [
    { op: 'set', path: 'b', value: 1 },
    { op: 'delete', path: 'a', if_match: 7 },
  ];
  const conflict = await ask('POST', '/entries/batch_write', { body: { ops } });
  expect([conflict.status, conflict.json]).toEqual([
    412,
    { error: 'conflict', op_index: 1, path: 'a', current_revision: 1 },
  ]);
  expect(store.exists('b')).toBe(false);
});

test.each([
  ['?limit=50&limit=', 200],
  ['?limit=', 400],
  ['?limit=1e2', 400],
  ['?after=%ff', 400],
  ['?pattern=%zz', 400],
  ['?select=', 400],
  ['?from=a', 400],
  ['?from=a&to=b', 200],
  ['?from=&to=b', 400],
  ['?from=a/&to=b', 400],
  ['?from=a&to=b~', 400],
  ['?pattern=**&to=b', 400],
  [`?after=${'x'.repeat(4000)}`, 400],
])('GET /entries%s answers %i', async (query, status) => {
  const { ask, logged } = await start();
  expect((await ask('GET', `/entries${query}`)).status).toBe(status);
  expect(logged).toEqual([]);
});

test('pages hold 50 entries unless asked otherwise, and lead on to the next', async () => {
  const { ask } = await start();
  const ops = Array.from({ length: 60 }, (_, i) => ({ op: 'set', path: `k/${100 + i}`, value: i }));
  await ask('POST', '/entries/batch_write', { body: { ops } });
  const first = (await ask('GET', '/entries')).json;
  expect([first.items.length, first.next_cursor]).toEqual([50, 'k/149']);
  const rest = (await ask('GET', `/entries?after=${first.next_cursor}`)).json;
  expect([rest.items.length, rest.next_cursor]).toEqual([10, null]);
});

test('what was not foreseen is answered 500, logged once without secrets, and the server goes on', async () => {
  const { ask, store, logged } = await start();
  jest.spyOn(store, 'get').mockImplementationOnce(() => {
    throw new TypeError('the disk is on fire');
  });
  const answer = await ask('GET', '/entries/a?secret=query');
  expect([answer.status, answer.json]).toEqual([500, { errors: { detail: 'Internal Server Error' } }]);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('the disk is on fire');
  expect(logged[0]).not.toContain('secret');
  expect((await ask('GET', '/entries/a')).status).toBe(404);
});
