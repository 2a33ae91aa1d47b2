import { leavesBelowEach } from '../../../src/server/http/leaves-below.js';
import { openStore } from '../../../src/server/index.js';
import { start, stopAll } from './running.js';

afterEach(stopAll);

const below = { below: true };

test('a read of many paths takes in what lies below them, and tells where nothing is', async () => {
  const { ask } = await start();
  await ask('PUT', '/entries/n/a', { body: { text: 'A', deep: { x: 1 } } });
  await ask('PUT', '/entries/n/a.b', { body: { text: 'beside' } });
  await ask('PUT', '/entries/n/c', { body: 'a leaf' });
  const paths = ['n/none', 'n/a', 'n/c'];
  const { json } = await ask('POST', '/entries/batch', { body: { paths, ...below } });
  expect(json).toEqual({
    entries: {
      'n/a/deep/x': { value: 1, type: 'integer', revision: 1 },
      'n/a/text': { value: 'A', type: 'string', revision: 1 },
      'n/c': { value: 'a leaf', type: 'string', revision: 3 },
    },
    missing: ['n/none'],
    unread: [],
  });
});

test('"below" is a boolean, and nothing to a server of version 0.1', async () => {
  const { ask } = await start();
  const wrong = await ask('POST', '/entries/batch', { body: { paths: ['a'], below: 'yes' } });
  expect([wrong.status, wrong.json.error]).toEqual([400, 'invalid_params']);
  const old = await start({ imitate: '0.1' });
  await old.ask('PUT', '/entries/n/a', { body: { text: 'A' } });
  const { json } = await old.ask('POST', '/entries/batch', { body: { paths: ['n/a'], ...below } });
  expect(json).toEqual({ entries: {}, missing: ['n/a'] });
});

test('an answer holds so many leaves and bytes, each path whole or not at all', async () => {
  const store = await openStore({});
  for (const slug of ['a', 'b', 'c']) {
    const value = Object.fromEntries(Array.from({ length: 4000 }, (_, n) => [`f${n}`, n]));
    await store.write({ op: 'set', path: `wide/${slug}`, value });
    await store.write({ op: 'set', path: `long/${slug}`, value: { text: 'x'.repeat(3_000_000) } });
  }
  const readOf = (...paths: string[]) => {
    const { leaves, missing, unread } = leavesBelowEach(store, paths);
    return [leaves.length, missing, unread];
  };
  expect(readOf('wide/a', 'none', 'wide/b', 'wide/c', 'long/a')).toEqual([
    8000,
    ['none'],
    ['wide/c', 'long/a'],
  ]);
  expect(readOf('long/a', 'long/b')).toEqual([1, [], ['long/b']]);
  expect(readOf('wide', 'long/a')).toEqual([0, [], ['wide', 'long/a']]);
  await store.close();
});
