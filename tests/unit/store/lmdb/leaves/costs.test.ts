import type { JsonValue, Leaf } from '../../../../../src/protocol/values/value.js';
import { leafTypeOf } from '../../../../../src/protocol/values/value.js';
import { GROUP_LIMITS } from '../../../../../src/store/lmdb/leaves/group-limits.js';
import { useDataFolder } from '../data-folder.js';
import { BareTree } from './bare-tree.js';

const folder = useDataFolder();
let bare: BareTree;

beforeEach(() => {
  bare = new BareTree(folder.path, GROUP_LIMITS);
});
afterEach(() => bare.close());

const leaf = (path: string, value: JsonValue = 1, revision = 1): Leaf => ({
  path,
  value,
  type: leafTypeOf(value),
  revision,
});
const FIELDS = ['at', 'count', 'done', 'score', 'title', 'url'];
const record = (slug: string, revision = 1): Leaf[] =>
  FIELDS.map((field) => leaf(`links/${slug}/${field}`, `${field} of ${slug}`, revision));
const write = (...leaves: readonly Leaf[]): void => {
  bare.transact((tree) => {
    for (const each of leaves) tree.put(each);
  });
};
/** What is asked of the database by `work`. */
const askedBy = (work: () => unknown): string[] => {
  bare.asked.length = 0;
  work();
  return [...bare.asked];
};
const puts = (work: () => unknown): string[] => askedBy(work).filter((each) => each.startsWith('put'));
const count = (asked: readonly string[], what: string): number =>
  asked.filter((each) => each.startsWith(what)).length;
const number = (i: number): string => i.toString().padStart(5, '0');

describe('a record of six leaves costs', () => {
  beforeEach(() => {
    write(...record('r1'));
  });

  it('one get and one put when it is written, and when all of it is written again', () => {
    expect(askedBy(() => write(...record('r2')))).toEqual([
      'get links/r2/',
      'get links/',
      expect.stringMatching(/^put links\/r2\/ /),
    ]);
    expect(askedBy(() => write(...record('r2', 2)))).toEqual([
      'get links/r2/',
      expect.stringMatching(/^put links\/r2\/ /),
    ]);
  });

  it('one put when its leaves are written one after another in one transaction', () => {
    const turns = () => {
      bare.transact((tree) => {
        for (let turn = 0; turn < 50; turn++) {
          for (const { path } of record('r1')) {
            expect(tree.get(path)?.revision).toBe(turn === 0 ? 1 : turn + 1);
            tree.put(leaf(path, turn, turn + 2));
          }
        }
      });
    };
    expect(askedBy(turns)).toEqual(['get links/r1/', expect.stringMatching(/^put links\/r1\/ /)]);
  });

  it('one get to be read, beside the one for a leaf in its place', () => {
    expect(askedBy(() => expect(bare.tree.subtree('links/r1')).toEqual(record('r1')))).toEqual([
      'get links/',
      'get links/r1/',
    ]);
    expect(askedBy(() => bare.tree.get('links/r1/title'))).toEqual(['get links/r1/']);
    expect(askedBy(() => expect(bare.tree.mayHaveBelow('links/r1/title')).toBe(false))).toEqual([
      'get links/r1/title/',
    ]);
    expect(askedBy(() => expect(bare.tree.mayHaveBelow('links/r1')).toBe(true))).toEqual(['get links/r1/']);
  });

  it('one entry of a range', () => {
    for (let i = 0; i < 50; i++) write(...record(`x${number(i)}`));
    const asked = askedBy(() =>
      expect([...bare.tree.range({ from: 'links/x', to: 'links/y' })]).toHaveLength(300),
    );
    expect([count(asked, 'entry'), count(asked, 'get')]).toEqual([50, 1]);
    const backwards = askedBy(() =>
      expect([...bare.tree.range({ from: 'links/x', to: 'links/y', reverse: true })]).toHaveLength(300),
    );
    expect([count(backwards, 'entry'), count(backwards, 'get')]).toEqual([50, 1]);
  });

  it.each([false, true])('what a page returns, wherever it begins (backwards: %s)', (reverse) => {
    for (let i = 0; i < 500; i++) write(...record(`x${number(i)}`));
    const page: string[] = [];
    const asked = askedBy(() => {
      for (const { path } of bare.tree.range({
        from: 'links/',
        to: 'links0',
        after: 'links/x00250/count',
        reverse,
      })) {
        if (page.push(path) === 20) break;
      }
    });
    expect(page[0]).toBe(reverse ? 'links/x00250/at' : 'links/x00250/done');
    expect(count(asked, 'entry')).toBeLessThan(7);
    expect(count(asked, 'get')).toBeLessThan(7);
  });
});

