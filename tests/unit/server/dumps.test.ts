import { openStore } from '../store/open-store.js';
import { exportLeaves, importLeaves } from '../../../src/store/index.js';
import { start, stopAll } from './running.js';

afterEach(stopAll);

/** A store with a leaf of every kind. */
async function fill(store: ReturnType<typeof openStore>): Promise<void> {
  const leafTypes = new Map([['v/float', 'float' as const]]);
  await store.write({
    op: 'set',
    path: 'v',
    value: { float: 1, text: 'x', nil: null, list: [1] },
    leafTypes,
  });
  await store.write({ op: 'increment', path: 'counter', value: 5 });
  await store.write({ op: 'add', path: 'set', value: 'a' });
  await store.write({ op: 'add', path: 'set', value: 'b' });
  await store.putFile({ path: 'file', content: new Uint8Array([1]), filename: 'one.bin' });
  await store.lease({ path: 'lease', ttl: 1000, holder: 'me' });
  await store.write({ op: 'set', path: 'decimal', value: { _typed: '1.50', _type: 'decimal' } });
  await store.write({ op: 'set', path: 'both', value: 'leaf' });
  await store.write({ op: 'set', path: 'both-2', value: 'between' });
  await store.write({ op: 'set', path: 'both/child', value: 'child' });
  await store.write({ op: 'set', path: '😀/__proto__/a~1b', value: true });
}

test('an export imported elsewhere gives the same leaves, types included', async () => {
  const source = await start();
  await fill(source.store);
  const dump = await source.ask('GET', '/export');
  expect(dump.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
  const lines = dump.text.trimEnd().split('\n');
  expect(JSON.parse(lines[0]!)).toEqual({
    _header: true,
    path_schema_version: 3,
    store: 'acme/demo',
    store_seq: 11,
  });
  expect(lines).toContain('{"path":"counter","value":5,"type":"counter"}');
  const target = await start();
  const answer = await target.ask('POST', '/import', { raw: dump.text });
  expect([answer.status, answer.json]).toEqual([
    200,
    { imported: lines.length - 1, store_seq: lines.length - 1 },
  ]);
  expect([...exportLeaves(target.store)]).toEqual([...exportLeaves(source.store)]);
  await target.store.write({ op: 'increment', path: 'counter', value: 1 });
  await target.store.write({ op: 'add', path: 'set', value: 'c' });
  expect([target.store.get('counter')?.value, target.store.get('set')?.value]).toEqual([6, ['c', 'b', 'a']]);
});

test('thousands of leaves go through page by page, and land in batches', async () => {
  const source = openStore();
  for (let batch = 0; batch < 5; batch++) {
    const operations = Array.from({ length: 500 }, (_, i) => {
      return { op: 'set', path: `k/${batch}-${i}`, value: i } as const;
    });
    await source.writeBatch({ operations });
  }
  const { ask, store } = await start();
  await importLeaves(store, exportLeaves(source));
  const dump = await ask('GET', '/export');
  expect(dump.text.split('\n')).toHaveLength(2502);
  const target = await start();
  expect((await target.ask('POST', '/import', { raw: dump.text })).json).toEqual({
    imported: 2500,
    store_seq: 2500,
  });
  expect([...exportLeaves(target.store)]).toEqual([...exportLeaves(source)]);
});

test.each([
  ['not JSON', '{nope', 'is not JSON'],
  ['no object', '[1]', 'is not a JSON object'],
  ['no path', '{"value":1,"type":"integer"}', 'no "path"'],
  ['a bad path', '{"path":"a//b","value":1,"type":"integer"}', 'empty_segment'],
  ['no value', '{"path":"a","type":"integer"}', 'no "value"'],
  ['no type', '{"path":"a","value":1}', 'no "type"'],
  ['an unknown type', '{"path":"a","value":1,"type":"toString"}', 'no "type"'],
  ['a type that does not fit', '{"path":"a","value":1,"type":"string"}', 'not of type string'],
  ['a map', '{"path":"a","value":{"x":1},"type":"map"}', 'not of type map'],
  ['a later header', '{"_header":true,"path_schema_version":3}', 'a header comes first'],
  ['another version', '{"_header":true,"path_schema_version":2}', 'path_schema_version 2'],
  ['an infinite number', '{"path":"a","value":1e999,"type":"float"}', 'Infinity'],
])('%s: the line is named and nothing is written', async (_, line, fault) => {
  const { ask, store } = await start();
  const raw = `{"path":"first","value":1,"type":"integer"}\n\n${line}\n`;
  const answer = await ask('POST', '/import', { raw });
  expect([answer.status, answer.json.error]).toEqual([400, 'invalid_params']);
  expect(answer.json.detail).toContain('Line 3 of the dump');
  expect(answer.json.detail).toContain(fault);
  expect(store.status().storeSeq).toBe(0);
});

test('a path too long for a store is refused before anything is written', async () => {
  const { ask, store } = await start();
  const lines = ['a', 'x'.repeat(4000)].map((path) => JSON.stringify({ path, value: 1, type: 'integer' }));
  expect((await ask('POST', '/import', { raw: lines.join('\n') })).status).toBe(400);
  expect(store.status().storeSeq).toBe(0);
});

test('an empty import changes nothing, and lines may be in any order', async () => {
  const { ask, store } = await start();
  expect((await ask('POST', '/import', { raw: '' })).json).toEqual({ imported: 0, store_seq: 0 });
  const raw = ['a/b', 'a', 'a-b']
    .map((path) => JSON.stringify({ path, value: path, type: 'string' }))
    .join('\r\n');
  await ask('POST', '/import', { raw });
  expect(store.listKeys({ pattern: '**' }).items).toEqual(['a', 'a-b', 'a/b']);
});

test('an import is announced to watchers like any write', async () => {
  const { ask, store } = await start();
  const raw = '{"path":"a/x","value":1,"type":"counter"}';
  const seen: unknown[] = [];
  store.watchRecords('a', (commits) =>
    seen.push(commits.map(({ operations }) => operations.map(({ leafTypes }) => leafTypes?.get('a/x')))),
  );
  await ask('POST', '/import', { raw });
  expect(seen).toEqual([[['counter']]]);
});

test('an export that breaks off does not look whole', async () => {
  const { ask, store, logged } = await start();
  await fill(store);
  jest.spyOn(store, 'list').mockImplementation(() => {
    throw new TypeError('the disk is on fire');
  });
  await expect(ask('GET', '/export')).rejects.toThrow();
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('the disk is on fire');
});

test('the log is read page by page and says from where it is kept', async () => {
  const { ask, store } = await start();
  for (let i = 0; i < 5; i++) {
    await ask('PUT', `/entries/k${i}`, { body: i, headers: { 'x-request-id': `id-${i}` } });
  }
  await store.compact({ keep: 3 });
  const first = (await ask('GET', '/log?limit=2')).json;
  expect(first).toEqual({
    items: [2, 3].map((i) => ({
      store_seq: i + 1,
      op: 'set',
      path: `k${i}`,
      value: i,
      device_id: expect.stringMatching(/^http:/),
      client_op_id: `id-${i}`,
    })),
    next_cursor: 4,
    first_seq: 3,
  });
  const rest = (await ask('GET', '/log?after=4')).json;
  expect([rest.items.map((each: any) => each.store_seq), rest.next_cursor]).toEqual([[5], null]);
  expect((await ask('GET', '/log?after=9')).json.items).toEqual([]);
  expect((await ask('GET', '/log?after=-1')).status).toBe(400);
  expect((await ask('GET', '/log?limit=1001')).status).toBe(400);
});
