import { once } from 'node:events';
import { connect as openTcp } from 'node:net';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { TestClock } from '../../../../src/testing/index.js';
import { http } from '../http.js';
import { TOKEN, start, stopAll } from '../running.js';
import { Room } from './clients.js';
import { connect, disconnectAll } from './sockets.js';

afterEach(async () => {
  disconnectAll();
  await stopAll();
});

const MEBIBYTE = 1024 * 1024;

describe('the messages of one connection that wait', () => {
  test('have room up to the bound together, or for one that is longer', async () => {
    const room = new Room({ bounds: { channelMessages: 1000 } });
    const client = await room.joined();
    const { session } = client;
    client.holdsMessages = true;
    expect([session.hasRoomFor(1000), session.hasRoomFor(1_000_000)]).toEqual([true, true]);
    session.receive(['1', 'x', 'store:acme/demo', 'status', {}], 400);
    expect([session.hasRoomFor(600), session.hasRoomFor(601)]).toEqual([true, false]);
    client.takeUp();
    await turnOfTheLoop();
    expect(session.hasRoomFor(1_000_000)).toBe(true);
  });

  test('are a thousand at the most before no more is taken', async () => {
    const room = new Room();
    const client = await room.joined();
    client.holdsMessages = true;
    for (let i = 0; i < 999; i++) client.push('status');
    expect(client.session.hasRoomFor(1)).toBe(true);
    client.push('status');
    expect(client.session.hasRoomFor(1)).toBe(false);
  });

  test('are never a long one while a catch-up is to end first', async () => {
    const room = new Room({ bounds: { channelMessages: 1000 } });
    const client = room.client();
    client.join();
    expect([client.session.hasRoomFor(1000), client.session.hasRoomFor(1001)]).toEqual([true, false]);
    await room.caughtUp();
    expect(client.session.hasRoomFor(1001)).toBe(true);
  });

  test('are bounded in bytes where nobody holds them back, in all channels together', async () => {
    const room = new Room({ bounds: { body: 1000 } });
    const client = await room.joined();
    client.holdsMessages = true;
    const send = (bytes: number): void => {
      client.session.receive(['1', 'x', 'store:acme/demo', 'status', {}], bytes);
    };
    for (let i = 0; i < 4; i++) send(1000);
    expect(client.ended).toBe(false);
    send(1);
    expect(client.ended).toBe(true);
  });

  test('leave nothing behind when they are dropped: a join again, a leave', async () => {
    const room = new Room({ bounds: { channelMessages: 1000 } });
    const client = await room.joined();
    client.holdsMessages = true;
    client.session.receive(['1', 'x', 'store:acme/demo', 'status', {}], 900);
    expect(client.session.hasRoomFor(200)).toBe(false);
    client.join();
    expect(client.session.hasRoomFor(200)).toBe(true);
    await room.caughtUp();
    client.push('phx_leave');
    client.session.receive(['1', 'x', 'store:acme/demo', 'status', {}], 900);
    client.takeUp();
    expect(client.session.hasRoomFor(200)).toBe(true);
  });

  test('do not add up over the life of a session', async () => {
    const room = new Room();
    const client = await room.joined();
    for (let i = 0; i < 11_000; i++) {
      client.push('ack_seq');
      if (i % 500 === 0) await turnOfTheLoop();
    }
    expect(client.ended).toBe(false);
  });
});

test('a client that sends megabytes behind a catch-up that it does not read is not taken in, and loses nothing', async () => {
  const { url, store, logged } = await start({ bounds: { channelBuffer: 64 * 1024 } });
  for (let i = 0; i < 100; i++) await store.write({ op: 'set', path: `k/${i}`, value: 'x'.repeat(50_000) });
  const client = await connect(url);
  client.socket.pause();
  client.send('phx_join', { last_store_seq: 0 });
  for (let i = 0; i < 10; i++) client.send('status', { filler: 'x'.repeat(2 * MEBIBYTE) });
  for (let i = 0; i < 20; i++) await http(url, { path: '/healthz' });
  expect(client.socket.bufferedAmount).toBeGreaterThan(10 * MEBIBYTE);
  const last = client.next((frame) => frame[1] === '11');
  client.socket.resume();
  await last;
  expect(client.heard.filter(([, , , event]) => event === 'phx_reply')).toHaveLength(11);
  expect(logged).toEqual([]);
});

test('forty clients that begin long messages and do not go on do not fill the memory', async () => {
  const { url, logged } = await start({ bounds: { received: 2 * MEBIBYTE } });
  const clients = await Promise.all(Array.from({ length: 40 }, () => connect(url)));
  for (const { socket } of clients) socket.send('x'.repeat(100_000), { fin: false });
  const codes = Promise.all(clients.slice(0, 1).map(({ closed }) => closed));
  await Promise.race([codes, ...clients.map(({ closed }) => closed)]);
  for (let i = 0; i < 20; i++) await http(url, { path: '/healthz' });
  expect(logged.length).toBeGreaterThanOrEqual(19);
  expect(logged[0]).toMatch(/more than the server has room for/);
});