describe('what is wide', () => {
  const LEAVES = 5_000;
  const wide = Array.from({ length: LEAVES }, (_, i) =>
    leaf(`wide/k${number((i * 7919) % LEAVES)}`, `value ${i}`),
  );

  it('is in parts, of which a write changes one', () => {
    write(...wide);
    for (let i = 0; i < 50; i++) {
      const [put, ...more] = puts(() => write(leaf(`wide/k${number((i * 997) % LEAVES)}`, -i, 2)));
      expect(more).toEqual([]);
      expect(Number(put?.split(' ').at(-1))).toBeLessThanOrEqual(GROUP_LIMITS.length);
    }
    expect(bare.leafCount).toBe(LEAVES);
  });

  it('is read where it is read only', () => {
    write(...wide);
    const asked = askedBy(() => {
      const page: string[] = [];
      for (const { path } of bare.tree.range({ from: 'wide/', to: 'wide0', after: 'wide/k02500' })) {
        if (page.push(path) === 100) break;
      }
      expect(page).toEqual(Array.from({ length: 100 }, (_, i) => `wide/k${number(2501 + i)}`));
    });
    expect(count(asked, 'entry')).toBeLessThan(8);
    bare.tree.get('wide/k00001');
    expect(askedBy(() => bare.tree.get('wide/k04321'))).toHaveLength(1);
  });

  it('comes to its end with its last leaf', () => {
    write(...wide);
    bare.transact((tree) => {
      for (const { path } of wide) tree.delete(path);
    });
    expect([bare.stored(), bare.leafCount]).toEqual([[], 0]);
  });

  it('fills its parts when it is written in order', () => {
    write(...wide.toSorted((a, b) => (a.path < b.path ? -1 : 1)));
    expect(bare.stored().length).toBeLessThan(LEAVES / (0.85 * GROUP_LIMITS.leaves));
  });
});

it('a counter beside large values is written without them, and they without it', () => {
  const large = (i: number) => leaf(`r/text${i}`, `${i} ${'x'.repeat(GROUP_LIMITS.large)}`);
  write(leaf('r/count', 0), large(1), large(2), large(3));
  const [put, ...more] = puts(() => write(leaf('r/count', 1, 2)));
  expect(more).toEqual([]);
  expect(Number(put?.split(' ').at(-1))).toBeLessThan(60);
  expect(puts(() => write({ ...large(2), revision: 3 }))).toEqual([expect.stringMatching(/^put r\/text2 /)]);
  expect(bare.tree.subtree('r')).toEqual([
    leaf('r/count', 1, 2),
    large(1),
    { ...large(2), revision: 3 },
    large(3),
  ]);
});

it('what deeper leaves leave behind when they go costs no more than before they came', () => {
  write(...record('r1'), leaf('links/r1/deep/er/leaf'));
  expect(bare.tree.subtree('links/r1')).toHaveLength(7);
  bare.transact((tree) => {
    tree.delete('links/r1/deep/er/leaf');
  });
  expect(askedBy(() => bare.tree.subtree('links/r1'))).toEqual(['get links/', 'get links/r1/']);
  bare.transact((tree) => {
    for (const { path } of record('r1')) tree.delete(path);
  });
  expect(bare.stored()).toEqual([]);
});

it('a transaction keeps a thousand groups, and no more', () => {
  bare.transact((tree) => {
    const put = (from: number, to: number): void => {
      for (let i = from; i < to; i++) tree.put(leaf(`links/${number(i)}/title`));
    };
    const first = () => askedBy(() => expect(tree.get('links/00000/title')?.value).toBe(1));
    put(0, 990);
    expect(first()).toEqual([]);
    put(990, 1_100);
    expect(first()).toEqual(['get links/00000/']);
  });
  expect([...bare.tree.range({})]).toHaveLength(1_100);
});
