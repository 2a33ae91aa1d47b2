import { once } from 'node:events';
import { Server } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { DustServer } from '../../../src/server/index.js';
import { TestClock } from '../../../src/testing/index.js';
import { refusalOf } from '../store/open-store.js';
import { http } from './http.js';
import { BASE, STORE, TOKEN, start, stopAll } from './running.js';

const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await stopAll();
});

async function openConnection(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** A request on `socket` whose body lacks its last character. */
function sendAllButTheEnd(socket: Socket): void {
  socket.write(
    `PUT ${BASE}/entries/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 6\r\n\r\n"text',
  );
}

/** Resolves when the server has the request in hand. */
async function underWay(url: string, ask: () => void): Promise<void> {
  ask();
  // Another connection's answer: what was sent before it has been read.
  await http(url, { path: '/healthz' });
  await http(url, { path: '/healthz' });
}

test('idle connections are closed at once, even where nothing was ever asked', async () => {
  const { url, server } = await start();
  const silent = await openConnection(url);
  const kept = await openConnection(url);
  kept.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(kept, 'data');
  const closed = Promise.all([once(silent, 'close'), once(kept, 'close')]);
  await server.close();
  await closed;
  await expect(http(url, { path: '/healthz' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('the timer by which HTTP looks for late requests ends, too', async () => {
  const { server } = await start();
  const close = jest.spyOn(Server.prototype, 'close');
  await server.close();
  expect(close).toHaveBeenCalledTimes(1);
  close.mockRestore();
});

test('a request under way is answered, and its connection closed behind it', async () => {
  const { url, server, store } = await start();
  const socket = await openConnection(url);
  await underWay(url, () => {
    sendAllButTheEnd(socket);
  });
  const closed = server.close();
  const answer = text(socket);
  socket.write('"');
  expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*"store_seq":1}$/);
  await closed;
  expect(store.get('a')?.value).toBe('text');
});

test('an answer that its client reads slowly is read to its end', async () => {
  const { url, server, store } = await start();
  const value = 'y'.repeat(6_000_000);
  for (const path of ['big/a', 'big/b', 'big/c']) await store.write({ op: 'set', path, value });
  const socket = await openConnection(url);
  socket.write(`GET ${BASE}/entries/big HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
  await once(socket, 'readable');
  let closed = false;
  const closing = server.close().then(() => {
    closed = true;
  });
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(closed).toBe(false);
  await expect(http(url, { path: '/healthz' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect((await text(socket)).length).toBeGreaterThan(3 * value.length);
  await closing;
});

test('a request that never ends is cut off after ten seconds', async () => {
  const clock = new TestClock();
  const { url, server, store } = await start({ clock });
  const socket = await openConnection(url);
  socket.on('error', () => undefined);
  await underWay(url, () => {
    sendAllButTheEnd(socket);
  });
  let closed = false;
  const closing = server.close().then(() => {
    closed = true;
  });
  await clock.advance(9_999);
  expect(closed).toBe(false);
  await clock.advance(1);
  await closing;
  expect(store.exists('a')).toBe(false);
  expect(clock.pending).toBe(0);
});

test('closing twice waits along, and closing what never listened is nothing', async () => {
  const { server, store } = await start();
  expect(server.close()).toBe(server.close());
  await server.close();
  const idle = new DustServer({ stores: { [STORE]: store }, tokens: [{ token: TOKEN }] });
  await idle.close();
  expect((await refusalOf(idle.listen({ port: 0 }))).kind).toBe('invalid_options');
});

test('a server listens once, and says so when the port is taken', async () => {
  const { server, store, url } = await start();
  expect((await refusalOf(server.listen({ port: 0 }))).message).toMatch(/once/);
  const port = Number(new URL(url).port);
  const other = new DustServer({ stores: { [STORE]: store }, tokens: [{ token: TOKEN }] });
  const error = await refusalOf(other.listen({ port }));
  expect(error).toMatchObject({ kind: 'network', detail: 'EADDRINUSE', retryable: false });
  expect(error.message).toContain(`127.0.0.1, port ${port}`);
  await other.close();
});
