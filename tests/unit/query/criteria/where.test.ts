import fc from 'fast-check';
import type { FindOperator, FindOptionsWhere } from '../../../../src/query/index.js';
import {
  And,
  Any,
  ArrayContainedBy,
  ArrayContains,
  ArrayOverlap,
  Between,
  compileQuery,
  Equal,
  ILike,
  In,
  IsNull,
  LessThan,
  LessThanOrEqual,
  Like,
  MoreThan,
  MoreThanOrEqual,
  Not,
  Or,
} from '../../../../src/query/index.js';
import type { Thing } from '../metadata.js';
import { thing, thingMetadata } from '../metadata.js';

class Home {
  city!: string;
}

class Opaque {
  readonly #content: number;

  constructor(content: number) {
    this.#content = content;
  }

  get(): number {
    return this.#content;
  }
}

const metadata = thingMetadata();

function matches(properties: Partial<Thing>, where: FindOptionsWhere<Thing>): boolean {
  return compileQuery(metadata, { where }).matches(thing(properties));
}

describe('values compare by type', () => {
  const time = (ms: number): Date => new Date(ms);
  const bytes = (...items: number[]): Uint8Array => Uint8Array.from(items);

  it.each<[string, Partial<Thing>, FindOptionsWhere<Thing>, boolean]>([
    ['equal text', { title: 'a' }, { title: 'a' }, true],
    ['text of other case', { title: 'a' }, { title: 'A' }, false],
    ['equal dates', { at: time(5) }, { at: time(5) }, true],
    ['other dates', { at: time(5) }, { at: time(6) }, false],
    ['dates in order', { at: time(5) }, { at: LessThan(time(6)) }, true],
    ['a date in a list', { at: time(5) }, { at: In([time(4), time(5)]) }, true],
    ['bigints', { big: 2n ** 70n }, { big: MoreThan(2n ** 70n - 1n) }, true],
    ['equal bigints', { big: 2n ** 70n }, { big: In([2n ** 70n]) }, true],
    ['equal decimals', { price: '1.50' }, { price: '1.5' }, true],
    ['decimals beyond a float', { price: '9007199254740993' }, { price: MoreThan('9007199254740992') }, true],
    ['decimals, not as text', { price: '10' }, { price: LessThan('9') }, false],
    ['a decimal in a list', { price: '2.0' }, { price: In(['1', '2']) }, true],
    ['equal bytes', { data: bytes(1, 2) }, { data: bytes(1, 2) }, true],
    ['bytes in order, unsigned', { data: bytes(200) }, { data: MoreThan(bytes(100, 1)) }, true],
    ['a prefix of bytes comes first', { data: bytes(1) }, { data: LessThan(bytes(1, 0)) }, true],
    ['text by code point', { title: '😀' }, { title: MoreThan('\uffff') }, true],
    ['booleans', { open: false }, { open: false }, true],
    ['enums', { kind: 'b' }, { kind: In(['a', 'b']) }, true],
    ['JSON by content', { meta: { a: [1, { b: 2 }] } }, { meta: Equal({ a: [1, { b: 2 }] }) }, true],
    ['JSON in any key order', { meta: { a: 1, b: 2 } }, { meta: { b: 2, a: 1 } }, true],
    ['JSON with more in it', { meta: { a: 1, b: 2 } }, { meta: { a: 1 } }, false],
    ['JSON, an array against an object', { meta: ['x'] }, { meta: { 0: 'x' } }, false],
    [
      'nested objects of a class',
      { home: Object.assign(new Home(), { city: 'x' }) },
      { home: Equal({ city: 'x' }) },
      true,
    ],
    ['arrays by item', { tags: ['a', 'b'] }, { tags: ['a', 'b'] }, true],
    ['arrays in order', { tags: ['a', 'b'] }, { tags: ['b', 'a'] }, false],
    ['sets in any order', { labels: ['a', 'b'] }, { labels: ['b', 'a'] }, true],
    ['sets by member', { labels: ['a'] }, { labels: ['b'] }, false],
    ['a map a transformer makes', { secret: new Map([[1, 2]]) }, { secret: new Map([[1, 3]]) }, false],
    ['objects that hide their content', { secret: new Opaque(1) }, { secret: new Opaque(1) }, false],
    ['what a transformer makes', { secret: { a: 1 } as never }, { secret: { a: 1 } as never }, true],
  ])('%s', (_, properties, where, expected) => {
    expect(matches(properties, where)).toBe(expected);
  });
});

