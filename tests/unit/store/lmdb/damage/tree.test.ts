import type { TreeRecord } from '../../../../../src/store/lmdb/damage/layout.js';
import { FREE_SPACE, lostPart, NAMES, newTree } from '../../../../../src/store/lmdb/damage/tree.js';

const EMPTY: TreeRecord = {
  depth: 0,
  branchPages: 0,
  leafPages: 0,
  overflowPages: 0,
  entries: 0,
  root: undefined,
};
const [a, b] = [Buffer.from('a'), Buffer.from('b')];

it.each([FREE_SPACE, NAMES])(
  'of %s a part is lost or all, and no key is told, which nobody knows',
  (name) => {
    const tree = newTree(name, EMPTY);
    expect([
      lostPart(tree, a, b),
      lostPart(tree, undefined, b),
      lostPart(tree, a, undefined),
      lostPart(tree, undefined, undefined),
    ]).toEqual([`a part of ${name}`, `a part of ${name}`, `a part of ${name}`, `all of: ${name}`]);
  },
);

it.each([
  ['leaves', 'leaves'],
  ['other', 'entries of "other"'],
])('of %s what is lost is told by its keys', (name, what) => {
  const tree = newTree(name, EMPTY);
  expect([
    lostPart(tree, a, b),
    lostPart(tree, undefined, b),
    lostPart(tree, a, undefined),
    lostPart(tree, undefined, undefined),
  ]).toEqual([
    `${what} from "a" to before "b"`,
    `${what} to before "b"`,
    `${what} from "a"`,
    `all of: ${what}`,
  ]);
});
