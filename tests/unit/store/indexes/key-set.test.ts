import * as fc from 'fast-check';
import type { KeySet, StoreStorage } from '../../../../src/store/index.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { useDataFolder } from '../lmdb/data-folder.js';

const folder = useDataFolder();

/** Longer than a key of LMDB may be, by different ends. */
const LONG = 'é'.repeat(10) + 'x'.repeat(3_880);
const key = fc.oneof(
  fc
    .array(fc.constantFrom('\0', '\x01', 'a', 'b', 'ÿ'), { minLength: 1, maxLength: 4 })
    .map((k) => k.join('')),
  fc.array(fc.constantFrom('\0', 'a', 'ÿ'), { maxLength: 3 }).map((k) => LONG + k.join('')),
  fc.array(fc.constantFrom('\0', 'a', 'ÿ'), { maxLength: 3 }).map((k) => LONG + 'y'.repeat(30) + k.join('')),
  fc.array(fc.constantFrom('a', 'ÿ'), { maxLength: 2 }).map((k) => 'ÿ'.repeat(3_900) + k.join('')),
);
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
);

async function expectLikeSet(storage: StoreStorage, numRuns: number): Promise<void> {
  const { keys } = storage.indexes;
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { maxLength: 20 }),
      key,
      key,
      fc.nat(5),
      async (actions, a, b, atMost) => {
        const expected = new Set<string>();
        await storage.commit(() => {
          for (const each of [...keys.range({ from: '\0', to: '\xff'.repeat(4_000) })]) keys.delete(each);
          for (const each of actions) {
            keys[each.do](each.key);
            expected[each.do](each.key);
          }
        });
        const [from, to] = a < b ? [a, b] : [b, a];
        const sorted = [...expected].sort();
        const within = sorted.filter((each) => from <= each && each < to);
        expect([...keys.range({ from, to })]).toStrictEqual(within);
        expect([...keys.range({ from, to, reverse: true })]).toStrictEqual(within.toReversed());
        expect([...keys.range({ from: to, to: from })]).toStrictEqual([]);
        expect([...keys.range({ from: to, to: from, reverse: true })]).toStrictEqual([]);
        expect(keys.count({ from, to })).toBe(within.length);
        expect(keys.count({ from: to, to: from })).toBe(0);
        expect(keys.count({ from: to, to: from }, atMost)).toBe(0);
        expect(keys.count({ from, to }, atMost)).toBe(Math.min(atMost, within.length));
        expect(keys.has(a)).toBe(expected.has(a));
      },
    ),
    { numRuns },
  );
}

describe('a set of keys', () => {
  it('is one, in memory', async () => {
    await expectLikeSet(createMemoryStorage(), 500);
  });

  it('is one, on LMDB, where some keys are longer than it takes', async () => {
    const storage = await openLmdbStorage({ path: folder.path });
    try {
      await expectLikeSet(storage, 150);
    } finally {
      await storage.close();
    }
  });

  it('keeps keys of any length, on LMDB, those at the length where they are cut too', async () => {
    const storage = await openLmdbStorage({ path: folder.path });
    const { keys } = storage.indexes;
    const all = { from: 'a', to: 'z' };
    try {
      for (const length of [1, 3_899, 3_900, 3_901, 4_500]) {
        const one = 'k'.repeat(length);
        await storage.commit(() => {
          keys.add(one);
        });
        const held = [...keys.range(all)].map((each) => each.length);
        expect([held, keys.has(one), keys.count(all)]).toStrictEqual([[length], true, 1]);
        await storage.commit(() => {
          keys.delete(one);
        });
        expect([keys.has(one), keys.count(all)]).toStrictEqual([false, 0]);
      }
    } finally {
      await storage.close();
    }
  });

  it('counts many in memory', async () => {
    const storage = createMemoryStorage();
    const keys: KeySet = storage.indexes.keys;
    await storage.commit(() => {
      for (let i = 0; i < 5_000; i++) keys.add(String(i).padStart(4, '0'));
    });
    expect(keys.count({ from: '0010', to: '4010' })).toBe(4_000);
    expect(keys.count({ from: '0010', to: '4010' }, 1_000)).toBe(1_000);
    expect(keys.count({ from: '4010', to: '0010' })).toBe(0);
    for (const atMost of [0, 1, 2, 255, 256, 257]) {
      expect(keys.count({ from: '0010', to: '4010' }, atMost)).toBe(atMost);
    }
  });
});
