import type { LeafChange } from '../../../../src/protocol/requests/operation.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import { PrefixScope } from '../../../../src/sync/mirror/prefix-scope.js';

const leaf = (path: string): Leaf => ({ path, value: 1, type: 'integer', revision: 1 });
const change = (path: string): LeafChange => ({ path, after: leaf(path) });

it('keeps everything where nothing else is said', () => {
  const scope = new PrefixScope(undefined);
  expect([scope.keeps('a'), scope.isReachedFrom('a/b'), scope.identity]).toEqual([true, true, '**']);
  const leaves = [leaf('a')];
  expect(scope.leavesWithin(leaves)).toBe(leaves);
});

it('keeps what lies at and below its prefixes, and is reached from above', () => {
  const scope = new PrefixScope(['a/b', 'c']);
  const paths = ['a/b', 'a/b/x', 'a/b/x/y', 'c', 'c/d', 'a', 'a/bb', 'a/c', 'cc', 'd/c', 'd'];
  expect(paths.filter((path) => scope.keeps(path))).toEqual(['a/b', 'a/b/x', 'a/b/x/y', 'c', 'c/d']);
  expect(paths.filter((path) => scope.isReachedFrom(path))).toEqual([
    'a/b',
    'a/b/x',
    'a/b/x/y',
    'c',
    'c/d',
    'a',
  ]);
  expect(scope.leavesWithin(['a/b', 'a/c', 'c/d'].map(leaf)).map(({ path }) => path)).toEqual(['a/b', 'c/d']);
  const changes = ['a/b/x', 'a/c'].map(change);
  expect(scope.within(changes, 'a').map(({ path }) => path)).toEqual(['a/b/x']);
  expect(scope.within(changes, 'a/b')).toBe(changes);
});

it('keeps nothing of no prefixes, and knows its own however they are given', () => {
  expect(new PrefixScope([]).keeps('a')).toBe(false);
  expect(new PrefixScope(['b', 'a']).identity).toBe(new PrefixScope(['a', 'b', 'a']).identity);
  expect(new PrefixScope(['a']).identity).not.toBe(new PrefixScope(['b']).identity);
  expect(() => new PrefixScope(['a', 'b//c'])).toThrow(expect.objectContaining({ kind: 'invalid_params' }));
});
