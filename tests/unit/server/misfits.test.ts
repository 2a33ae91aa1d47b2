import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { openStore } from '../../../src/server/index.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';
import { BASE, STORE, TOKEN, start, stopAll } from './running.js';

const folder = useDataFolder();

afterEach(stopAll);

/** What a server says to a request that is written as it stands. */
async function say(url: string, ...lines: string[]): Promise<string> {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  let said = '';
  socket.on('data', (chunk) => (said += chunk.toString()));
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await once(socket, 'close');
  return said;
}

test('HTTP/1.0 needs no Host, and HTTP/1.1 does', async () => {
  const { url } = await start();
  expect(await say(url, 'GET /healthz HTTP/1.0')).toMatch(/^HTTP\/1\.1 200 .*"status":"ok"/s);
  const listing = [`GET ${BASE}/entries HTTP/1.0`, `Authorization: Bearer ${TOKEN}`];
  expect(await say(url, ...listing)).toMatch(/^HTTP\/1\.1 200 .*"items":\[\]/s);
  expect(await say(url, 'GET /healthz HTTP/1.1', 'Connection: close')).toMatch(/^HTTP\/1\.1 400 /);
});

describe.each([
  ['PUT', '/entries/a', '1'],
  ['POST', '/entries', '{"path":"a","value":1}'],
  ['POST', '/entries/batch_write', '{"ops":[{"op":"set","path":"a","value":1}]}'],
  ['POST', '/import', '{"path":"a","value":1,"type":"integer"}'],
])('%s %s', (method, path, raw) => {
  const type = path === '/import' ? 'application/x-ndjson' : 'application/json';
  const latin: Record<string, string> = { 'content-type': `${type}; charset=iso-8859-1` };
  const packed = { 'content-type': type, 'content-encoding': 'gzip' };

  test.each([
    ['compressed', packed, gzipSync(raw)],
    ['in an encoding of no name', { ...packed, 'content-encoding': 'identity, br' }, raw],
    ['in another character set', latin, raw],
  ])('a body that is %s is refused with a reason, and not guessed at', async (_, headers, body) => {
    const { ask, store } = await start();
    const answer = await ask(method, path, { raw: body, headers });
    expect([answer.status, answer.json.error]).toEqual([415, 'unsupported_media_type']);
    expect(answer.json.detail).toMatch(/identity|UTF-8/);
    expect(store.status().storeSeq).toBe(0);
  });

  test.each(['utf-8', 'UTF-8', '"utf-8"', 'utf8'])('a body said to be %s is read', async (charset) => {
    const { ask, store } = await start();
    const headers = { 'content-type': `${type}; charset=${charset}`, 'content-encoding': 'identity' };
    expect((await ask(method, path, { raw, headers })).status).toBe(200);
    expect(store.get('a')?.value).toBe(1);
  });
});

test('a store whose folder is gone is answered 503 with its reason, and the folder is not named', async () => {
  const store = await openStore({ path: folder.path });
  const { ask, logged } = await start({ stores: { [STORE]: store } });
  expect((await ask('PUT', '/entries/a', { body: 1 })).status).toBe(200);
  rmSync(folder.path, { recursive: true });
  const batch = { ops: [{ op: 'set', path: 'a', value: 2 }] };
  for (const [method, path, body] of [
    ['PUT', '/entries/a', 2],
    ['POST', '/entries', { path: 'a', value: 2 }],
    ['POST', '/entries/batch_write', batch],
    ['DELETE', '/entries/a', undefined],
  ] as const) {
    const { status, json, text } = await ask(method, path, { body });
    expect([status, json]).toEqual([503, { error: 'storage', detail: 'gone' }]);
    expect(text).not.toContain(folder.path);
  }
  expect(logged.join()).toContain(folder.path);
  await store.close().catch(() => undefined);
});

test('a store that was closed is answered 503', async () => {
  const { ask, store } = await start();
  await store.close();
  const { status, json } = await ask('GET', '/entries/a');
  expect([status, json]).toEqual([503, { error: 'closed' }]);
});
