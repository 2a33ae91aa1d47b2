import fc from 'fast-check';
import type { FindOptionsWhere } from '../../../../src/query/index.js';
import { compileQuery, Equal, JsonContains, Not } from '../../../../src/query/index.js';
import { thing, thingMetadata } from '../metadata.js';
import type { Person } from '../people.js';
import { address, person, personMetadata } from '../people.js';

const contains = (whole: unknown, part: unknown): boolean =>
  compileQuery(thingMetadata(), { where: { meta: JsonContains(part) } }).matches(thing({ meta: whole }));

describe('JsonContains, as jsonb @>', () => {
  it.each<[unknown, unknown, boolean]>([
    // The examples of PostgreSQL's documentation, 8.14.3.
    ['foo', 'foo', true],
    [[1, 2, 3], [1, 3], true],
    [[1, 2, 3], [3, 1], true],
    [[1, 2, 3], [1, 2, 2], true],
    [{ product: 'PostgreSQL', version: 9.4, jsonb: true }, { version: 9.4 }, true],
    [[1, 2, [1, 3]], [1, 3], false],
    [[1, 2, [1, 3]], [[1, 3]], true],
    [{ foo: { bar: 'baz' } }, { bar: 'baz' }, false],
    [{ foo: { bar: 'baz' } }, { foo: {} }, true],
    [['foo', 'bar'], 'bar', true],
    ['bar', ['bar'], false],
    // An array contains a bare value at the top only.
    [{ a: ['x'] }, { a: 'x' }, false],
    [[['x']], 'x', false],
    [[1, [2, 3]], [[2]], true],
    [[{ a: 1, b: 2 }], [{ a: 1 }], true],
    [[{ a: 1 }, { b: 2 }], [{ a: 1, b: 2 }], false],
    [{ a: 1 }, {}, true],
    [[1], [], true],
    [[1], {}, false],
    [{}, [], false],
    [{ a: null }, { a: null }, true],
    [{}, { a: null }, false],
    [{ a: 1 }, { a: undefined }, true],
    [{ a: 1 }, { a: '1' }, false],
    [1, 1, true],
    [true, false, false],
    [{ a: 1 }, { constructor: {} }, false],
  ])('%j contains %j: %s', (whole, part, expected) => {
    expect(contains(whole, part)).toBe(expected);
  });

  it('agrees with the definition', () => {
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(1, 'a', true, null),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('json'), { maxKeys: 2 }),
      ),
    }));
    fc.assert(
      fc.property(json, json, (whole, part) => {
        fc.pre(whole !== null && part !== null);
        expect(contains(whole, part)).toBe(containsAsDefined(whole, part, true));
      }),
      { numRuns: 3000 },
    );
  });

  it('works on nested objects, null and arrays of them', () => {
    const test = (properties: Partial<Person>, where: FindOptionsWhere<Person>): boolean =>
      compileQuery(personMetadata, { where }).matches(person(properties));
    const rome = address({ city: 'Rome', zip: '1', since: new Date(5) });
    expect(test({ address: rome }, { address: JsonContains({ city: 'Rome', since: new Date(5) }) })).toBe(
      true,
    );
    expect(test({ address: rome }, { address: JsonContains({ city: 'Bari' }) })).toBe(false);
    expect(test({ address: rome }, { address: Not(JsonContains({ city: 'Bari' })) })).toBe(true);
    expect(test({ address: null }, { address: Not(JsonContains({ city: 'Bari' })) })).toBe(false);
    expect(test({ former: [rome] }, { former: JsonContains([{ city: 'Rome' }]) })).toBe(true);
  });

  it.each<[string, object, string]>([
    [
      'text',
      { title: JsonContains('x') },
      'Thing.title: JsonContains does not work on a string. It works on JSON',
    ],
    ['null', { meta: JsonContains(null) }, 'Thing.meta: null in where.'],
    ['operators inside', { meta: JsonContains({ a: Equal(1) }) }, 'JsonContains takes a plain value'],
  ])('refuses %s', (_, where, message) => {
    expect(() => compileQuery(thingMetadata(), { where })).toThrow(message);
  });
});

/** By members and items counted out. */
function containsAsDefined(whole: unknown, part: unknown, isTop: boolean): boolean {
  if (Array.isArray(whole)) {
    if (Array.isArray(part)) {
      return part.every((item) => whole.some((other) => containsAsDefined(other, item, false)));
    }
    return isTop && (typeof part !== 'object' || part === null) && whole.includes(part);
  }
  if (typeof part !== 'object' || part === null) return whole === part;
  if (typeof whole !== 'object' || whole === null || Array.isArray(part)) return false;
  const members = new Map<string, unknown>(Object.entries(whole));
  return Object.entries(part).every(
    ([name, item]) => members.has(name) && containsAsDefined(members.get(name), item, false),
  );
}
