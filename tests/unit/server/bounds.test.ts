import { once } from 'node:events';
import { connect } from 'node:net';
import { resolveBounds } from '../../../src/server/bounds.js';
import { refusalOf } from '../store/open-store.js';
import { http } from './http.js';
import { BASE, TOKEN, start, stopAll } from './running.js';

afterEach(stopAll);

const JSON_TYPE = { 'content-type': 'application/json' };

describe.each([
  ['announced', false],
  ['in chunks', true],
])('a body %s', (_, chunked) => {
  test('may be as long as the bound, and not longer', async () => {
    const { ask, store } = await start({ bounds: { body: 1000 } });
    const fits = JSON.stringify('x'.repeat(998));
    expect((await ask('PUT', '/entries/a', { raw: fits, headers: JSON_TYPE, chunked })).status).toBe(200);
    const refused = await ask('PUT', '/entries/b', { raw: `${fits} `, headers: JSON_TYPE, chunked });
    expect([refused.status, refused.json.error]).toEqual([413, 'too_large']);
    expect(store.status().storeSeq).toBe(1);
  });

  test('far beyond the bound still gets its answer', async () => {
    const { ask } = await start();
    const raw = Buffer.alloc(9 * 1024 * 1024, ' ');
    expect((await ask('PUT', '/entries/b', { raw, headers: JSON_TYPE, chunked })).status).toBe(413);
    expect((await ask('POST', '/import', { raw, chunked })).status).toBe(413);
  });
});

test.each([['PUT'], ['POST'], ['DELETE']])(
  '%s with a body that is not UTF-8 is not understood',
  async (method) => {
    const { ask, store } = await start();
    const raw = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
    const answer = await ask(method, method === 'PUT' ? '/entries/a' : '/entries', {
      raw,
      headers: JSON_TYPE,
    });
    expect([answer.status, answer.text]).toEqual([400, 'Bad Request']);
    expect(store.status().storeSeq).toBe(0);
  },
);

describe.each([['PUT'], ['POST']])('a body of %s', (method) => {
  const path = method === 'PUT' ? '/entries/a' : '/entries';

  test.each([
    [
      'is nested deeper than a value may be',
      `{"path":"a","value":${'['.repeat(519)}${']'.repeat(519)}}`,
      'deeper than 500 levels',
    ],
    [
      'is nested deeper than a request may be',
      `${'['.repeat(521)}${']'.repeat(521)}`,
      'nested deeper than 520',
    ],
    ['is a row of objects', `[${'{},'.repeat(600_000)}0]`, 'more than 500000 lists'],
  ])('that %s is refused with a reason', async (_, raw, reason) => {
    const { ask, store } = await start();
    const answer = await ask(method, path, { raw, headers: JSON_TYPE });
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid_params']);
    expect(answer.json.detail).toContain(reason);
    expect(store.status().storeSeq).toBe(0);
  });
});

test('the leaves of one write are bounded', async () => {
  const { ask, store } = await start();
  const value = Object.fromEntries(Array.from({ length: 100_001 }, (_, i) => [`k${i}`, i]));
  const answer = await ask('PUT', '/entries/a', { body: value });
  expect([answer.status, answer.json.error]).toEqual([400, 'too_many_leaves']);
  const ops = [{ op: 'set', path: 'a', value }];
  const batch = await ask('POST', '/entries/batch_write', { body: { ops } });
  expect([batch.status, batch.json.error, batch.json.op_index]).toEqual([400, 'too_many_leaves', 0]);
  expect(store.status().storeSeq).toBe(0);
});

test('a request target is bounded, with or without a token', async () => {
  const { ask, url } = await start({ bounds: { url: 500 } });
  expect((await ask('GET', `/entries/${'a'.repeat(500 - BASE.length - 9)}`)).status).toBe(404);
  expect((await ask('GET', `/entries/${'a'.repeat(501 - BASE.length - 9)}`)).status).toBe(414);
  expect((await http(url, { path: `/${'a'.repeat(500)}` })).json.error).toBe('uri_too_long');
});

test('headers are bounded', async () => {
  const { url } = await start();
  const answer = await http(url, { path: '/healthz', headers: { 'x-long': 'a'.repeat(40_000) } });
  expect(answer.status).toBe(431);
});

test('a request that does not arrive whole is given up', async () => {
  const { url, logged } = await start({ bounds: { requestTimeout: 50 } });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(
    `PUT ${BASE}/entries/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 10\r\n\r\n"ab',
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 408 /);
  socket.destroy();
  expect(logged).toEqual([]);
});

test.each([
  ['entries/batch_write', { ops: Array.from({ length: 1001 }, () => ({ op: 'delete', path: 'a' })) }],
  ['entries/batch', { paths: Array.from({ length: 1001 }, (_, i) => `a/${i}`) }],
])('%s takes 1000 at a time', async (path, body) => {
  const { ask } = await start();
  const answer = await ask('POST', `/${path}`, { body });
  expect([answer.status, answer.json.error]).toEqual([400, 'invalid_params']);
});

test.each([
  [{ body: 0 }, 'bounds.body'],
  [{ url: 1.5 }, 'bounds.url'],
  [{ requestTimeout: -1 }, 'bounds.requestTimeout'],
])('%j is refused', async (bounds, named) => {
  const error = await refusalOf(() => resolveBounds(bounds));
  expect([error.kind, error.message.includes(named)]).toEqual(['invalid_options', true]);
});
