import { IMITATED_FAULTS } from '../../../src/server/imitation/faults.js';
import { imitationOf } from '../../../src/server/imitation/imitation.js';
import { Pattern } from '../../../src/protocol/paths/pattern.js';
import { start, stopAll } from './running.js';

afterEach(stopAll);

describe.each([
  ['plain', undefined],
  ['imitating 0.1', '0.1'],
] as const)('%s', (_, imitate) => {
  const imitates = imitate !== undefined;

  test('writes over HTTP are announced, or hidden until catch-up', async () => {
    const { ask, store } = await start({ imitate });
    const seen: string[] = [];
    store.watch(Pattern.parse('**'), ({ operations }) => seen.push(...operations.map(({ path }) => path)));
    await ask('PUT', '/entries/a', { body: 1 });
    await ask('POST', '/entries', { body: { path: 'b', value: 1 } });
    await ask('POST', '/entries/batch_write', { body: { ops: [{ op: 'set', path: 'c', value: 1 }] } });
    await ask('POST', '/import', { raw: '{"path":"d","value":1,"type":"integer"}' });
    await ask('DELETE', '/entries/a');
    await store.write({ op: 'set', path: 'own', value: 1 });
    expect(seen).toEqual(imitates ? ['own'] : ['a', 'b', 'c', 'd', 'a', 'own']);
    expect(store.catchUp(0).operations).toHaveLength(6);
  });

  test('if_absent in a batch', async () => {
    const { ask, store } = await start({ imitate });
    const ops = [{ op: 'set', path: 'a', value: 2, if_absent: true }];
    await ask('PUT', '/entries/a', { body: 1 });
    const answer = await ask('POST', '/entries/batch_write', { body: { ops } });
    expect([answer.status, store.get('a')?.value]).toEqual(imitates ? [200, 2] : [412, 1]);
    const single = await ask('POST', '/entries', { body: { path: 'a', value: 3, if_absent: true } });
    expect(single.status).toBe(412);
  });

  test('a write made again under the same id', async () => {
    const { ask, store } = await start({ imitate });
    const request = { body: 1, headers: { 'x-request-id': 'again' } };
    await ask('PUT', '/entries/a', request);
    expect((await ask('PUT', '/entries/a', request)).json.store_seq).toBe(imitates ? 2 : 1);
    expect(store.status().storeSeq).toBe(imitates ? 2 : 1);
  });

  test('a pattern without a wildcard', async () => {
    const { ask } = await start({ imitate });
    await ask('PUT', '/entries/a', { body: 1 });
    await ask('PUT', '/entries/*', { body: 1 });
    const keys = async (query: string): Promise<unknown> =>
      (await ask('GET', `/entries?select=keys&${query}`)).json.items;
    expect(await keys('pattern=a')).toEqual(imitates ? [] : ['a']);
    expect(await keys('pattern=%5C*')).toEqual(['*']);
    expect((await ask('GET', '/entries?pattern=a//b')).status).toBe(400);
    expect(await keys('from=a&to=b')).toEqual(['a']);
  });

  test('a map below which a path is both leaf and parent', async () => {
    const { ask, logged } = await start({ imitate });
    await ask('PUT', '/entries/a/b', { body: 'leaf' });
    await ask('PUT', '/entries/a/b-2', { body: 'between' });
    await ask('PUT', '/entries/a/b/c/d', { body: 'child' });
    expect((await ask('GET', '/entries/a')).status).toBe(imitates ? 500 : 200);
    expect(logged).toEqual([]);
    for (const path of ['a/b', 'a/b/c', 'a/b/c/d', 'a/b-2']) {
      expect((await ask('GET', `/entries/${path}`)).status).toBe(200);
    }
    expect((await ask('GET', '/entries/none')).status).toBe(404);
  });

  test('a path that is not percent-encoded UTF-8', async () => {
    const { ask, logged } = await start({ imitate });
    for (const accept of ['application/json', '*/*']) {
      const answer = await ask('PUT', '/entries/%FF', { body: 1, headers: { accept } });
      expect(answer.status).toBe(imitates ? 500 : 400);
      if (imitates) expect(answer.json).toEqual({ errors: { detail: 'Internal Server Error' } });
    }
    expect(logged).toEqual([]);
  });

  test('the envelope of a file that was never stored is a map, by PUT and in a batch', async () => {
    const { ask, store } = await start({ imitate });
    const value = { _type: 'file', hash: 'sha256:00' };
    await ask('PUT', '/entries/a', { body: value });
    await ask('POST', '/entries/batch_write', {
      body: { ops: [{ op: 'set', path: 'b', value: { c: value } }] },
    });
    expect(['a', 'b/c'].map((path) => store.get(path)?.type)).toEqual(['map', 'map']);
    expect((await ask('GET', '/entries/a')).json).toEqual({ path: 'a', value, type: 'map', revision: 1 });
  });
});

test('faults are switched on one by one, and one brings along what it needs', () => {
  for (const fault of IMITATED_FAULTS) expect(imitationOf([fault]).has(fault)).toBe(true);
  expect([...imitationOf(['late-writer'])]).toEqual(['late-writer', 'slow-batches']);
  const onRequest = IMITATED_FAULTS.filter((fault) => !imitationOf('0.1').has(fault));
  expect(onRequest).toEqual(['unordered-events', 'slow-catch-up', 'slow-batches']);
  expect(imitationOf(['0.1', ...onRequest]).size).toBe(IMITATED_FAULTS.length);
  expect(imitationOf(undefined).size).toBe(0);
});
