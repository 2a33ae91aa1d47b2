import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLoopback } from '../../../src/server/loopback.js';
import type { RunningServer, ServeOptions } from '../../../src/server/index.js';
import { openStore, serve } from '../../../src/server/index.js';
import { refusalOf } from '../store/open-store.js';
import { http } from './http.js';

const TOKEN = 'the-token-of-these-tests';
let folder: string;
const running: RunningServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dust-orm-serve-'));
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
  rmSync(folder, { recursive: true });
});

async function begin(options: ServeOptions): Promise<RunningServer> {
  const server = await serve({ port: 0, ...options });
  running.push(server);
  return server;
}

test('needs nothing to be told: a store in memory, a token made up, on loopback', async () => {
  const { url, stores, token } = await begin({});
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(stores).toEqual(['local/default']);
  const path = '/api/stores/local/default/entries/a';
  expect((await http(url, { path, method: 'PUT', body: 1, token })).status).toBe(200);
  expect((await http(url, { path, token })).json.value).toBe(1);
});

test('keeps each store in a folder of its own, for the next start', async () => {
  const options = { data: folder, stores: ['acme/a', 'acme/b'], tokens: [{ token: TOKEN }] };
  const first = await begin(options);
  const put = (url: string, store: string): Promise<unknown> =>
    http(url, { method: 'PUT', path: `/api/stores/${store}/entries/x`, body: store, token: TOKEN });
  await put(first.url, 'acme/a');
  await put(first.url, 'acme/b');
  expect(existsSync(join(folder, 'acme', 'a'))).toBe(true);
  await first.close();
  const second = await begin(options);
  const answer = await http(second.url, { path: '/api/stores/acme/b/entries/x', token: second.token });
  expect(answer.json.value).toBe('acme/b');
});

test.each(['0.0.0.0', '::', '192.0.2.1', 'example.test'])('%s without a token is refused', async (host) => {
  const error = await refusalOf(serve({ host, port: 0, data: folder }));
  expect(error.kind).toBe('invalid_options');
  expect(error.message).toMatch(/token/);
  expect(existsSync(join(folder, 'local'))).toBe(false);
});

test('other machines are welcome with tokens', async () => {
  const { url } = await begin({ host: '0.0.0.0', tokens: [{ token: TOKEN }] });
  expect((await http(url, { path: '/healthz' })).status).toBe(200);
});

test('a port that is taken leaves no store open', async () => {
  const first = await begin({});
  const port = Number(new URL(first.url).port);
  const error = await refusalOf(serve({ port, data: folder }));
  expect(error.detail).toBe('EADDRINUSE');
  await (await openStore({ path: join(folder, 'local', 'default') })).close();
});

test('a folder that cannot be opened leaves no other open', async () => {
  writeFileSync(join(folder, 'bad'), '');
  const error = await refusalOf(serve({ port: 0, data: folder, stores: ['acme/good', 'bad/store'] }));
  expect(error.kind).toBe('storage');
  await (await openStore({ path: join(folder, 'acme', 'good') })).close();
});

test('options that make no sense leave no store open', async () => {
  const options = { port: 0, data: folder, stores: ['acme/a'] };
  expect((await refusalOf(serve({ ...options, tokens: [] }))).kind).toBe('invalid_options');
  expect((await refusalOf(serve({ ...options, rateLimits: { reads: 0 } }))).kind).toBe('invalid_options');
  await (await openStore({ path: join(folder, 'acme', 'a') })).close();
});

test.each([[['acme']], [['../x/y']], [['a/..']], [['.hidden/x']], [['a/b', 'a/b']], [[]]])(
  'stores %j are refused',
  async (stores) => {
    expect((await refusalOf(serve({ port: 0, stores }))).kind).toBe('invalid_options');
  },
);

test.each([
  [{ stores: [] }, /^stores: a server needs at least one store/],
  [{ tokens: [] }, /^tokens: a server needs at least one/],
  [{ host: '10' }, /^host "10" can be reached from other machines/],
])('%j is refused by its name', async (options, message) => {
  const { kind, message: said } = await refusalOf(serve({ port: 0, ...options }));
  expect([kind, said]).toEqual(['invalid_options', expect.stringMatching(message)]);
});

test('a folder serves one process at a time', async () => {
  await begin({ data: folder });
  const error = await refusalOf(serve({ port: 0, data: folder }));
  expect([error.kind, error.detail]).toEqual(['storage', 'locked']);
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['localhost', true],
  ['LOCALHOST', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['127.0.0.1.example.test', false],
  ['localhost.example.test', false],
  ['', false],
])('loopback: %j is %j', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
