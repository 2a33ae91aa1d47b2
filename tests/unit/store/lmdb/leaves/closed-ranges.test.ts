import type { Leaf } from '../../../../../src/protocol/values/value.js';
import type { TreeRange } from '../../../../../src/store/leaf-tree.js';
import { useDataFolder } from '../data-folder.js';
import { BareTree } from './bare-tree.js';

const folder = useDataFolder();
const leaf = (path: string): Leaf => ({ path, value: 1, type: 'integer', revision: 1 });

/** Groups that are split and groups that are not, one in another, with large leaves among them. */
const NAMES = Array.from({ length: 20 }, (_, i) => `n${String(i).padStart(2, '0')}`);
const PATHS = ['a', 'a/x', ...NAMES.map((name) => `b/${name}`), 'b/n05/deep', 'b/n10/deep/er', 'c/y', 'd'];
const LARGE: Leaf = { path: 'b/n07', value: 'x'.repeat(200), type: 'string', revision: 1 };

let bare: BareTree;
beforeEach(() => {
  bare = new BareTree(folder.path, { leaves: 4, length: 1000, large: 100 });
  bare.transact((tree) => {
    for (const path of PATHS) tree.put(leaf(path));
    tree.put(LARGE);
  });
});
afterEach(() => bare.close());

const RANGES: readonly TreeRange[] = [
  {},
  { from: 'b/', to: 'b0' },
  { from: 'b/n03', to: 'b/n12' },
  { from: 'b/n03', to: 'c' },
  { to: 'b/n12' },
  { after: 'b/n11' },
].flatMap((range) => [range, { ...range, reverse: true }]);

describe.each(RANGES.map((range) => [JSON.stringify(range), range] as const))(
  'the ranges of the database that a walk of %s reads',
  (_, range) => {
    it('are closed when it is at its end', () => {
      expect([...bare.tree.range(range)].length).toBeGreaterThan(5);
      expect(bare.openRanges).toBe(0);
    });

    it('are closed wherever it is left', () => {
      const { length } = [...bare.tree.range(range)];
      for (let wanted = 1; wanted <= length; wanted++) {
        let taken = 0;
        for (const one of bare.tree.range(range)) {
          expect(one.revision).toBe(1);
          if (++taken === wanted) break;
        }
        expect([wanted, bare.openRanges]).toEqual([wanted, 0]);
      }
    });
  },
);

it('a walk over groups that are split has no more ranges open at a time than it lies groups deep', () => {
  let most = 0;
  for (const one of bare.tree.range({})) {
    expect(one.revision).toBe(1);
    most = Math.max(most, bare.openRanges);
  }
  // The keys, the parts of `b/`, and nothing of what was passed.
  expect(most).toBe(2);
});
