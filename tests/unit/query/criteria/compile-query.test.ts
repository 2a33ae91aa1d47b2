import type { FindManyOptions, FindOneOptions } from '../../../../src/query/index.js';
import {
  And,
  ArrayContains,
  Between,
  compileQuery,
  compileQueryForOne,
  In,
  LessThan,
  Like,
  MoreThan,
  Not,
} from '../../../../src/query/index.js';
import { comparePaths } from '../../../../src/protocol/paths/order.js';
import { isDustError } from '../../../../src/errors.js';
import type { Thing } from '../metadata.js';
import { thing, thingMetadata } from '../metadata.js';

const metadata = thingMetadata();

const unchecked = (options: unknown): FindManyOptions<Thing> => options as FindManyOptions<Thing>;

function refusal(run: () => unknown): { kind: string; message: string } {
  try {
    run();
  } catch (error) {
    if (isDustError(error)) return { kind: error.kind, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('compileQuery refuses, and says what to do', () => {
  it.each<[string, unknown, string]>([
    [
      'undefined',
      undefined,
      "Thing: where must be an object such as { slug: '…' }, or a list of such objects, not undefined.",
    ],
    ['null', null, 'not null.'],
    ['text', 'x', 'not the string "x".'],
    ['a list of nothing', [], 'not an empty array.'],
    ['a list with a list', [[{ title: 'x' }]], 'not an array.'],
    ['a bare operator', In(['a']), 'not the operator In.'],
    [
      'an empty object',
      {},
      'Thing: where is empty and would match every record. Name at least one property.',
    ],
    ['an empty object in a list', [{ title: 'x' }, {}], 'where is empty'],
    [
      'a misspelt property',
      { titel: 'x' },
      'Thing has no property "titel" to use in where. Did you mean "title"? Known: slug, title,',
    ],
    ['a member of every object', { constructor: 'x' }, 'Thing has no property "constructor"'],
    ['a method', { greet: 'x' }, 'Thing has no property "greet"'],
    ['an own __proto__', JSON.parse('{"__proto__":"x"}'), 'Thing has no property "__proto__"'],
    [
      'null as a value',
      { title: null },
      'Thing.title: null in where. Use IsNull() to find records without a value.',
    ],
    [
      'undefined as a value',
      { title: undefined },
      'Thing.title: undefined in where. Leave the property out, or use IsNull()',
    ],
    ['null in an operator', { title: Not(null as never) }, 'Thing.title: null in where. Use IsNull()'],
    ['null in a list', { title: In([null as never]) }, 'Thing.title: null in where. Use IsNull()'],
    ['text for a number', { count: '5' }, 'Thing.count: where takes a number, not the string "5".'],
    ['NaN', { count: NaN }, 'Thing.count: where takes a number, not the number NaN.'],
    ['an object for text', { title: { $ne: 'x' } }, 'Thing.title: where takes a string, not an object.'],
    [
      'a number for a date',
      { at: LessThan(5 as never) },
      'Thing.at: LessThan takes a valid Date, not the number 5.',
    ],
    ['an invalid date', { at: new Date(NaN) }, 'Thing.at: where takes a valid Date, not an invalid Date.'],
    [
      'text that is no decimal',
      { price: 'cheap' },
      'Thing.price: where takes a decimal number as a string, not the string "cheap".',
    ],
    [
      'no member of an enum',
      { kind: In(['c' as never]) },
      'Thing.kind: In takes one of "a", "b", not the string "c".',
    ],
    [
      'a single item for an array',
      { tags: 'x' },
      'Thing.tags: where takes an array, each item a string, not the string "x".',
    ],
    [
      'an item of another type',
      { tags: ArrayContains([5 as never]) },
      'Thing.tags: ArrayContains takes a string, not the number 5.',
    ],
    [
      'In without a list',
      { title: In('x' as never) },
      'Thing.title: In takes an array of values, not the string "x".',
    ],
    [
      'a pattern that is no text',
      { title: Like(5 as never) },
      'Thing.title: Like takes a pattern string, not the number 5.',
    ],
    [
      'a pattern that ends in a backslash',
      { title: Like('x\\') },
      'Thing.title: Like is malformed. The pattern ends in a lone backslash; write two to mean one.',
    ],
    [
      'Like on a number',
      { count: Like('5') },
      'Thing.count: Like does not work on an integer. It matches text; use In() or Equal() here.',
    ],
    [
      'MoreThan on a boolean',
      { open: MoreThan(true as never) },
      'Thing.open: MoreThan does not work on a boolean. It compares text, numbers, dates and bytes.',
    ],
    ['Between on JSON', { meta: Between(1, 2) }, 'Thing.meta: Between does not work on a JSON value.'],
    [
      'LessThan on an array',
      { tags: LessThan('x') },
      'Thing.tags: LessThan does not work on an array (each item a string).',
    ],
    [
      'ArrayContains on text',
      { title: ArrayContains(['x']) },
      'Thing.title: ArrayContains does not work on a string. It works on arrays and set fields.',
    ],
    [
      'And of nothing',
      { title: (And as () => unknown)() },
      'Thing.title: And is malformed. Give it at least one condition.',
    ],
    [
      'an operator inside a value',
      { meta: { a: Not(1) } },
      'Thing.meta: where takes a plain value without operators or functions inside, not an object.',
    ],
    [
      'a value nested 20,000 deep',
      { meta: JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`) as unknown },
      'Thing.meta: where takes a value nested at most 500 levels deep, and no record holds a deeper one.',
    ],
    [
      'items nested 20,000 deep',
      { meta: In([JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown]) },
      'Thing.meta: In takes a value nested at most 500 levels deep, and no record holds a deeper one.',
    ],
    [
      'operators nested 20,000 deep',
      { title: Array.from({ length: 20_000 }).reduce((inner) => Not(inner), 'a') },
      'Thing.title: Not is malformed. Nest operators at most 500 levels deep.',
    ],
    [
      'an operator inside an array',
      { tags: [Not('a')] },
      'Thing.tags: where takes a string, not the operator Not.',
    ],
    [
      'an empty slug',
      { slug: '' },
      'Thing.slug: where takes a well-formed, non-empty string, not the string "".',
    ],
    [
      'an empty slug in a list',
      { slug: In(['a', '']) },
      'Thing.slug: In takes a well-formed, non-empty string',
    ],
  ])('%s as where', (_, where, message) => {
    const refused = refusal(() => compileQuery(metadata, unchecked({ where })));
    expect(refused.kind).toBe('invalid_criteria');
    expect(refused.message).toContain(message);
  });

  it.each<[string, unknown, string]>([
    [
      'no object',
      'x',
      'Thing: find: its options must be an object with where, order, select, signal, consistency, withDeleted, scope, unscoped, populate, skip, take, not ',
    ],
    ['a misspelt option', { tale: 1 }, 'Thing: find has no option "tale". Did you mean "take"?'],
    [
      'a property as an option',
      { title: 'x' },
      'Thing: find has no option "title". It is a property: write { where: { title: … } }.',
    ],
    ['relations', { relations: {} }, "fill it in with { populate: ['customer'] }"],
    ['withDeleted that is no flag', { withDeleted: 1 }, 'true or false'],
    ['an unknown scope', { scope: 'x' }, 'Thing: there is no scope "x": the class has none.'],
    ['lock', { lock: {} }, 'Use { ifMatch: revision }'],
    ['cache', { cache: true }, 'There is no query cache'],
    ['comment', { comment: 'x' }, 'There is no query text'],
    [
      'a negative skip',
      { skip: -1 },
      'Thing: the find option "skip" must be a whole number, 0 or more, not the number -1.',
    ],
    [
      'a broken take',
      { take: 1.5 },
      'Thing: the find option "take" must be a whole number, 0 or more, not the number 1.5.',
    ],
    ['take as text', { take: '5' }, 'not the string "5"'],
    ['a signal that is none', { signal: {} }, 'Thing: the find option "signal" must be an AbortSignal'],
    ['an order that is no object', { order: 'title' }, 'Thing: the find option "order" must be an object'],
    [
      'an unknown property to order by',
      { order: { cuont: 'ASC' } },
      'Thing has no property "cuont" to order by. Did you mean "count"?',
    ],
    [
      'an unknown direction',
      { order: { title: 'UP' } },
      "Thing.title: the order must be 'ASC', 'DESC', 1, -1 or",
    ],
    ['no direction', { order: { title: undefined } }, 'Thing.title: the order must be'],
    ['an unknown place for null', { order: { title: { nulls: 'MIDDLE' } } }, 'not the string "MIDDLE"'],
    [
      'an unknown order setting',
      { order: { title: { direction: 'ASC', collate: 'de' } } },
      'Thing.title: the order must be',
    ],
    ['an order by JSON', { order: { meta: 'ASC' } }, 'Thing.meta: cannot order by a JSON value.'],
    [
      'an order by an array',
      { order: { tags: 'ASC' } },
      'Thing.tags: cannot order by an array (each item a string).',
    ],
  ])('%s', (_, options, message) => {
    const refused = refusal(() => compileQuery(metadata, unchecked(options)));
    expect(refused.kind).toBe('invalid_options');
    expect(refused.message).toContain(message);
  });

  it('an operator this copy of the package does not know', () => {
    const newer: unknown = Object.defineProperty(
      { operator: 'toString', operands: [] },
      Symbol.for('dust-orm.find-operator'),
      { value: true },
    );
    expect(refusal(() => compileQuery(metadata, unchecked({ where: { title: newer } })))).toEqual({
      kind: 'invalid_criteria',
      message: 'Thing.title: toString is malformed. This copy of dust-orm does not know it.',
    });
  });
});

describe('compileQuery', () => {
  it('matches everything without where', () => {
    expect(compileQuery(metadata).matches(thing({}))).toBe(true);
    expect(compileQuery(metadata)).toMatchObject({
      naturalOrder: true,
      skip: 0,
      take: undefined,
    });
  });

  it('leaves out what is undefined, but for where', () => {
    const options = unchecked({ skip: undefined, take: undefined, order: undefined, signal: undefined });
    expect(compileQuery(metadata, options)).toMatchObject({ naturalOrder: true, skip: 0, take: undefined });
  });

  it('keeps skip, take and signal', () => {
    const { signal } = new AbortController();
    expect(compileQuery(metadata, { skip: 2, take: 0, signal })).toMatchObject({ skip: 2, take: 0, signal });
  });

  describe('orders', () => {
    const sorted = (
      order: FindManyOptions<Thing>['order'],
      things: Partial<Thing>[],
    ): (string | undefined)[] =>
      things
        .map(thing)
        .sort(compileQuery(metadata, { order: order! }).compare)
        .map(({ slug }) => slug);

    it.each<[string, FindManyOptions<Thing>['order'], Partial<Thing>[], string]>([
      [
        'null last, ascending',
        { count: 'ASC' },
        [{ slug: 'a' }, { slug: 'b', count: 2 }, { slug: 'c', count: 1 }],
        'cba',
      ],
      [
        'null first, descending',
        { count: 'desc' },
        [{ slug: 'b', count: 2 }, { slug: 'c', count: 3 }, { slug: 'a' }],
        'acb',
      ],
      [
        'null first, where told',
        { count: { nulls: 'FIRST' } },
        [{ slug: 'b', count: 2 }, { slug: 'a' }],
        'ab',
      ],
      [
        'null last, where told',
        { count: { direction: 'DESC', nulls: 'last' } },
        [{ slug: 'a' }, { slug: 'b', count: 2 }],
        'ba',
      ],
      [
        'by the first property first',
        { open: 1, count: -1 },
        [
          { slug: 'a', open: true, count: 9 },
          { slug: 'b', open: false, count: 1 },
          { slug: 'c', open: false, count: 2 },
        ],
        'cba',
      ],
      [
        'decimals as numbers',
        { price: 'ASC' },
        [
          { slug: 'a', price: '10' },
          { slug: 'b', price: '9' },
        ],
        'ba',
      ],
      [
        'dates by time',
        { at: 'ASC' },
        [
          { slug: 'a', at: new Date(2) },
          { slug: 'b', at: new Date(1) },
        ],
        'ba',
      ],
      [
        'ties in store order, also when descending',
        { count: 'DESC' },
        [
          { slug: 'b', count: 1 },
          { slug: 'a', count: 1 },
        ],
        'ab',
      ],
    ])('%s', (_, order, things, expected) => {
      expect(sorted(order, things).join('')).toBe(expected);
    });

    it('nothing decides behind the slug, so that a record keeps its place whatever else changes in it', () => {
      const { compare, order } = compileQuery(metadata, {
        order: { open: 'ASC', slug: 'DESC', count: 'ASC' },
      });
      expect(compare(thing({ slug: 'a', count: 1 }), thing({ slug: 'a', count: 2 }))).toBe(0);
      expect(order.map(({ property }) => property.name)).toEqual(['open', 'slug']);
    });

    it('by slug and by nothing as the store does', () => {
      const slugs = ['a', 'a-2', 'a.b', 'a/b', 'b'].map((slug) => ({ slug }));
      expect(sorted({ slug: 'ASC' }, slugs)).toEqual(['a-2', 'a.b', 'a', 'a/b', 'b']);
      expect(sorted({ slug: 'DESC' }, slugs)).toEqual(['b', 'a/b', 'a', 'a.b', 'a-2']);
      const natural = sorted({}, slugs);
      const path = (slug = ''): string => `things/${slug.replaceAll('/', '~1')}/title`;
      expect(natural).toEqual(
        slugs.map(({ slug }) => slug).toSorted((a, b) => comparePaths(path(a), path(b))),
      );
      expect(compileQuery(metadata, { order: {} }).naturalOrder).toBe(true);
    });
  });
});

describe('compileQueryForOne', () => {
  it('takes one', () => {
    expect(compileQueryForOne(metadata, { where: { count: 1 }, order: { title: 'ASC' } })).toMatchObject({
      take: 1,
      naturalOrder: false,
    });
  });

  it.each([{}, { where: undefined }, { order: { title: 'ASC' } }])(
    'refuses %j: where is required',
    (options) => {
      const refused = refusal(() => compileQueryForOne(metadata, options as FindOneOptions<Thing>));
      expect(refused).toMatchObject({
        kind: 'invalid_criteria',
        message: expect.stringContaining('Thing: where must be'),
      });
    },
  );

  it('refuses skip and take', () => {
    const options = { where: { count: 1 }, take: 1 } as FindOneOptions<Thing>;
    expect(refusal(() => compileQueryForOne(metadata, options))).toMatchObject({
      kind: 'invalid_options',
      message: expect.stringContaining(
        'Thing: find has no option "take". It knows where, order, select, signal, consistency, withDeleted, scope, unscoped, populate.',
      ),
    });
  });
});