describe('operators', () => {
  it.each<[string, Partial<Thing>, FindOptionsWhere<Thing>, boolean]>([
    ['Between, at its start', { count: 2 }, { count: Between(2, 4) }, true],
    ['Between, at its end', { count: 4 }, { count: Between(2, 4) }, true],
    ['Between, beyond', { count: 5 }, { count: Between(2, 4) }, false],
    ['Any', { count: 2 }, { count: Any([1, 2]) }, true],
    ['In of nothing', { count: 2 }, { count: In([]) }, false],
    ['Not(In([]))', { count: 2 }, { count: Not(In<number>([])) }, true],
    ['Like', { title: 'Dust' }, { title: Like('D%t') }, true],
    ['ILike', { title: 'Dust' }, { title: ILike('d%T') }, true],
    ['Like on the slug', { slug: 'a/b' }, { slug: Like('a/%') }, true],
    ['ArrayContains', { tags: ['a', 'b'] }, { tags: ArrayContains(['b']) }, true],
    ['ArrayContains with one missing', { tags: ['a', 'b'] }, { tags: ArrayContains(['b', 'c']) }, false],
    ['ArrayContains of nothing', { tags: [] }, { tags: ArrayContains<string>([]) }, true],
    ['ArrayContainedBy', { tags: ['a'] }, { tags: ArrayContainedBy(['a', 'b']) }, true],
    [
      'ArrayContainedBy with one too many',
      { tags: ['a', 'c'] },
      { tags: ArrayContainedBy(['a', 'b']) },
      false,
    ],
    ['ArrayContainedBy of an empty array', { tags: [] }, { tags: ArrayContainedBy(['a']) }, true],
    ['ArrayOverlap', { tags: ['a', 'c'] }, { tags: ArrayOverlap(['c', 'd']) }, true],
    ['ArrayOverlap without one', { tags: ['a', 'c'] }, { tags: ArrayOverlap(['d']) }, false],
    ['ArrayContains on a set', { labels: ['a', 'b'] }, { labels: ArrayContains(['b']) }, true],
    ['ArrayContains on JSON', { meta: [{ a: 1 }] }, { meta: ArrayContains([{ a: 1 }]) }, true],
    ['ArrayContains on JSON that is no array', { meta: 'a' }, { meta: ArrayContains(['a']) }, false],
  ])('%s', (_, properties, where, expected) => {
    expect(matches(properties, where)).toBe(expected);
  });

  it.each<[string, FindOperator<string>]>([
    ['Equal', Equal('a')],
    ['Not', Not('a')],
    ['In', In(['a'])],
    ['LessThan', LessThan('z')],
    ['Not(LessThan)', Not(LessThan('a'))],
    ['Like', Like('%')],
    ['Not(Like)', Not(Like('a'))],
    ['Or', Or(Equal('a'), Not('a'))],
  ])('%s does not match null', (_, operator) => {
    expect(matches({ title: null }, { title: operator })).toBe(false);
    expect(matches({}, { title: operator })).toBe(false);
  });

  it('only IsNull and Not(IsNull()) look at null', () => {
    expect(matches({ title: null }, { title: IsNull() })).toBe(true);
    expect(matches({}, { title: IsNull() })).toBe(true);
    expect(matches({ title: '' }, { title: IsNull() })).toBe(false);
    expect(matches({ title: '' }, { title: Not(IsNull()) })).toBe(true);
    expect(matches({}, { title: Or(Not('a'), IsNull()) })).toBe(true);
  });

  it('all properties must match; of several wheres, one', () => {
    expect(matches({ count: 1, title: 'a' }, { count: 1, title: 'b' })).toBe(false);
    const query = compileQuery(metadata, { where: [{ count: 1, title: 'b' }, { title: 'a' }] });
    expect(query.matches(thing({ count: 1, title: 'a' }))).toBe(true);
    expect(query.matches(thing({ count: 1, title: 'c' }))).toBe(false);
  });

  it('recognises operators of another loaded copy of the package', async () => {
    const load = async (): Promise<FindOperator<number>> => {
      const copy = await import('../../../../src/query/index.js');
      expect(copy.MoreThan).not.toBe(MoreThan);
      return copy.MoreThan(1);
    };
    let foreign: FindOperator<number> = IsNull();
    await jest.isolateModulesAsync(async () => {
      foreign = await load();
    });
    expect(matches({ count: 2 }, { count: foreign })).toBe(true);
    expect(matches({ count: 1 }, { count: Not(foreign) })).toBe(true);
  });

  describe('agree with a naive evaluation', () => {
    type Truth = boolean | undefined;
    interface Case {
      readonly operator: FindOperator<number>;
      readonly evaluate: (value: number | null | undefined) => Truth;
    }
    const comparison = (
      build: (bound: number) => FindOperator<number>,
      test: (value: number, bound: number) => boolean,
    ): fc.Arbitrary<Case> =>
      value.map((bound) => ({
        operator: build(bound),
        evaluate: (actual) => (actual === null || actual === undefined ? undefined : test(actual, bound)),
      }));
    const value = fc.integer({ min: -3, max: 3 });
    const list = fc.array(value, { maxLength: 3 });
    const negate = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);
    const conjunction = (truths: readonly Truth[]): Truth =>
      truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;
    const nonEmpty = (cases: readonly Case[]): [FindOperator<number>, ...FindOperator<number>[]] => {
      const [first = IsNull(), ...others] = cases.map((each) => each.operator);
      return [first, ...others];
    };

    const { tree } = fc.letrec<{ tree: Case; leaf: Case; not: Case; and: Case; or: Case }>((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('not'), tie('and'), tie('or')),
      leaf: fc.oneof(
        comparison(Equal, (a, b) => a === b),
        comparison(LessThan, (a, b) => a < b),
        comparison(LessThanOrEqual, (a, b) => a <= b),
        comparison(MoreThan, (a, b) => a > b),
        comparison(MoreThanOrEqual, (a, b) => a >= b),
        list.map((items): Case => ({
          operator: In(items),
          evaluate: (actual) =>
            items.length === 0
              ? false
              : actual === null || actual === undefined
                ? undefined
                : items.includes(actual),
        })),
        fc.tuple(value, value).map(([from, to]): Case => ({
          operator: Between(from, to),
          evaluate: (actual) =>
            actual === null || actual === undefined ? undefined : from <= actual && actual <= to,
        })),
        fc.constant<Case>({
          operator: IsNull(),
          evaluate: (actual) => actual === null || actual === undefined,
        }),
      ),
      not: tie('tree').map((inner) => ({
        operator: Not(inner.operator),
        evaluate: (actual) => negate(inner.evaluate(actual)),
      })),
      and: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((inner) => ({
        operator: And(...nonEmpty(inner)),
        evaluate: (actual) => conjunction(inner.map((each) => each.evaluate(actual))),
      })),
      or: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((inner) => ({
        operator: Or(...nonEmpty(inner)),
        evaluate: (actual) => negate(conjunction(inner.map((each) => negate(each.evaluate(actual))))),
      })),
    }));

    it('for numbers and null', () => {
      fc.assert(
        fc.property(
          tree,
          fc.oneof(value, fc.constantFrom(null, undefined)),
          ({ operator, evaluate }, actual) => {
            expect(matches({ count: actual! }, { count: operator })).toBe(evaluate(actual) === true);
          },
        ),
        { numRuns: 2000 },
      );
    });

    it('for text, in the order of its UTF-8 bytes', () => {
      const text = fc.string({
        unit: fc.constantFrom('a', 'é', '\ud7ff', '\ue000', '\uffff', '😀'),
        maxLength: 4,
      });
      fc.assert(
        fc.property(text, text, (a, b) => {
          const order = Buffer.compare(Buffer.from(a), Buffer.from(b));
          expect(matches({ title: a }, { title: LessThan(b) })).toBe(order < 0);
          expect(matches({ title: a }, { title: MoreThanOrEqual(b) })).toBe(order >= 0);
        }),
        { numRuns: 1000 },
      );
    });
  });
});
