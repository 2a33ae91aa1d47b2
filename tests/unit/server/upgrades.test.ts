import { connect as openTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { BASE, TOKEN, start, stopAll } from './running.js';
import { disconnectAll, socketUrl, statusOf } from './channel/sockets.js';

afterEach(async () => {
  disconnectAll();
  await stopAll();
});

/** What `curl --http2` asks for on every request over plain HTTP. */
const H2C =
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n';
const AUTH = `Host: x\r\nAuthorization: Bearer ${TOKEN}\r\n`;
const JSON_TYPE = 'Content-Type: application/json\r\n';
const LAST = `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

/** Sends pieces over one connection, each when the one before has been sent, and gives what came until it ended. */
async function exchange(url: string, ...pieces: readonly string[]): Promise<string> {
  const socket = openTcp(Number(new URL(url).port), '127.0.0.1');
  const answer = text(socket);
  for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
  return answer;
}

/** The first answers of a connection, which ends with that to a body on the Node that reads it before it tells us. */
const upToBody = <T>(answers: T[], withBody = 1): T[] =>
  Number(process.versions.node.split('.')[0]) < 26 ? answers : answers.slice(0, withBody);

const statuses = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

describe('an upgrade that is not ours is ignored', () => {
  test('and the request answered as any other, and those behind it', async () => {
    const { url, store, logged } = await start();
    await store.write({ op: 'set', path: 'a', value: 'there' });
    const answer = await exchange(url, `GET ${BASE}/entries/a HTTP/1.1\r\n${AUTH}${H2C}\r\n`, LAST);
    expect(statuses(answer)).toEqual([200, 200]);
    expect(answer).toContain('"value":"there"');
    expect(logged).toEqual([]);
  });

  test('with a body, of whatever length it was announced', async () => {
    const { url, store } = await start();
    const put = (path: string): string => `PUT ${BASE}/entries/${path} HTTP/1.1\r\n${AUTH}${JSON_TYPE}${H2C}`;
    for (const pieces of [
      [`${put('a')}Content-Length: 7\r\n\r\n`, '"', `whole"${LAST}`],
      [`${put('b')}Transfer-Encoding: chunked\r\n\r\n3\r\n"in\r\n`, `9\r\n pieces"\n\r\n0\r\n\r\n${LAST}`],
      [`${put('c')}Content-Length: 1048578\r\n\r\n"${'x'.repeat(1_048_576)}"${LAST}`],
    ]) {
      expect(statuses(await exchange(url, ...pieces))).toEqual(upToBody([200, 200]));
    }
    expect([store.get('a')?.value, store.get('b')?.value]).toEqual(['whole', 'in pieces']);
    expect(store.get('c')?.value).toHaveLength(1_048_576);
  });

  test('a body that waits to be asked for is asked for', async () => {
    const { url, store } = await start();
    const head = `PUT ${BASE}/entries/a HTTP/1.1\r\n${AUTH}${JSON_TYPE}${H2C}Expect: 100-continue\r\nContent-Length: 1\r\n\r\n`;
    expect(statuses(await exchange(url, head, `1${LAST}`))).toEqual(upToBody([100, 200, 200], 2));
    expect(store.get('a')?.value).toBe(1);
  });

  test('in line: answers come in the order of the requests, however many ask', async () => {
    const { url, store } = await start();
    const warned: unknown[] = [];
    const warn = (warning: unknown): void => void warned.push(warning);
    process.on('warning', warn);
    const requests = Array.from({ length: 60 }, (_, i) => {
      const body = String(i);
      return (
        `PUT ${BASE}/entries/k${i} HTTP/1.1\r\n${AUTH}${JSON_TYPE}${i % 3 === 0 ? '' : H2C}` +
        `Content-Length: ${body.length}\r\n\r\n${body}`
      );
    });
    const answer = await exchange(url, requests.join('') + LAST);
    process.off('warning', warn);
    expect(statuses(answer)).toEqual(
      upToBody(
        Array.from({ length: 61 }, () => 200),
        2,
      ),
    );
    const revisions = [...answer.matchAll(/"revision":(\d+)/g)].map(([, revision]) => Number(revision));
    expect(revisions).toEqual(
      upToBody(
        Array.from({ length: 60 }, (_, i) => i + 1),
        2,
      ),
    );
    expect(store.status().storeSeq).toBe(revisions.length);
    expect(warned).toEqual([]);
  });

  test.each([
    ['another protocol', 'Upgrade: TLS/1.0'],
    ['a list of them', 'Upgrade: h2c, foo/2'],
    ['nothing', 'Upgrade:'],
  ])('whatever it names: %s', async (_, upgrade) => {
    const { url } = await start();
    const request = `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n${upgrade}\r\n\r\n`;
    expect(statuses(await exchange(url, request, LAST))).toEqual([200, 200]);
  });

  test('a WebSocket anywhere but at the place of the channel', async () => {
    const { url } = await start();
    const elsewhere = socketUrl(url);
    elsewhere.pathname = '/ws/other';
    expect(await statusOf(elsewhere)).toBe(404);
    elsewhere.pathname = `${BASE}/watch`;
    expect(await statusOf(elsewhere)).toBe(401);
  });

  test('at the place of the channel, too', async () => {
    const { url } = await start();
    const { pathname, search } = socketUrl(url);
    const answer = await exchange(url, `GET ${pathname}${search} HTTP/1.1\r\n${AUTH}${H2C}\r\n`, LAST);
    expect(statuses(answer)).toEqual([404, 200]);
  });

  test('headers beyond what Node counts are not lost on the way', async () => {
    const { url, store } = await start();
    const many = Array.from({ length: 2100 }, () => 'a: b\r\n').join('');
    const head = `PUT ${BASE}/entries/a HTTP/1.1\r\n${many}${AUTH}${JSON_TYPE}${H2C}Content-Length: 1\r\n\r\n`;
    expect(statuses(await exchange(url, head, `1${LAST}`))).toEqual(upToBody([200, 200]));
    expect(store.get('a')?.value).toBe(1);
  });

  test('what breaks off meanwhile leaves the server standing', async () => {
    const { url, logged } = await start();
    const socket = openTcp(Number(new URL(url).port), '127.0.0.1');
    const head = `PUT ${BASE}/entries/a HTTP/1.1\r\n${AUTH}${JSON_TYPE}${H2C}Content-Length: 5\r\n\r\n1`;
    await new Promise((resolve) => socket.write(head + head, resolve));
    socket.resetAndDestroy();
    expect(statuses(await exchange(url, LAST))).toEqual([200]);
    expect(logged).toEqual([]);
  });
});

test('a server that closes lets an ignored upgrade finish, and does not wait for the connection', async () => {
  const { url, server } = await start();
  const socket = openTcp(Number(new URL(url).port), '127.0.0.1');
  const answer = text(socket);
  socket.write(`GET /healthz HTTP/1.1\r\nHost: x\r\n${H2C}\r\n`);
  await new Promise((resolve) => socket.once('readable', resolve));
  await server.close();
  expect(statuses(await answer)).toEqual([200]);
});
