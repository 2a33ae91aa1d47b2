import fc from 'fast-check';
import { entryUrlPath } from '../../../src/protocol/wire/http.js';
import { renderPath } from '../../../src/protocol/paths/path.js';
import { start, stopAll } from './running.js';

afterEach(stopAll);

const SLUGS = [
  ['.'],
  ['..'],
  ['a/b'],
  ['a b'],
  ['a+b'],
  ['100%'],
  ['%41'],
  ['~'],
  ['~1'],
  ['*'],
  ['**'],
  ['é'],
  ['😀'],
  ['__proto__'],
  ['constructor'],
  ['?a=b#c'],
  ['"quoted"\\'],
  ['\u0000'],
  ['x'.repeat(1000)],
];

test.each(SLUGS)('%j survives each way of writing and reading', async (slug) => {
  const { ask, store } = await start();
  const path = renderPath(['links', slug, 'title']);
  const url = entryUrlPath(path) ?? path;
  expect((await ask('PUT', `/entries/${url}`, { body: 'by url' })).status).toBe(200);
  expect(store.get(path)?.value).toBe('by url');
  expect((await ask('GET', `/entries/${url}`)).json).toMatchObject({ path, value: 'by url' });
  expect((await ask('POST', '/entries', { body: { path, value: 'by body' } })).status).toBe(200);
  const batch = await ask('POST', '/entries/batch', { body: { paths: [path, `${path}/none`] } });
  expect(Object.keys(batch.json.entries)).toEqual([path]);
  expect(batch.json.missing).toEqual([`${path}/none`]);
  const keys = await ask('GET', `/entries?select=keys&from=links&to=links0`);
  expect(keys.json.items).toEqual([path]);
  expect((await ask('GET', '/entries/links')).text).toBe(
    JSON.stringify({
      path: 'links',
      value: { [slug]: { title: 'by body' } },
      type: 'map',
      revision: 2,
    }).replace('{}', '{"__proto__":{"title":"by body"}}'),
  );
  expect((await ask('DELETE', `/entries/${url}`)).status).toBe(200);
  expect(store.exists('links')).toBe(false);
});

test('any path is read by its url', async () => {
  const { ask, store } = await start();
  const segments = fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(segments, async (parts) => {
      const path = renderPath(parts);
      const url = entryUrlPath(path);
      fc.pre(url !== undefined);
      await store.write({ op: 'set', path, value: 1 });
      const answer = await ask('GET', `/entries/${url}`);
      await store.write({ op: 'delete', path });
      expect([answer.status, answer.json?.path]).toEqual([200, path]);
    }),
    { numRuns: 60 },
  );
});

test('%2F is a separator, and empty pieces count for nothing', async () => {
  const { ask, store } = await start();
  await ask('PUT', '/entries/a%2Fb', { body: 1 });
  await ask('PUT', '/entries//a//c/', { body: 2 });
  expect(store.listKeys({ pattern: '**' }).items).toEqual(['a/b', 'a/c']);
});

test.each(['%zz', '%ff', 'a%', '\u00e9'])('the target %j is not understood', async (path) => {
  const { ask, store } = await start();
  const answer = await ask('PUT', `/entries/${path}`, { body: 1 });
  expect([answer.status, answer.json, store.status().storeSeq]).toEqual([400, undefined, 0]);
});

test.each(['a~', 'a~2', 'x'.repeat(4000)])('the path %j is refused', async (path) => {
  const { ask } = await start();
  const answer = await ask('PUT', `/entries/${path}`, { body: 1 });
  expect([answer.status, answer.json.error]).toEqual([400, 'invalid_params']);
});

test.each(['/entries/', '/nothing', '/entries/a/../../../x', '/diff'])('%s is no route', async (path) => {
  const { ask } = await start();
  const expected = path.includes('..') ? 'not_found' : undefined;
  const plain = await ask('GET', path);
  expect([plain.status, plain.json?.error]).toEqual([404, expected]);
  if (expected === undefined) {
    const exactly = await ask('GET', path, { headers: { accept: 'application/json' } });
    expect([exactly.status, exactly.json]).toEqual([404, { errors: { detail: 'Not Found' } }]);
    expect(plain.headers['content-type']).toBe('text/html; charset=utf-8');
  }
});

test('malformed JSON gets JSON when that is all that is accepted', async () => {
  const { ask } = await start();
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const answer = await ask('PUT', '/entries/a', { raw: '{nope', headers });
  expect([answer.status, answer.json]).toEqual([400, { errors: { detail: 'Bad Request' } }]);
});

test('a store that is named like a property of objects is not found', async () => {
  const { ask } = await start();
  expect((await ask('GET', '/api/stores/__proto__/toString/entries/a')).json).toEqual({ error: 'not_found' });
  expect((await ask('GET', '/api/stores/%zz/%ff/entries/a')).status).toBe(404);
});
