import type { FindManyOptions } from '../../../../src/query/index.js';
import {
  And,
  Any,
  Between,
  compileQuery,
  Equal,
  In,
  IsNull,
  LessThan,
  LessThanOrEqual,
  Like,
  MoreThan,
  Not,
  Or,
} from '../../../../src/query/index.js';
import type { PlanningRecords } from '../../../../src/query/plan/choose-plan.js';
import { choosePlan } from '../../../../src/query/plan/choose-plan.js';
import type { AccessPath, Plan } from '../../../../src/query/plan/plan.js';
import type { Thing } from '../metadata.js';
import { thingMetadata } from '../metadata.js';

const metadata = thingMetadata();

type Where = NonNullable<FindManyOptions<Thing>['where']>;

/** Many records, and an index that a where on `count` could use. */
const indexed: PlanningRecords = {
  indexes: [{ prefix: 'things', parts: [{ path: 'count', type: 'number' }], unique: false }],
  count: (_, atMost = Infinity) => Math.min(1000, atMost),
};

function planOf(options: FindManyOptions<Thing>, records?: PlanningRecords): Plan {
  const { skip = 0, take = Infinity } = options;
  return choosePlan(compileQuery(metadata, options), 'slug', skip + take, records);
}

const pathOf = (where: Where, order?: FindManyOptions<Thing>['order']): AccessPath =>
  planOf({ where, ...(order && { order }) }).path;

const at = (slug: string, inclusive = true) => ({ slug, inclusive });

describe('what is asked of a property twice, by a where and by a scope', () => {
  const scoped = (where: Where | undefined, scope: object, records = indexed): Plan => {
    const named = new Map([['it', { name: 'it', where: scope }]]);
    const query = compileQuery(
      { ...metadata, scopes: { named, byDefault: [] } },
      { scope: 'it', ...(where !== undefined && { where }) },
    );
    return choosePlan(query, 'slug', Infinity, records);
  };

  it('leaves what both leave', () => {
    expect(scoped({ slug: In(['a', 'b', 'c']) }, { slug: MoreThan('a') }).path).toEqual({
      by: 'slugs',
      slugs: ['b', 'c'],
    });
    expect(scoped({ count: 1 }, { count: 2 }).path).toEqual({ by: 'nothing' });
    expect(scoped({ count: In([1, 2, 3]) }, { count: Between(2, 9) }).path).toMatchObject({
      by: 'index',
      access: { ranges: [{ equal: [2] }, { equal: [3] }] },
    });
  });

  it('is known exactly where all of it is', () => {
    expect(scoped({ count: MoreThan(1) }, { count: LessThan(9) }).isExact).toBe(true);
    expect(scoped({ count: MoreThan(1) }, { title: 'x' }).isExact).toBe(false);
    expect(scoped({ slug: Like('a%') }, { slug: MoreThan('a') }).isExact).toBe(true);
    expect(scoped({ slug: Like('a%') }, { slug: Like('ab%') }).isExact).toBe(false);
    expect(scoped(undefined, { slug: Like('ab%') }).isExact).toBe(true);
  });

  it('goes each way that alternatives leave together', () => {
    const plan = scoped([{ slug: 'a' }, { slug: 'b' }], [{ slug: In(['b', 'c']) }, { slug: 'a' }]);
    expect(plan.path).toEqual({ by: 'slugs', slugs: ['a', 'b'] });
  });
});

