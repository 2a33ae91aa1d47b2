import type { IndexDefinition, IndexPart } from '../../../../src/protocol/values/record-access.js';
import type { JsonValue } from '../../../../src/protocol/values/value.js';
import { identityOf, ownDefinition, wireIndex } from '../../../../src/store/indexes/definitions.js';

const by = (...parts: readonly IndexPart[]): IndexDefinition => ({ prefix: 'p', parts, unique: false });
const byAbsent = (absent: JsonValue | undefined): IndexDefinition =>
  by({ path: 'x', type: 'string', absent });

describe('the identity of a definition', () => {
  it.each<[string, IndexDefinition, IndexDefinition]>([
    [
      'keys in another order',
      byAbsent({ a: 1, b: { c: [1, 2], d: 0 } }),
      byAbsent({ b: { d: 0, c: [1, 2] }, a: 1 }),
    ],
    ['many keys in another order', byAbsent({ c: 3, b: 2, a: 1 }), byAbsent({ b: 2, a: 1, c: 3 })],
    ['null for absent', byAbsent(null), byAbsent(undefined)],
    ['nothing for absent', byAbsent(null), by({ path: 'x', type: 'string' })],
  ])('is the same with %s', (_, a, b) => {
    expect(identityOf(a)).toBe(identityOf(b));
  });

  it('is another one for everything that says something else', () => {
    const others = [
      by({ path: 'x', type: 'string' }),
      { ...by({ path: 'x', type: 'string' }), prefix: 'q' },
      { ...by({ path: 'x', type: 'string' }), unique: true },
      by({ path: 'y', type: 'string' }),
      by({ path: 'x', type: 'number' }),
      by({ path: 'x', type: 'string' }, { path: 'y', type: 'string' }),
      by({ path: 'y', type: 'string' }, { path: 'x', type: 'string' }),
      ...[
        '',
        'a',
        0,
        1,
        [],
        [0],
        [[0]],
        [0, 1],
        [1, 0],
        {},
        { a: 0 },
        { a: [0] },
        { b: 0 },
        { a: { b: 0 } },
        [['a', 0]],
        { a: null },
        { a: '' },
        { a: false },
      ].map(byAbsent),
    ];
    expect(new Set(others.map(identityOf)).size).toBe(others.length);
  });
});

describe('a definition of the own', () => {
  it('cannot be changed by its giver', () => {
    const given = by(
      { path: 'x', type: 'string', absent: null },
      { path: 'a/y', type: 'date', absent: '2020-01-01' },
    );
    const own = ownDefinition('p', given);
    expect(own).toStrictEqual({
      prefix: 'p',
      parts: [
        { path: 'x', type: 'string' },
        { path: 'a/y', type: 'date', absent: '2020-01-01' },
      ],
      unique: false,
    });
    expect([own, own.parts, ...own.parts].every(Object.isFrozen)).toBe(true);
  });

  it.each<[string, string, IndexDefinition, string]>([
    [
      'a prefix that is no path',
      'p//q',
      { ...by({ path: 'x', type: 'string' }), prefix: 'p//q' },
      'empty_segment',
    ],
    ['another prefix', 'q', by({ path: 'x', type: 'string' }), 'invalid_index'],
    ['no part', 'p', by(), 'invalid_index'],
    ['a part that is no path', 'p', by({ path: 'x//y', type: 'string' }), 'invalid_index'],
    ['a type that there is not', 'p', by({ path: 'x', type: 'text' as never }), 'invalid_index'],
  ])('is refused with %s', (_, prefix, given, detail) => {
    expect(() => ownDefinition(prefix, given)).toThrow(
      expect.objectContaining({ kind: 'invalid_params', detail }),
    );
  });
});

it('an index is told with how far it has come and whether it stays', () => {
  const definition = by({ path: 'x', type: 'string' });
  const { parts } = definition;
  expect(wireIndex({ definition, isComplete: true, isKept: false })).toStrictEqual({
    prefix: 'p',
    parts,
    unique: false,
    state: 'complete',
    kept: false,
  });
  expect(wireIndex({ definition, isComplete: false, isKept: true })).toMatchObject({
    state: 'building',
    kept: true,
  });
});
