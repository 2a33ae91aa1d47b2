import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { Pattern } from '../../../src/protocol/pattern.js';
it('smoke', async () => {
  const store = new Store({ storage: createMemoryStorage() });
  const heard: any[] = []; const recs: any[] = [];
  store.watch(Pattern.parse('l/**'), (o) => heard.push(o));
  store.watchRecords('l', (o) => recs.push(o));
  await store.write({ op: 'set', path: 'l/foo', value: { title: 'T', meta: { a: 1 } } });
  await store.write({ op: 'merge', path: 'l/foo', value: { title: 'T3', note: 'N', meta: { b: 2 } } });
  await store.write({ op: 'delete', path: 'l' });
  await store.writeBatch({ operations: [{ op: 'set', path: 'b/r/c', value: 1 }, { op: 'set', path: 'b/r', value: 'over' }, { op: 'set', path: 'b/r/d', value: 2 }] });
  const l = await store.lease({ path: 'k' });
  expect(await store.release({ path: 'k', token: l.token })).toEqual({ released: true, storeSeq: 8 });
  expect(await store.release({ path: 'k', token: l.token })).toEqual({ released: false });
  console.log(JSON.stringify(heard), JSON.stringify(recs), JSON.stringify(store.list({ pattern: '**' })), store.status());
  await store.close();
});
