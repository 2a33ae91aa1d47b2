import { changedRecord } from '../../../../src/repository/commit/changed-record.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';

const leaf = (path: string, value: Leaf['value']): Leaf => ({ path, value, type: 'string', revision: 1 });

describe('a record as it is with its changes', () => {
  const leaves = [leaf('r/a/title', 'A'), leaf('r/a/imprint/place', 'London'), leaf('r/a/old', 'x')];
  const record = { slug: 'a', leaves } as never;

  it('is a map of what stays and of what is written, without what goes', () => {
    expect(
      changedRecord('r/a', record, [
        { op: 'set', path: 'r/a/title', value: 'B' },
        { op: 'set', path: 'r/a/a~1b', value: 1 },
        { op: 'delete', path: 'r/a/old' },
      ]),
    ).toEqual({ title: 'B', imprint: { place: 'London' }, 'a/b': 1 });
  });

  it('begins with nothing where there is no record', () => {
    const none = { slug: 'a', leaves: [] } as never;
    expect(changedRecord('r/a', none, [{ op: 'set', path: 'r/a/__proto__', value: 1 }])).toEqual(
      JSON.parse('{"__proto__":1}'),
    );
  });
});
