import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { DustServer } from '../../../src/server/index.js';
import { TestClock } from '../../../src/testing/index.js';
import { http } from './http.js';
import { BASE, STORE, TOKEN, start, stopAll } from './running.js';

const DRAIN = 10_000;

const sockets: WebSocket[] = [];
let clock: TestClock;

beforeEach(() => {
  clock = new TestClock();
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  const stopped = stopAll();
  // Those that were not closed by their test drain now.
  await clock.advance(DRAIN);
  await stopped;
});

function connect(url: string): WebSocket {
  const address = new URL(
    '/ws/sync/websocket?device_id=laptop&capver=3&vsn=2.0.0',
    url.replace('http', 'ws'),
  );
  address.searchParams.set('token', TOKEN);
  const socket = new WebSocket(address);
  sockets.push(socket);
  return socket;
}

/** Sends a message, and resolves to the answer under its ref. */
function ask(socket: WebSocket, ref: string, topic: string, event: string, payload: object): Promise<any> {
  return new Promise((resolve) => {
    socket.on('message', (data: Buffer) => {
      const [, answered, , , reply] = JSON.parse(data.toString()) as unknown[];
      if (answered === ref) resolve(reply);
    });
    socket.send(JSON.stringify(['1', ref, topic, event, payload]));
  });
}

it('says that it is not ready, and still answers, on connections that end behind the answer', async () => {
  const { url, server } = await start({ drain: DRAIN, clock });
  expect((await http(url, { path: '/readyz' })).status).toBe(200);
  const closing = server.close();
  const ready = await http(url, { path: '/readyz' });
  expect(ready.status).toBe(503);
  expect(ready.json).toEqual({
    status: 'error',
    checks: { database: 'ok', pubsub: 'ok' },
    reason: 'draining',
  });
  expect((await http(url, { path: '/healthz' })).status).toBe(200);

  const agent = new Agent({ keepAlive: true });
  try {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${url}${BASE}/entries?pattern=**`, { agent, headers }, resolve).on('error', reject);
    });
    expect([response.statusCode, response.headers.connection]).toEqual([200, 'close']);
    await text(response);
  } finally {
    agent.destroy();
  }

  await clock.advance(DRAIN - 1);
  expect((await http(url, { path: '/readyz' })).status).toBe(503);
  await clock.advance(1);
  await closing;
  await expect(http(url, { path: '/readyz' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(clock.pending).toBe(0);
});

it('keeps the channels that stand until the end, and opens and joins none', async () => {
  const { url, server, store } = await start({ drain: DRAIN, clock });
  const socket = connect(url);
  await once(socket, 'open');
  const topic = `store:${STORE}`;
  expect(await ask(socket, '1', topic, 'phx_join', { last_store_seq: 0 })).toMatchObject({ status: 'ok' });
  const closing = server.close();

  const refused = connect(url);
  refused.on('error', () => undefined);
  const [, answer] = (await once(refused, 'unexpected-response')) as [unknown, IncomingMessage];
  expect(answer.statusCode).toBe(503);
  const write = { op: 'set', path: 'a', value: 1, client_op_id: 'one' };
  expect(await ask(socket, '2', topic, 'write', write)).toMatchObject({ status: 'ok' });
  expect(store.get('a')?.value).toBe(1);
  const again = await ask(socket, '3', topic, 'phx_join', { last_store_seq: 0 });
  expect(again).toMatchObject({ status: 'error', response: { reason: 'join crashed' } });

  const closed = once(socket, 'close');
  await clock.advance(DRAIN);
  expect((await closed)[0]).toBe(1001);
  await closing;
});

it('ends at once without a time for it', async () => {
  const { url, server } = await start({ clock });
  await server.close();
  await expect(http(url, { path: '/readyz' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('refuses a time that is none', () => {
  const options = { stores: {}, tokens: [{ token: TOKEN }], drain: -1 };
  expect(() => new DustServer(options)).toThrow('drain must be milliseconds');
});
