import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { comparePaths } from '../../../../../src/protocol/paths/order.js';
import type { JsonValue, Leaf } from '../../../../../src/protocol/values/value.js';
import type { TreeRange } from '../../../../../src/store/leaf-tree.js';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import type { StoreStorage } from '../../../../../src/store/storage.js';
import { useDataFolder } from '../data-folder.js';

const ORDER_VECTORS = join(__dirname, '../../../../conformance/vectors/order.json');

const leaf = (path: string, value: JsonValue = path.length, revision = 1): Leaf => ({
  path,
  value,
  type: 'string',
  revision,
});

const folder = useDataFolder();
let storage: StoreStorage;

beforeEach(async () => {
  storage = await openLmdbStorage({ path: folder.path });
});
afterEach(() => storage.close());

const put = (...leaves: Leaf[]) =>
  storage.commit(() => {
    for (const each of leaves) storage.leaves.put(each);
  });
const paths = (range: TreeRange = {}) => Array.from(storage.leaves.range(range), ({ path }) => path);

describe('the leaves of an LMDB storage', () => {
  it('come back as they were written, after a restart too', async () => {
    const value = JSON.parse(
      '{"__proto__":{"constructor":1},"toString":[0.1,1e21,-1.5e-300,9007199254740993]}',
    );
    const written: Leaf[] = [
      { path: 'a', value, type: 'map', revision: 1 },
      { path: 'b', value: 5e-324, type: 'float', revision: 2 },
      { path: 'c', value: 1, type: 'float', revision: 3 },
      { path: 'd', value: ['x', [null, true]], type: 'set', revision: Number.MAX_SAFE_INTEGER },
      { path: 'e', value: '\u0000 "\\ \u2028 é 😀', type: 'string', revision: 5 },
      { path: 'f', value: '', type: 'string', revision: 6 },
      { path: 'g', value: null, type: 'null', revision: 7 },
      { path: 'h', value: false, type: 'boolean', revision: 8 },
    ];
    await put(...written);
    await storage.close();
    storage = await openLmdbStorage({ path: folder.path });
    expect([...storage.leaves.range({})]).toStrictEqual(written);
    expect(storage.leaves.get('a')).toStrictEqual(written[0]);
    expect(storage.leaves.get('e')).toStrictEqual(written[4]);
    expect(storage.leaves.get('nowhere')).toBeUndefined();
  });

  it('are frozen', async () => {
    await put(leaf('a', { list: [{ deep: 1 }] }));
    const value = storage.leaves.get('a')?.value as { list: object[] };
    expect([value, value.list, value.list[0]].every(Object.isFrozen)).toBe(true);
  });

  it.each(JSON.parse(readFileSync(ORDER_VECTORS, 'utf8')) as string[][])(
    'stand in the order of the protocol (vector %#)',
    async (...ordered) => {
      await put(...ordered.toReversed().map((path) => leaf(path)));
      expect(paths()).toEqual(ordered);
      expect(paths({ reverse: true })).toEqual(ordered.toReversed());
    },
  );

  it('stand in byte order with control characters, half-width forms and characters beyond the basic plane', async () => {
    const ordered = [
      '\u0000',
      '\u0000\u0000',
      '\u0001',
      '\u0004/a',
      '\u0005',
      ' ',
      'a',
      'a\u0000',
      'a\u0000b',
      'a/',
      '\u007f',
      'é',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '😀',
      '😀/😀',
      '\u{10ffff}',
    ];
    await put(...ordered.toReversed().map((path) => leaf(path)));
    expect(paths()).toEqual(ordered);
    expect(paths({ reverse: true })).toEqual(ordered.toReversed());
    for (const path of ordered) expect(storage.leaves.get(path)).toEqual(leaf(path));
  });

  it.each(['x', 'é', '～', '😀'])('have paths of up to 3,800 bytes (of %s)', async (character) => {
    const path = `p/${character.repeat(3798 / Buffer.byteLength(character))}`;
    const near = path.slice(0, -2);
    await put(leaf(path, 'long'), leaf(near, 'near'), leaf('q', 'next'));
    expect(storage.leaves.get(path)).toEqual(leaf(path, 'long'));
    expect(paths()).toEqual([near, path, 'q']);
    expect(paths({ from: near, to: `${path}0` })).toEqual([near, path]);
    expect(paths({ after: path })).toEqual(['q']);
    expect(paths({ after: path, reverse: true })).toEqual([near]);
    await storage.commit(() => {
      storage.leaves.delete(path);
    });
    expect(paths()).toEqual([near, 'q']);
  });

  it('are found by every kind of range', async () => {
    const path = fc.string({
      unit: fc.constantFrom('\u0000', 'a', 'b', '/', '\uffff', '😀'),
      minLength: 1,
      maxLength: 4,
    });
    const border = fc.option(fc.oneof(fc.constant(''), path), { nil: undefined });
    const range = fc.record(
      { from: border, to: border, after: border, reverse: fc.option(fc.boolean(), { nil: undefined }) },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(path, { maxLength: 20 }),
        fc.array(range, { maxLength: 8 }),
        async (all, ranges) => {
          await storage.commit(() => {
            for (const old of paths()) storage.leaves.delete(old);
            for (const each of all) storage.leaves.put(leaf(each));
          });
          const sorted = all.toSorted(comparePaths);
          for (const bounds of ranges as TreeRange[]) {
            const { from, to, after, reverse } = bounds;
            const inside = sorted.filter(
              (p) =>
                (from === undefined || comparePaths(p, from) >= 0) &&
                (to === undefined || comparePaths(p, to) < 0) &&
                (after === undefined || (reverse ? comparePaths(p, after) < 0 : comparePaths(p, after) > 0)),
            );
            expect(paths(bounds)).toEqual(reverse ? inside.toReversed() : inside);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('may be read in part, and again while another range is being read', async () => {
    await put(leaf('a'), leaf('b'), leaf('c'));
    const [first] = storage.leaves.range({});
    expect(first?.path).toBe('a');
    const pairs: string[] = [];
    for (const outer of storage.leaves.range({})) {
      for (const inner of storage.leaves.range({ reverse: true })) pairs.push(outer.path + inner.path);
    }
    expect(pairs).toEqual(['ac', 'ab', 'aa', 'bc', 'bb', 'ba', 'cc', 'cb', 'ca']);
    await put(leaf('d'));
    expect(paths()).toEqual(['a', 'b', 'c', 'd']);
  });
});
