import { once } from 'node:events';
import { connect as openTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { jsonCodec, messagePackCodec } from '../../../../src/protocol/wire/frame-codec.js';
import type { StoreStorage } from '../../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { TestClock } from '../../../../src/testing/index.js';
import { http } from '../http.js';
import { STORE, TOKEN, start, stopAll } from '../running.js';
import { connect, disconnectAll, socketUrl, statusOf } from './sockets.js';

afterEach(async () => {
  disconnectAll();
  await stopAll();
});

/** A storage whose commits take until the test says so. */
function slowStorage() {
  let begin = (): void => undefined;
  let finish = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const memory = createMemoryStorage();
  const storage: StoreStorage = {
    ...memory,
    commit: async (work) => {
      const result = work();
      begin();
      await finished;
      return result;
    },
  };
  return { storage, begun, finish: () => finish() };
}

describe('the upgrade', () => {
  test.each([
    ['everything in order', {}, 101],
    ['MessagePack', { vsn: '3.0.0' }, 101],
    ['a later capability version', { capver: '4' }, 101],
    ['no token', { token: undefined }, 403],
    ['an unknown token', { token: `${TOKEN}x` }, 403],
    ['no device', { device_id: undefined }, 403],
    ['an empty device', { device_id: '' }, 403],
    ['a device of no sensible length', { device_id: 'x'.repeat(256) }, 403],
    ['no capability version', { capver: undefined }, 403],
    ['an earlier capability version', { capver: '2' }, 403],
    ['a capability version that is no number', { capver: '3x' }, 403],
    ['no serialiser', { vsn: undefined }, 403],
    ['an unknown serialiser', { vsn: '1.0.0' }, 403],
  ])('with %s: %#', async (_, query, status) => {
    const { url } = await start();
    expect(await statusOf(socketUrl(url, query))).toBe(status);
  });

  test('elsewhere there is nothing to upgrade', async () => {
    const { url } = await start();
    const elsewhere = socketUrl(url);
    elsewhere.pathname = '/ws/other';
    expect(await statusOf(elsewhere)).toBe(404);
  });

  test('a request that breaks off, or is no handshake, leaves the server standing', async () => {
    const { url, logged } = await start();
    const { pathname, search, port } = socketUrl(url);
    for (const method of ['GET', 'POST']) {
      const socket = openTcp(Number(port), '127.0.0.1');
      socket.write(
        `${method} ${pathname}${search} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      expect(await text(socket)).toMatch(method === 'GET' ? /^HTTP\/1\.1 400 / : /^HTTP\/1\.1 404 /);
    }
    expect((await http(url, { path: '/healthz' })).status).toBe(200);
    expect(logged).toEqual([]);
  });

  test('a token in the url is never logged', async () => {
    const { url, logged } = await start();
    const client = await connect(url);
    client.socket.send('nonsense');
    await client.closed;
    await statusOf(socketUrl(url, { vsn: 'x' }));
    expect(logged.join()).not.toContain(TOKEN);
  });
});

test('the routes over HTTP name the place of the channel', async () => {
  const { ask, url } = await start();
  const answer = await ask('GET', '/watch');
  expect(answer.status).toBe(426);
  const target = new URL(answer.json.ws_url);
  target.search = socketUrl(url).search;
  expect(await statusOf(target)).toBe(101);
});

test('both serialisers meet in one store, and with HTTP', async () => {
  const { url, ask } = await start();
  const json = await connect(url, { device_id: 'json' });
  const binary = await connect(url, { device_id: 'binary', codec: messagePackCodec });
  await Promise.all([json.join(), binary.join()]);
  const value = { text: 'ü', list: [1, -2.5, null, true], big: 2 ** 53, deep: { er: {} } };
  const heard = json.next((frame) => frame[3] === 'event');
  const reply = await binary.ask('write', { op: 'set', path: 'a', value, client_op_id: 'x' });
  expect(reply).toEqual({ status: 'ok', response: { store_seq: 1 } });
  expect((await heard)[4]).toMatchObject({ store_seq: 1, value, device_id: 'binary', client_op_id: 'x' });
  const overHttp = binary.next((frame) => frame[3] === 'event');
  await ask('PUT', '/entries/b', { body: 'over HTTP' });
  expect((await overHttp)[4]).toMatchObject({ store_seq: 2, path: 'b', value: 'over HTTP' });
});

test('as a 0.1 server, imports and writes over HTTP are told when somebody catches up', async () => {
  const { url, ask } = await start({ imitate: '0.1' });
  const client = await connect(url);
  await client.join();
  await ask('PUT', '/entries/a', { body: 1 });
  await ask('POST', '/import', { raw: '{"path":"b","value":2,"type":"integer"}\n' });
  expect((await client.ask('status')).response.current_seq).toBe(2);
  expect(client.heard.filter((frame) => frame[3] === 'event')).toEqual([]);
  await client.join(0);
  expect(client.heard.filter((frame) => frame[3] === 'event')).toHaveLength(2);
});

test('HTTP and the channel share the limits of a token', async () => {
  const { url, ask } = await start({ rateLimits: { writes: 2 } });
  const client = await connect(url);
  await client.join();
  await ask('PUT', '/entries/a', { body: 1 });
  const write = { op: 'set', path: 'b', value: 1 };
  expect((await client.ask('write', { ...write, client_op_id: '1' })).status).toBe('ok');
  expect((await client.ask('write', { ...write, client_op_id: '2' })).response).toMatchObject({
    reason: 'rate_limited',
  });
  expect((await ask('PUT', '/entries/a', { body: 1 })).status).toBe(429);
  expect((await client.ask('status')).status).toBe('ok');
});

describe('what is no message', () => {
  test.each<[string, string | Buffer]>([
    ['text', 'nonsense'],
    ['another shape', '{"a":1}'],
    ['too few elements', '["1","1","t","e"]'],
    ['an event that is no text', '["1","1","t",5,{}]'],
    ['bytes', Buffer.from([0xff, 0xfe])],
  ])('ends the connection and nothing else: %s', async (_, data) => {
    const { url, logged } = await start();
    const client = await connect(url);
    const other = await connect(url);
    await Promise.all([client.join(), other.join()]);
    client.socket.send(data);
    expect(await client.closed).toBe(1002);
    expect((await other.ask('status')).status).toBe('ok');
    expect(logged).toEqual([]);
  });

  test('ends the connection before what comes behind it is done', async () => {
    const { url, store } = await start();
    const client = await connect(url);
    await client.join();
    client.socket.send('nonsense');
    client.send('write', { op: 'set', path: 'a', value: 1, client_op_id: 'x' });
    expect(await client.closed).toBe(1002);
    expect(store.status().storeSeq).toBe(0);
  });

  test('a text frame where MessagePack was agreed on', async () => {
    const { url } = await start();
    const client = await connect(url, { codec: messagePackCodec });
    client.socket.send('["1","1","phoenix","heartbeat",{}]');
    expect(await client.closed).toBe(1002);
  });

  test.each([
    ['lists in one another, JSON', jsonCodec, '['.repeat(100_000)],
    ['a row of objects, JSON', jsonCodec, `[${'{},'.repeat(1_000_000)}0]`],
    ['lists in one another, MessagePack', messagePackCodec, Buffer.alloc(100_000, 0x91)],
    [
      'a row of maps, MessagePack',
      messagePackCodec,
      Buffer.concat([Buffer.from([0xdd, 0, 0x0f, 0, 0]), Buffer.alloc(0x0f0000, 0x80)]),
    ],
  ])('a frame that holds more than it may: %s', async (_, codec, frame) => {
    const { url, logged } = await start();
    const client = await connect(url, { codec });
    client.socket.send(frame);
    expect(await client.closed).toBe(1009);
    expect((await http(url, { path: '/healthz' })).status).toBe(200);
    expect(logged).toEqual([]);
  });

  test('a frame beyond the bound', async () => {
    const { url } = await start({ bounds: { body: 1024 } });
    const client = await connect(url);
    client.socket.send('x'.repeat(1025));
    expect(await client.closed).toBe(1009);
  });
});

test('a client that does not read is cut off when too much waits for it, and others live on', async () => {
  const { url, store, logged } = await start({ bounds: { channelBuffer: 64 * 1024 } });
  const deaf = await connect(url, { device_id: 'deaf' });
  const attentive = await connect(url);
  await Promise.all([deaf.join(), attentive.join()]);
  deaf.socket.pause();
  const value = 'x'.repeat(100_000);
  for (let i = 0; i < 1000 && logged.length === 0; i++) {
    await store.write({ op: 'set', path: 'a', value });
    await turnOfTheLoop();
  }
  expect(logged).toEqual([expect.stringMatching(/tokens\[0\].*does not read.*cut off/)]);
  deaf.socket.resume();
  expect(await deaf.closed).toBe(1006);
  expect((await attentive.ask('status')).status).toBe('ok');
});

test('a catch-up waits for its reader instead of piling up', async () => {
  const { url, store, logged } = await start({ bounds: { channelBuffer: 64 * 1024 } });
  const value = 'x'.repeat(20_000);
  for (let i = 0; i < 3000; i += 1000) {
    const operations = Array.from(
      { length: 1000 },
      (_, k) => ({ op: 'set', path: `k/${i + k}`, value }) as const,
    );
    await store.writeBatch({ operations });
  }
  const client = await connect(url);
  client.socket.pause();
  const complete = client.next((frame) => frame[3] === 'catch_up_complete');
  client.send('phx_join', { last_store_seq: 0 });
  for (let i = 0; i < 50; i++) await http(url, { path: '/healthz' });
  client.socket.resume();
  expect((await complete)[4]).toEqual({ through_seq: 3000 });
  expect(client.heard.filter((frame) => frame[3] === 'event')).toHaveLength(3000);
  expect(logged).toEqual([]);
});

test('a snapshot longer than the bound reaches a slow reader, and what follows it waits', async () => {
  const { url, store, logged } = await start({ bounds: { channelBuffer: 64 * 1024 } });
  const value = 'x'.repeat(20_000);
  const operations = Array.from({ length: 1000 }, (_, k) => ({ op: 'set', path: `k/${k}`, value }) as const);
  await store.writeBatch({ operations });
  await store.compact({ keep: 0 });
  await store.write({ op: 'set', path: 'after', value: 1 });
  const client = await connect(url);
  client.socket.pause();
  const complete = client.next((frame) => frame[3] === 'catch_up_complete');
  client.send('phx_join', { last_store_seq: 0 });
  for (let i = 0; i < 50; i++) await http(url, { path: '/healthz' });
  client.socket.resume();
  expect((await complete)[4]).toEqual({ through_seq: 1001 });
  expect(logged).toEqual([]);
});

test('a client that falls silent is cut off', async () => {
  const clock = new TestClock();
  const { url } = await start({ clock });
  const client = await connect(url);
  await client.join();
  await clock.advance(59_000);
  expect(await client.ask('heartbeat', {}, 'phoenix')).toEqual({ status: 'ok', response: {} });
  await clock.advance(60_000);
  expect(await client.closed).toBe(1006);
  expect(clock.pending).toBe(0);
});

test('a client that does not answer a farewell is cut off after two seconds', async () => {
  const clock = new TestClock();
  const { url } = await start({ clock });
  const { pathname, search, port } = socketUrl(url);
  const connection = openTcp(Number(port), '127.0.0.1');
  const key = Buffer.alloc(16).toString('base64');
  connection.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await once(connection, 'data');
  // A frame of text that is no message, with a mask of zeros.
  connection.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, ...Buffer.from('no')]));
  const [farewell] = (await once(connection, 'data')) as [Buffer];
  expect([farewell[0], farewell.readUInt16BE(2)]).toEqual([0x88, 1002]);
  let isGone = false;
  const gone = once(connection, 'close').then(() => (isGone = true));
  await clock.advance(1_999);
  await http(url, { path: '/healthz' });
  expect(isGone).toBe(false);
  await clock.advance(1);
  await gone;
  expect(clock.pending).toBe(0);
});

describe('when the server closes', () => {
  test('clients are told that it goes, and no timer or connection stays', async () => {
    const clock = new TestClock();
    const { url, server } = await start({ clock });
    const clients = await Promise.all([connect(url), connect(url, { codec: messagePackCodec })]);
    await clients[0].join();
    await server.close();
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([1001, 1001]);
    expect(clock.pending).toBe(0);
    await expect(http(url, { path: '/healthz' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('writes under way are answered before', async () => {
    const disk = slowStorage();
    const store = new Store({ storage: disk.storage });
    const { url, server } = await start({ stores: { [STORE]: store } });
    const client = await connect(url);
    await client.join();
    const answer = client.ask('write', { op: 'set', path: 'a', value: 1, client_op_id: 'x' });
    await disk.begun;
    const closed = server.close();
    for (let turn = 0; turn < 5; turn++) await turnOfTheLoop();
    disk.finish();
    expect(await answer).toEqual({ status: 'ok', response: { store_seq: 1 } });
    expect(await client.closed).toBe(1001);
    await closed;
    await store.close();
  });

  test('whoever does not answer the farewell is cut off after two seconds', async () => {
    const clock = new TestClock();
    const { url, server } = await start({ clock });
    const client = await connect(url);
    client.socket.pause();
    let isClosed = false;
    const closed = server.close().then(() => {
      isClosed = true;
    });
    await http(url, { path: '/healthz' }).catch(() => undefined);
    await clock.advance(1_999);
    for (let turn = 0; turn < 5; turn++) await turnOfTheLoop();
    expect(isClosed).toBe(false);
    await clock.advance(1);
    await closed;
    client.socket.resume();
    await client.closed;
  });

  test('whoever answers the farewell within two seconds has said goodbye', async () => {
    const clock = new TestClock();
    const { url, server } = await start({ clock });
    const client = await connect(url);
    client.socket.pause();
    const closed = server.close();
    await http(url, { path: '/healthz' }).catch(() => undefined);
    await clock.advance(1_999);
    client.socket.resume();
    await closed;
    expect(await client.closed).toBe(1001);
    expect(clock.pending).toBe(0);
  });

  test('a connection kept alive over HTTP can no longer be upgraded', async () => {
    const { url, server } = await start();
    const { pathname, search, port } = socketUrl(url);
    const socket = openTcp(Number(port), '127.0.0.1');
    // A request whose body has not arrived yet keeps the connection open.
    const head = `PUT /api/stores/${STORE}/entries/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 1\r\n\r\n`);
    await http(url, { path: '/healthz' });
    await http(url, { path: '/healthz' });
    const closing = server.close();
    const answer = text(socket);
    socket.write(
      `1GET ${pathname}${search} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    expect(await answer).not.toMatch(/101 Switching/);
    await closing;
  });
});

test('a connection that is lost leaves what it had sent done (PROTOCOL §5.5)', async () => {
  const { url, store } = await start();
  const client = await connect(url);
  await client.join();
  const committed = new Promise<void>((resolve) => {
    store.watchRecords('a', () => {
      resolve();
    });
  });
  client.send('write', { op: 'set', path: 'a/b', value: 1, client_op_id: 'x' });
  await once(client.socket, 'message');
  client.socket.terminate();
  await committed;
  expect(store.get('a/b')?.value).toBe(1);
});
