import { openStore } from '../../../src/server/index.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { STORE, TOKEN, start, stopAll } from './running.js';

afterEach(stopAll);

const ELSEWHERE = 'is-for-another-store';

test('a blob is served with its type to whom a store of it is open, and to nobody else', async () => {
  const store = await openStore();
  const other = await openStore();
  const { ask } = await start({
    stores: { 'acme/other': other, [STORE]: store },
    tokens: [
      { token: TOKEN },
      { token: ELSEWHERE, stores: ['acme/other'] },
      { token: 'may-read-no-files', scopes: ['entries:read'] },
    ],
  });
  const content = Buffer.from('hello world');
  const { hash } = await store.putFile({
    path: 'f',
    content,
    filename: 'hello.txt',
    contentType: 'text/plain',
  });
  const path = `/api/files/${hash}`;
  const answer = await ask('GET', path);
  expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([
    200,
    'hello world',
    'text/plain; charset=utf-8',
  ]);
  expect((await ask('GET', path, { token: 'nobody-gave-this-out' })).status).toBe(401);
  for (const token of [ELSEWHERE, 'may-read-no-files']) {
    const refused = await ask('GET', path, { token });
    expect([refused.status, refused.json]).toEqual([403, { error: 'forbidden' }]);
  }
  expect((await ask('GET', '/api/files/sha256:0000')).status).toBe(403);
});

test('a type that names its charset is left alone, and bytes are bytes', async () => {
  const { ask, store } = await start();
  const contentType = 'text/html; charset=iso-8859-1';
  const { hash } = await store.putFile({
    path: 'f',
    content: Buffer.from([0xe9]),
    filename: 'f',
    contentType,
  });
  const answer = await ask('GET', `/api/files/${hash}`);
  expect([answer.headers['content-type'], answer.headers['content-length']]).toEqual([contentType, '1']);
  expect(answer.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': 'sandbox',
  });
});

test.each([
  ['hello.txt', 'inline; filename="hello.txt"'],
  ['a "b" \\ c', 'inline; filename="a \\"b\\" \\\\ c"'],
  ['übung (1).txt', "inline; filename*=UTF-8''%C3%BCbung%20%281%29.txt"],
])('the name %j is told as %j', async (filename, expected) => {
  const { ask, store } = await start();
  const { hash } = await store.putFile({ path: 'f', content: Buffer.from('x'), filename });
  expect((await ask('GET', `/api/files/${hash}`)).headers['content-disposition']).toBe(expected);
});

describe('what an older store holds is told as near as a header can', () => {
  const told = async (blob: { contentType?: string; filename?: string }) => {
    const storage = createMemoryStorage();
    await storage.commit(() => {
      storage.blobs.put('sha256:0', {
        content: Buffer.from('x'),
        contentType: 'text/plain',
        filename: 'f',
        ...blob,
      });
    });
    const store = new Store({ storage });
    const { ask, logged } = await start({ stores: { [STORE]: store } });
    const { status, text, headers } = await ask('GET', '/api/files/sha256:0');
    expect([status, text, logged]).toEqual([200, 'x', []]);
    return headers;
  };

  test.each([
    'text/plain\r\nx-evil: 1',
    'text/\0',
    'text/ü',
    '文/本',
    '',
    'text',
    `text/${'x'.repeat(100_000)}`,
  ])('the type %#', async (contentType) => {
    const headers = await told({ contentType });
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers).not.toHaveProperty('x-evil');
  });

  test.each([
    ['a\r\nx-evil: "1"', 'inline; filename="a__x-evil: \\"1\\""'],
    ['\0', 'inline; filename="_"'],
    ['', 'inline; filename="_"'],
    ['ü\n', "inline; filename*=UTF-8''%C3%BC_"],
    ['\ud800', "inline; filename*=UTF-8''%EF%BF%BD"],
    ['x'.repeat(100_000), `inline; filename="${'x'.repeat(255)}"`],
    [`${'x'.repeat(254)}👋`, `inline; filename*=UTF-8''${'x'.repeat(254)}%EF%BF%BD`],
  ])('the name %#', async (filename, expected) => {
    const headers = await told({ filename });
    expect(headers['content-disposition']).toBe(expected);
    expect(headers).not.toHaveProperty('x-evil');
  });
});
