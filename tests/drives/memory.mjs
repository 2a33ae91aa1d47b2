// What a client can take of a server's memory: `npm run drive -- memory`, or `-- memory --readers 8 --silent 0 --frames 24`
// for a shorter one. A server with a heap of 512 MB has to answer after each trial, all but one of them by a token that may
// only read.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { numbers } from './parts/options.mjs';
import { READ_TOKEN, STORE, TOKEN, ask, serveWithin } from './parts/served.mjs';

const options = numbers({
  heap: 512,
  frames: 176,
  readers: 40,
  silent: 1000,
  leaves: 100_000,
  keys: 650_000,
});
const MEBIBYTE = 1024 * 1024;
const BASE = `/api/stores/${STORE}`;
const TOPIC = `store:${STORE}`;

let broken = false;
const server = await serveWithin(options.heap);
try {
  await trial('a store of 30 MB with a snapshot', fill);
  await trial(`${options.frames} messages of 4 MB behind a catch-up that is not read`, flood);
  await trial(`${options.readers} floods at once`, floods);
  await trial(`${options.readers} clients that do not read a snapshot`, deafReaders);
  await trial(`${options.readers} clients that do not read an answer of 30 MB`, deafRequests);
  for (const [name, bytes] of nests()) {
    await trial(`a frame of 8 MiB: ${name}`, () => sendFrame(bytes));
    if (typeof bytes === 'string') await trial(`a body of 8 MiB: ${name}`, () => sendBody(bytes));
  }
  await trial(`${options.readers} bodies of 8 MiB that do not come whole`, halfBodies);
  await trial(`${options.readers} messages of 8 MiB that do not come whole`, halfMessages);
  await trial(`a value of ${options.keys} keys`, manyKeys);
  if (options.silent > 0) await trial(`${options.silent} connections that send nothing`, silentConnections);
} finally {
  await server.stop();
}
process.exit(broken ? 1 : 0);

/** Does its worst, then asks whether the server is still there for others. */
async function trial(name, work) {
  if (server.ended() !== undefined) return;
  const began = Date.now();
  let most = server.rss() ?? 0;
  const looking = setInterval(() => (most = Math.max(most, server.rss() ?? 0)), 50);
  const outcome = await Promise.race([work(), ended()]);
  const health = await answerWithin(30_000, '/healthz');
  const read = await answerWithin(30_000, `${BASE}/entries/k/0`);
  clearInterval(looking);
  const isWell = health === 200 && read === 200 && server.ended() === undefined;
  broken ||= !isWell;
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(
    `${isWell ? 'ok  ' : 'FAIL'} ${name}: ${outcome ?? 'done'}; ${seconds} s, at most ${most} MB, now ${server.rss()} MB`,
  );
  if (isWell) return;
  console.log(`     /healthz ${health}, a read ${read}, ended: ${server.ended()}\n${server.said()}`);
}

/** A busy server asks to come again. */
async function answerWithin(ms, path) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await Promise.race([ask(server.url, 'GET', path), wait(5000, { status: 'none' })]);
    if (typeof answer.status === 'number' && answer.status !== 503) return answer.status;
    if (Date.now() > end || server.ended() !== undefined) return answer.status;
    await wait(250);
  }
}

async function ended() {
  while (server.ended() === undefined) await wait(200, undefined, { ref: false });
  return 'the server has gone';
}

/** More operations than a log keeps, so that whoever joins needs the snapshot. */
async function fill() {
  const value = 'x'.repeat(Math.ceil((30 * MEBIBYTE) / options.leaves));
  const count = Math.max(options.leaves, 100_001);
  for (let start = 0; start < count; start += 1000) {
    const ops = times(1000, (i) => ({ op: 'set', path: `k/${(start + i) % options.leaves}`, value }));
    const body = JSON.stringify({ ops });
    const { status, text } = await ask(server.url, 'POST', `${BASE}/entries/batch_write`, {
      token: TOKEN,
      body,
    });
    if (status !== 200) throw new Error(`not filled: ${status} ${text.slice(0, 300)}`);
  }
}

async function flood(frames = options.frames) {
  const socket = await openSocket();
  socket.pause();
  join(socket);
  const filler = 'x'.repeat(4 * MEBIBYTE - 200);
  for (let i = 0; i < frames && socket.readyState === WebSocket.OPEN; i++) {
    socket.send(JSON.stringify(['1', String(i + 2), TOPIC, 'status', { filler }]));
    for (let turn = 0; socket.bufferedAmount > 8 * MEBIBYTE && turn < 5; turn++) await wait(10);
  }
  await wait(500);
  const left = Math.round(socket.bufferedAmount / MEBIBYTE);
  socket.terminate();
  return `${left} MB were not taken`;
}

async function floods() {
  await Promise.all(times(options.readers, () => flood(8)));
}

