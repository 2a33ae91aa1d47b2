import { http } from './http.js';
import { BASE, STORE, TOKEN, start, stopAll } from './running.js';
import { bearerOf, Tokens, newToken } from '../../../src/server/access/tokens.js';
import { refusalOf } from '../store/open-store.js';

afterEach(stopAll);

const READER = 'reads-and-nothing-else';
const WRITER = 'writes-and-nothing-else';
const ELSEWHERE = 'is-for-another-store';

const TOKENS = [
  { token: TOKEN },
  { token: READER, scopes: ['entries:read'] },
  { token: WRITER, scopes: ['entries:write'] },
  { token: ELSEWHERE, stores: ['acme/elsewhere'] },
] as const;

test.each([
  ['no token', {}, 401],
  ['an unknown one', { token: 'nobody-gave-this-out' }, 401],
  ['another scheme', { headers: { authorization: `Basic ${TOKEN}` } }, 401],
  ['a token with something behind it', { headers: { authorization: `Bearer ${TOKEN} ${TOKEN}` } }, 401],
  ['a token cut short', { token: TOKEN.slice(0, -1) }, 401],
  ['the scheme in another case', { headers: { authorization: `bEARER ${TOKEN}` } }, 200],
  ['the right token', { token: TOKEN }, 200],
])('%s', async (_, request, status) => {
  const { url } = await start({ tokens: TOKENS });
  const answer = await http(url, { path: `${BASE}/entries`, ...request });
  expect(answer.status).toBe(status);
  if (status === 401) expect(answer.json).toEqual({ error: 'unauthorized' });
});

const ROUTES: readonly (readonly [string, string, string, object?])[] = [
  ['GET', '/entries/a', READER],
  ['GET', '/entries', READER],
  ['POST', '/entries/batch', READER],
  ['GET', '/export', READER],
  ['GET', '/log', READER],
  ['GET', '/subscribe', READER],
  ['GET', '/watch', READER],
  ['PUT', '/entries/a', WRITER],
  ['DELETE', '/entries/a', WRITER],
  ['POST', '/entries', WRITER, { path: 'b', value: 1 }],
  ['DELETE', '/entries', WRITER],
  ['POST', '/entries/batch_write', WRITER, { ops: [{ op: 'set', path: 'b', value: 1 }] }],
  ['POST', '/import', WRITER],
];

test.each<readonly [string, string, string, object | undefined]>(
  ROUTES.map(([method, path, fitting, body]) => [method, path, fitting, body]),
)('%s %s needs a token, its scope, and access to the store', async (method, path, fitting, body) => {
  const running = await start({ tokens: TOKENS });
  const { store } = running;
  const ask = (verb: string, target: string, { token }: { token: string }) =>
    running.ask(verb, target, { token, ...(body === undefined ? {} : { body }) });
  const other = fitting === READER ? WRITER : READER;
  expect((await ask(method, path, { token: 'nobody-gave-this-out' })).status).toBe(401);
  expect((await ask(method, path, { token: other })).json).toEqual({ error: 'forbidden' });
  expect((await ask(method, path, { token: ELSEWHERE })).json).toEqual({ error: 'forbidden' });
  expect([401, 403]).not.toContain((await ask(method, path, { token: fitting })).status);
  const unknown = `/api/stores/acme/nothing${path}`;
  expect((await ask(method, unknown, { token: other })).status).toBe(403);
  expect((await ask(method, unknown, { token: fitting })).json).toEqual({ error: 'not_found' });
  expect(store.exists('a') && fitting === READER).toBe(false);
});

test.each([
  ['/entries', { path: 'a' }],
  ['/entries/batch_write', { ops: [] }],
])('POST %s looks at its parameters before the scopes, and writes nothing', async (path, body) => {
  const { ask, store } = await start({ tokens: TOKENS });
  for (const token of [READER, ELSEWHERE, WRITER]) {
    const answer = await ask('POST', path, { token, body });
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid_params']);
  }
  expect((await ask('POST', path, { token: 'nobody-gave-this-out', body })).status).toBe(401);
  expect(store.status().storeSeq).toBe(0);
});

test('a refused write reads nothing and writes nothing', async () => {
  const { ask, store } = await start({ tokens: TOKENS });
  expect((await ask('PUT', '/entries/a', { token: READER, body: 1 })).status).toBe(403);
  expect((await ask('PUT', '/entries/a', { token: 'nobody-gave-this-out', raw: '{bad' })).status).toBe(401);
  expect(store.status().storeSeq).toBe(0);
});

test('writes tell who made them, without the secret and the same each time', async () => {
  const { ask, store } = await start({ tokens: TOKENS });
  await ask('PUT', '/entries/a', { body: 1 });
  await ask('PUT', '/entries/b', { body: 1 });
  await ask('PUT', '/entries/c', { body: 1, token: WRITER });
  const [first, second, other] = store.log().operations.map(({ deviceId }) => deviceId);
  expect(first).toMatch(/^http:[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});

test('health needs no token', async () => {
  const { url } = await start();
  expect((await http(url, { path: '/healthz' })).json).toMatchObject({ status: 'ok' });
  expect((await http(url, { path: '/readyz' })).status).toBe(200);
});

describe('tokens', () => {
  test('finds each by its secret alone', () => {
    const tokens = new Tokens([{ token: TOKEN, name: 'one' }, { token: READER }]);
    expect(tokens.find(TOKEN)?.name).toBe('one');
    expect(tokens.find(READER)?.name).toBe('tokens[1]');
    expect(tokens.find('')).toBeUndefined();
    expect(bearerOf(undefined)).toBeUndefined();
    expect(tokens.find(bearerOf(`Bearer ${TOKEN}`) ?? '')?.opens(STORE)).toBe(true);
  });

  test('new ones are long, random and fit a header', () => {
    expect(newToken()).toMatch(/^dust_tok_[\w-]{43}$/);
    expect(newToken()).not.toBe(newToken());
  });

  test.each([
    ['none', []],
    ['a short one', [{ token: 'short-secret' }]],
    ['a space', [{ token: 'a secret with spaces in it' }]],
    ['one twice', [{ token: TOKEN }, { token: TOKEN }]],
    ['an unknown scope', [{ token: TOKEN, scopes: ['everything'] }]],
    ['a malformed store', [{ token: TOKEN, stores: ['acme'] }]],
  ])('%s is refused without showing a secret', async (_, tokens: any) => {
    const error = await refusalOf(() => new Tokens(tokens));
    expect(error.kind).toBe('invalid_options');
    for (const { token } of tokens) expect(error.message).not.toContain(token);
  });
});
