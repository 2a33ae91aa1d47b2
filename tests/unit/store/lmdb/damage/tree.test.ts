import { FREE_SPACE, lostPart, NAMES, newTree } from '../../../../../src/store/lmdb/damage/tree.js';
import { EMPTY_TREE } from './entries.js';

const [a, b] = [Buffer.from('a'), Buffer.from('b')];

/** What is lost between two keys, before one, from one on, and in all. */
function lostParts(name: string): string[] {
  const tree = newTree(name, EMPTY_TREE);
  return [
    lostPart(tree, a, b),
    lostPart(tree, undefined, b),
    lostPart(tree, a, undefined),
    lostPart(tree, undefined, undefined),
  ];
}

it.each([FREE_SPACE, NAMES])(
  'of %s a part is lost or all, and no key is told, which nobody knows',
  (name) => {
    expect(lostParts(name)).toEqual([
      `a part of ${name}`,
      `a part of ${name}`,
      `a part of ${name}`,
      `all of: ${name}`,
    ]);
  },
);

it.each([
  ['leaves', 'leaves'],
  ['other', 'entries of "other"'],
])('of %s what is lost is told by its keys', (name, what) => {
  expect(lostParts(name)).toEqual([
    `${what} from "a" to before "b"`,
    `${what} to before "b"`,
    `${what} from "a"`,
    `all of: ${what}`,
  ]);
});