async function deafReaders() {
  const sockets = await Promise.all(times(options.readers, () => openSocket()));
  for (const socket of sockets) {
    socket.pause();
    join(socket);
  }
  await wait(3000);
  for (const socket of sockets) socket.terminate();
}

async function deafRequests() {
  const { hostname, port } = new URL(server.url);
  const sockets = times(options.readers, () => {
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    socket.pause();
    socket.write(`GET ${BASE}/entries/k HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${READ_TOKEN}\r\n\r\n`);
    return socket;
  });
  const health = await answerWithin(60_000, '/healthz');
  const { status } = await ask(server.url, 'GET', `${BASE}/entries/k`);
  for (const socket of sockets) socket.destroy();
  return `meanwhile /healthz answered ${health}, and one more read of it ${status}`;
}

function nests() {
  const eight = 8 * MEBIBYTE - 100;
  const row = (member) => Buffer.concat([Buffer.from([0xdd, 0, 0x7f, 0, 0]), Buffer.alloc(0x7f0000, member)]);
  return [
    ['lists in one another, JSON', `${'['.repeat(eight / 2)}${']'.repeat(eight / 2)}`],
    ['objects in one another, JSON', `${'{"a":'.repeat(eight / 6)}1${'}'.repeat(eight / 6)}`],
    ['a row of lists, JSON', `[${'[],'.repeat(eight / 3)}0]`],
    ['a row of objects, JSON', `[${'{},'.repeat(eight / 3)}0]`],
    ['a row of fractions, JSON', `[${'1.0,'.repeat(eight / 4)}0]`],
    ['lists in one another, MessagePack', Buffer.concat([Buffer.alloc(eight, 0x91), Buffer.from([0xc0])])],
    [
      'maps in one another, MessagePack',
      Buffer.concat([Buffer.alloc(eight, Buffer.from([0x81, 0xa0])), Buffer.from([0xc0])]),
    ],
    ['a row of lists, MessagePack', row(0x90)],
    ['a row of maps, MessagePack', row(0x80)],
  ];
}

async function sendFrame(data) {
  const socket = await openSocket(typeof data === 'string' ? '2.0.0' : '3.0.0');
  const closed = once(socket, 'close');
  socket.send(data);
  const [code] = await closed;
  return `closed with ${code}`;
}

/** Where a token that may only read has a body read: `POST /entries/batch`. */
async function sendBody(body) {
  const { status } = await ask(server.url, 'POST', `${BASE}/entries/batch`, { body });
  return `answered ${status}`;
}

async function halfBodies() {
  const { hostname, port } = new URL(server.url);
  const sockets = times(options.readers, () => {
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    socket.resume();
    socket.write(
      `POST ${BASE}/entries/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${READ_TOKEN}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${8 * MEBIBYTE}\r\n\r\n`,
    );
    socket.write(Buffer.alloc(8 * MEBIBYTE - 1, ' '));
    return socket;
  });
  await wait(3000);
  for (const socket of sockets) socket.destroy();
}

async function halfMessages() {
  const sockets = await Promise.all(times(options.readers, () => openSocket()));
  for (const socket of sockets) socket.send('x'.repeat(8 * MEBIBYTE - 1), { fin: false });
  await wait(3000);
  for (const socket of sockets) socket.terminate();
}

async function manyKeys() {
  const body = `{${times(options.keys, (i) => `"k${i}":1`).join(',')}}`;
  const { status, text } = await ask(server.url, 'PUT', `${BASE}/entries/many`, { token: TOKEN, body });
  if (status === 200) broken = true;
  return `answered ${status} ${text.slice(0, 60)}`;
}

/** They stay until the server cuts them. */
async function silentConnections() {
  const { hostname, port } = new URL(server.url);
  const sockets = times(options.silent, () => connect(Number(port), hostname).on('error', () => undefined));
  await Promise.all(sockets.map((socket) => Promise.race([once(socket, 'connect'), wait(5000)])));
  const health = await ask(server.url, 'GET', '/healthz');
  const gone = Promise.all(sockets.map((socket) => socket.closed || once(socket.resume(), 'close')));
  const cut = await Promise.race([gone.then(() => 'all were cut'), wait(45_000, undefined)]);
  for (const socket of sockets) socket.destroy();
  if (cut === undefined || health.status !== 200) broken = true;
  return `${cut ?? 'not all were cut'}, meanwhile /healthz answered ${health.status}`;
}

async function openSocket(vsn = '2.0.0') {
  const url = new URL('/ws/sync/websocket', server.url.replace('http', 'ws'));
  const query = { token: READ_TOKEN, device_id: 'drive', capver: '3', vsn };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on('error', () => undefined);
  await once(socket, 'open');
  return socket;
}

function join(socket) {
  socket.send(JSON.stringify(['1', '1', TOPIC, 'phx_join', { last_store_seq: 0 }]));
}

function times(count, make) {
  return Array.from({ length: count }, (_, i) => make(i));
}
