import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import type { JsonValue, Leaf } from '../../../../src/protocol/values/value.js';
import { Rebuild } from '../../../../src/sync/intake/rebuild.js';
import { PrefixScope } from '../../../../src/sync/mirror/prefix-scope.js';

const set = (storeSeq: number, path: string, value: JsonValue): CommittedOperation => ({
  storeSeq,
  op: 'set',
  path,
  value,
  deviceId: null,
  clientOpId: null,
});

const leaf = (path: string, value: number, revision: number): Leaf => ({
  path,
  value,
  type: 'integer',
  revision,
});

const shown = (rebuild: Rebuild) =>
  [...rebuild.leaves()].map(({ path, value, revision }) => `${path}=${JSON.stringify(value)}@${revision}`);

it('is empty at first, and then what was committed', () => {
  const rebuild = new Rebuild(new PrefixScope(undefined));
  expect([rebuild.storeSeq, shown(rebuild)]).toEqual([0, []]);
  rebuild.apply([
    [{ operation: set(1, 'b', 1) }, { operation: set(2, 'a', 2) }],
    [{ operation: set(3, 'b', 3) }],
  ]);
  expect([rebuild.storeSeq, shown(rebuild)]).toEqual([3, ['a=2@2', 'b=3@3']]);
});

it('goes past what a later operation decides, and what lies elsewhere', () => {
  const rebuild = new Rebuild(new PrefixScope(['kept']));
  rebuild.apply([
    [{ operation: set(1, 'kept/a', 1) }],
    [{ operation: set(2, 'kept/b', 2), isSuperseded: true }],
    [{ operation: set(3, 'other', 3) }],
  ]);
  expect([rebuild.storeSeq, shown(rebuild)]).toEqual([3, ['kept/a=1@1']]);
});

it('is what a snapshot says in the place of all before it', () => {
  const rebuild = new Rebuild(new PrefixScope(undefined));
  rebuild.apply([[{ operation: set(1, 'gone', 1) }]]);
  rebuild.replace([leaf('a', 1, 5), leaf('b', 2, 5)], 5);
  rebuild.apply([[{ operation: set(6, 'b', 6) }]]);
  expect([rebuild.storeSeq, shown(rebuild)]).toEqual([6, ['a=1@5', 'b=6@6']]);
});
