import { MAX_LEAVES_PER_WRITE } from '../../../src/protocol/requests/listing.js';
import type { BatchOperation, Store } from '../../../src/store/index.js';
import { openStore, refusalOf } from './open-store.js';

const HALF = MAX_LEAVES_PER_WRITE / 2;

/** A map with so many leaves, some of them deeper than others, and an empty map, which is none. */
function map(leaves: number): Record<string, any> {
  const below = Object.fromEntries(Array.from({ length: leaves - 1 }, (_, i) => [`k${i}`, i]));
  return { own: ['a', 'list', 'is', 'one'], below, empty: {} };
}

describe('the leaves of one write', () => {
  let store: Store;
  beforeEach(() => (store = openStore()));
  afterEach(() => store.close());

  it.each(['set', 'merge'] as const)('are no more than may be: %s', async (op) => {
    const value = map(MAX_LEAVES_PER_WRITE + 1);
    const refused = await refusalOf(() => store.write({ op, path: 'a', value }));
    expect(refused).toMatchObject({ kind: 'invalid_params', detail: 'too_many_leaves', path: 'a' });
    expect(store.status().storeSeq).toBe(0);
  });

  it('are as many as may be, and may be removed, however many', async () => {
    await store.write({ op: 'set', path: 'a/1', value: map(MAX_LEAVES_PER_WRITE) });
    expect(store.size().leafCount).toBe(MAX_LEAVES_PER_WRITE);
    await store.write({ op: 'set', path: 'a/2', value: map(2) });
    await store.write({ op: 'delete', path: 'a' });
    expect(store.exists('a')).toBe(false);
  });

  it('of a cycle are not counted for ever', async () => {
    const cycle: Record<string, any> = {};
    Object.assign(cycle, { one: cycle, other: cycle });
    expect(await refusalOf(() => store.write({ op: 'set', path: 'a', value: cycle }))).toMatchObject({
      kind: 'invalid_value',
    });
  });

  it('are counted over a whole batch, where the one too many is named', async () => {
    const set = (path: string, leaves: number): BatchOperation => ({ op: 'set', path, value: map(leaves) });
    const operations: BatchOperation[] = [
      set('a', HALF),
      { op: 'delete', path: 'b' },
      set('c', HALF),
      set('d', 2),
    ];
    const refused = await refusalOf(() => store.writeBatch({ operations: operations }));
    expect(refused).toMatchObject({ detail: 'too_many_leaves', path: 'd', opIndex: 3 });
    expect(store.status().storeSeq).toBe(0);
    await store.writeBatch({ operations: operations.slice(0, 3) });
    expect(store.status().storeSeq).toBe(3);
  });
});