describe('a where on the slug', () => {
  it.each<[string, Where, readonly string[]]>([
    ['a slug', { slug: 'a' }, ['a']],
    ['a slug among others', { slug: Equal('a'), count: 1 }, ['a']],
    ['a list, each once and in store order', { slug: In(['b', 'a', 'a-2', 'b']) }, ['a-2', 'a', 'b']],
    ['Any', { slug: Any(['a']) }, ['a']],
    ['Or', { slug: Or(Equal('b'), In(['a'])) }, ['a', 'b']],
    ['And, by what all its parts leave', { slug: And(Like('a%'), In(['a', 'b']), Equal('a')) }, ['a']],
    ['a pattern without a wildcard', { slug: Like('a\\_b') }, ['a_b']],
    ['several wheres, each once', [{ slug: 'b' }, { slug: In(['a', 'b']), count: 1 }], ['a', 'b']],
    ['a list and a range, by what is in both', { slug: And(In(['a', 'c', 'e']), MoreThan('b')) }, ['c', 'e']],
  ])('names the slugs of %s', (_, where, slugs) => {
    for (const records of [undefined, indexed]) {
      expect(planOf({ where }, records).path).toEqual({ by: 'slugs', slugs });
    }
  });

  it.each<[string, Where]>([
    ['an empty list', { slug: In<string>([]) }],
    ['slugs that contradict each other', { slug: And(Equal('a'), Equal('b')) }],
    ['a range that ends before it begins', { slug: And(MoreThan('b'), LessThan('a')) }],
    ['null, which no slug is', { slug: And(Equal('a'), IsNull()) as never }],
  ])('finds nothing by %s', (_, where) => {
    expect(planOf({ where })).toMatchObject({ path: { by: 'nothing' }, isExact: true });
  });

  it.each<[string, Where, object]>([
    ['MoreThan', { slug: MoreThan('b') }, { from: at('b', false) }],
    ['LessThanOrEqual', { slug: LessThanOrEqual('b') }, { to: at('b') }],
    ['Between', { slug: Between('a', 'b') }, { from: at('a'), to: at('b') }],
    ['And of two', { slug: And(MoreThan('a'), LessThan('b')) }, { from: at('a', false), to: at('b', false) }],
    ['Like', { slug: Like('a%') }, { startsWith: 'a' }],
    ['Like with more behind', { slug: Like('a%z') }, { startsWith: 'a' }],
    [
      'in store order, where a-2 comes before a',
      { slug: Between('a-2', 'a') },
      { from: at('a-2'), to: at('a') },
    ],
  ])('becomes a range by %s', (_, where, range) => {
    expect(pathOf(where)).toEqual({
      by: 'slug-ranges',
      ranges: [{ by: 'slug-range', reverse: false, ...range }],
    });
  });

  it('becomes ranges that do not overlap, from one end or from the other', () => {
    const where: Where = { slug: Or(Between('m', 'p'), LessThan('c'), Between('o', 'q'), Equal('x')) };
    const bounds = [{ to: at('c', false) }, { from: at('m'), to: at('q') }, { from: at('x'), to: at('x') }];
    const walked = (reverse: boolean) => bounds.map((range) => ({ by: 'slug-range', reverse, ...range }));
    expect(pathOf(where)).toEqual({ by: 'slug-ranges', ranges: walked(false) });
    expect(pathOf(where, { slug: 'DESC' })).toEqual({ by: 'slug-ranges', ranges: walked(true).reverse() });
  });

  it.each<[string, Where]>([
    ['Not', { slug: Not('a') }],
    ['a pattern that begins with a wildcard', { slug: Like('%a') }],
    ['several wheres, one of them open', [{ slug: 'b' }, { count: 1 }]],
    ['another property', { count: 1 }],
    ['Or with an open end', { slug: Or(Equal('b'), Like('%a')) }],
  ])('leaves all records open by %s', (_, where) => {
    expect(pathOf(where)).toEqual({ by: 'scan', reverse: false });
  });

  it('goes several ways where the alternatives do', () => {
    const { path, isOrdered } = planOf({ where: [{ slug: Like('a%') }, { slug: 'b' }, { slug: 'a1' }] });
    expect(path).toEqual({
      by: 'several',
      paths: [
        { by: 'slugs', slugs: ['a1', 'b'] },
        { by: 'slug-ranges', ranges: [{ by: 'slug-range', reverse: false, startsWith: 'a' }] },
      ],
    });
    expect(isOrdered).toBe(false);
  });
});

describe('what a path by slugs is known to be', () => {
  it.each<[string, Where, boolean]>([
    ['a range', { slug: Between('a', 'b') }, true],
    ['what begins alike', { slug: Like('a%') }, true],
    ['a pattern with more behind', { slug: Like('a%z') }, false],
    ['a range and something else', { slug: MoreThan('a'), count: 1 }, false],
    ['a range and a part that it does not know', { slug: And(MoreThan('a'), Not('b')) }, false],
    ['a beginning and a range', { slug: And(Like('a%'), MoreThan('a5')) }, false],
    ['slugs, which need not exist', { slug: In(['a', 'b']) }, false],
  ])('%s', (_, where, isExact) => {
    expect(planOf({ where }).isExact).toBe(isExact);
  });

  it.each<[string, FindManyOptions<Thing>['order'], boolean, number]>([
    ['store order', undefined, true, 0],
    ['by slug', { slug: 'ASC' }, true, 1],
    ['by slug, falling', { slug: 'DESC' }, true, 1],
    ['by another property first', { count: 'ASC', slug: 'ASC' }, false, 0],
  ])('%s', (_, order, isOrdered, sortedBy) => {
    for (const where of [undefined, { slug: MoreThan('a') }]) {
      const plan = planOf({ ...(where && { where }), ...(order && { order }) });
      expect([plan.isOrdered, plan.sortedBy]).toEqual([isOrdered, sortedBy]);
    }
  });
});