describe('a client that', () => {
  test('never joins is cut off, however faithfully it sends heartbeats', async () => {
    const clock = new TestClock();
    const { url } = await start({ clock });
    const client = await connect(url);
    await client.ask('heartbeat', {}, 'phoenix');
    await clock.advance(59_999);
    await client.ask('heartbeat', {}, 'phoenix');
    await clock.advance(1);
    expect(await client.closed).toBe(1008);
    await clock.advance(2_000);
    expect(clock.pending).toBe(0);
  });

  test('takes nothing of a snapshot is cut off after a time', async () => {
    const clock = new TestClock();
    const { url, store, logged } = await start({ clock });
    for (let i = 0; i < 20; i++) {
      await store.write({ op: 'set', path: `k/${i}`, value: 'x'.repeat(MEBIBYTE) });
    }
    await store.compact({ keep: 0 });
    const client = await connect(url);
    client.socket.pause();
    client.send('phx_join', { last_store_seq: 0 });
    for (let i = 0; i < 20; i++) await http(url, { path: '/healthz' });
    await clock.advance(30_000);
    expect(logged).toEqual([expect.stringMatching(/does not read.*cut off/)]);
    client.socket.resume();
    expect(await client.closed).toBe(1006);
    expect(clock.pending).toBe(0);
  });
});

test('many clients are sent one snapshot, which is encoded once', async () => {
  const { url, store } = await start();
  await store.write({ op: 'set', path: 'k', value: { a: 1, b: { _type: 'file' } } });
  await store.compact({ keep: 0 });
  const leaves = jest.spyOn(store, 'snapshotLeaves');
  const clients = await Promise.all(Array.from({ length: 5 }, () => connect(url)));
  await Promise.all(clients.map((client) => client.join()));
  expect(leaves.mock.calls.length).toBeLessThan(5);
  const snapshots = clients.map(({ heard }) => heard.find(([, , , event]) => event === 'snapshot')?.[4]);
  expect(new Set(snapshots.map((snapshot) => JSON.stringify(snapshot))).size).toBe(1);
  expect(snapshots[0]).toMatchObject({ snapshot_seq: 1, entries: { 'k/a': { value: { _scalar: 1 } } } });
});

describe('connections over HTTP', () => {
  test('that send nothing are cut', async () => {
    const { url } = await start({ bounds: { readTimeout: 50, requestTimeout: 60_000 } });
    const socket = openTcp(Number(new URL(url).port), '127.0.0.1');
    socket.resume();
    await once(socket, 'close');
  });

  test('are so many at once', async () => {
    const { url } = await start({ bounds: { connections: 2 } });
    const port = Number(new URL(url).port);
    const held = [openTcp(port, '127.0.0.1'), openTcp(port, '127.0.0.1')];
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    await expect(http(url, { path: '/healthz' })).rejects.toThrow();
    for (const socket of held) socket.destroy();
    let status = 0;
    while (status !== 200) {
      status = await http(url, { path: '/healthz' }).then(
        (answer) => answer.status,
        () => 0,
      );
    }
  });

  test('whose bodies together are longer than the server has room for are asked to come again', async () => {
    const { ask, url, store } = await start({ bounds: { received: 250_000 } });
    const held = openTcp(Number(new URL(url).port), '127.0.0.1');
    held.write(
      `PUT /api/stores/acme/demo/entries/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n"ab',
    );
    await http(url, { path: '/healthz' });
    await http(url, { path: '/healthz' });
    const long = await ask('PUT', '/entries/b', { body: 'x'.repeat(100_000) });
    expect([long.status, long.json.error, long.headers['retry-after']]).toEqual([503, 'busy', '1']);
    expect((await ask('PUT', '/entries/b', { body: 'x'.repeat(50_000) })).status).toBe(200);
    held.destroy();
    let status = 0;
    while (status !== 200) status = (await ask('PUT', '/entries/c', { body: 'x'.repeat(100_000) })).status;
    expect(store.status().storeSeq).toBe(2);
  });

  test('whose answers nobody reads leave no room for others that ask for something', async () => {
    const { ask, url, store } = await start({ bounds: { unread: 4 * MEBIBYTE } });
    await store.write({ op: 'set', path: 'a', value: 'x'.repeat(16 * MEBIBYTE) });
    const deaf = openTcp(Number(new URL(url).port), '127.0.0.1');
    deaf.pause();
    deaf.write(
      `GET /api/stores/acme/demo/entries/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
    );
    let status = 200;
    while (status === 200) status = (await ask('GET', '/entries/b?limit=1')).status === 503 ? 503 : 200;
    expect((await http(url, { path: '/healthz' })).status).toBe(200);
    deaf.destroy();
    while (status === 503) status = (await ask('GET', '/entries/b')).status;
    expect(status).toBe(404);
  });
});
