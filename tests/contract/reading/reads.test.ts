import type { FindManyOptions, Repository } from '../../../src/index.js';
import {
  And,
  Any,
  ArrayContains,
  Between,
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
} from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import type { Item } from '../entities.js';
import { defineItem, MODES } from '../entities.js';

const day = (date: number): Date => new Date(Date.UTC(2026, 0, date));

const ITEMS: readonly Partial<Item>[] = [
  { slug: 'a', rank: 3, name: 'Apple', day: day(3), tags: ['red', 'sweet'] },
  { slug: 'b', rank: 1, name: 'banana', day: day(1), tags: ['yellow'] },
  { slug: 'c', rank: 2, name: null, day: day(2) },
  { slug: 'd', rank: 2, name: '100%' },
  { slug: 'e', rank: 5 },
];

describeContract('reads', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    const entity = defineItem(context.uniquePrefix(), mode);
    let items: Repository<Item>;

    beforeAll(async () => {
      await (await context.connect([entity])).getRepository(entity).insert([...ITEMS]);
    });

    beforeEach(async () => {
      items = (await context.connect([entity])).getRepository(entity);
    });

    const slugs = async (options?: FindManyOptions<Item>): Promise<string> =>
      (await items.find(options)).map((item) => item.slug).join('');

    it.each<[string, FindManyOptions<Item>['where'], string]>([
      ['a bare value', { rank: 2 }, 'cd'],
      ['several properties, all of which must hold', { rank: 2, name: '100%' }, 'd'],
      ['a list of wheres, one of which must hold', [{ rank: 5 }, { name: 'Apple' }], 'ae'],
      ['Equal', { rank: Equal(2) }, 'cd'],
      ['In', { rank: In([1, 5]) }, 'be'],
      ['In of nothing', { rank: In([]) }, ''],
      ['Any', { rank: Any([1, 3]) }, 'ab'],
      ['Not', { rank: Not(2) }, 'abe'],
      ['Not of an operator', { rank: Not(In([1, 2])) }, 'ae'],
      ['Not, which like SQL leaves out null', { name: Not('Apple') }, 'bd'],
      ['IsNull, which also means absent', { name: IsNull() }, 'ce'],
      ['Not(IsNull())', { name: Not(IsNull()) }, 'abd'],
      ['LessThan', { rank: LessThan(2) }, 'b'],
      ['LessThanOrEqual', { rank: LessThanOrEqual(2) }, 'bcd'],
      ['MoreThan', { rank: MoreThan(2) }, 'ae'],
      ['MoreThanOrEqual', { rank: MoreThanOrEqual(3) }, 'ae'],
      ['Between, ends included', { rank: Between(2, 3) }, 'acd'],
      ['Like, with case', { name: Like('%an%') }, 'b'],
      ['Like with an escaped percent sign', { name: Like('100\\%') }, 'd'],
      ['Like with one character', { name: Like('_pple') }, 'a'],
      ['Like, which matches the whole text', { name: Like('pple') }, ''],
      ['ILike, without case', { name: ILike('a%') }, 'a'],
      ['And', { rank: And(MoreThan(1), LessThan(3)) }, 'cd'],
      ['Or', { rank: Or(LessThan(2), MoreThan(4)) }, 'be'],
      ['dates by time', { day: MoreThan(day(1)) }, 'ac'],
      ['an equal date', { day: day(2) }, 'c'],
      ['arrays', { tags: ArrayContains(['red']) }, 'a'],
      ['slugs among other properties', { slug: In(['a', 'c', 'e']), rank: MoreThan(2) }, 'ae'],
      ['a range of slugs', { slug: MoreThan('c') }, 'de'],
    ])('finds by %s', async (_, where, expected) => {
      expect(await slugs({ where: where! })).toBe(expected);
      expect(await items.countBy(where!)).toBe(expected.length);
      expect(await items.existsBy(where!)).toBe(expected.length > 0);
    });

    it.each<[string, FindManyOptions<Item>, string]>([
      ['nothing: store order', {}, 'abcde'],
      ['a property', { order: { rank: 'ASC' } }, 'bcdae'],
      ['a property, descending, ties in store order', { order: { rank: 'DESC' } }, 'eacdb'],
      ['two properties', { order: { rank: 'ASC', slug: 'DESC' } }, 'bdcae'],
      ['dates', { where: { day: Not(IsNull()) }, order: { day: 'DESC' } }, 'acb'],
      ['null last when ascending', { order: { name: 'ASC' } }, 'dabce'],
      ['null first when descending', { order: { name: 'DESC' } }, 'cebad'],
      ['slugs, descending', { order: { slug: 'DESC' } }, 'edcba'],
    ])('orders by %s', async (_, options, expected) => {
      expect(await slugs(options)).toBe(expected);
    });

    it('skips and takes, in store order and in any other', async () => {
      expect(await slugs({ skip: 1, take: 2 })).toBe('bc');
      expect(await slugs({ order: { rank: 'DESC' }, skip: 1, take: 2 })).toBe('ac');
      expect(await slugs({ take: 0 })).toBe('');
      expect(await slugs({ skip: 99 })).toBe('');
      expect(await slugs({ where: { rank: Not(1) }, skip: 1, take: 2 })).toBe('cd');
    });

    it('findAndCount counts all matches, whatever part of them is taken', async () => {
      const [found, count] = await items.findAndCount({ where: { rank: MoreThan(1) }, skip: 1, take: 2 });
      expect(found.map((item) => item.slug)).toEqual(['c', 'd']);
      expect(count).toBe(4);
    });

    it('count counts all', async () => {
      expect(await items.count()).toBe(5);
      expect(await items.count({ where: { rank: 2 } })).toBe(2);
    });

    it('exists answers for all, and for a where', async () => {
      expect(await items.exists()).toBe(true);
      expect(await items.exists({ where: { rank: 99 } })).toBe(false);
    });

    it('findBy is find with a where', async () => {
      expect((await items.findBy({ rank: 2 })).map((item) => item.slug)).toEqual(['c', 'd']);
    });

    it('findOne gives the first in order, or null', async () => {
      expect(await items.findOne({ where: { rank: MoreThan(1) }, order: { rank: 'DESC' } })).toMatchObject({
        slug: 'e',
      });
      expect(await items.findOne({ where: { rank: 99 } })).toBeNull();
      expect(await items.findOneBy({ slug: 'missing' })).toBeNull();
    });

    it('findOneOrFail and findOneByOrFail reject with EntityNotFoundError', async () => {
      expect(await items.findOneOrFail({ where: { slug: 'a' } })).toMatchObject({ slug: 'a' });
      const refusal = {
        name: 'EntityNotFoundError',
        kind: 'not_found',
        message: expect.stringContaining('Item'),
      };
      await expect(items.findOneOrFail({ where: { rank: 99 } })).rejects.toMatchObject(refusal);
      await expect(items.findOneByOrFail({ slug: 'missing' })).rejects.toMatchObject(refusal);
    });

    it('getMany gives the records that exist, in the order asked for', async () => {
      const found = await items.getMany(['e', 'missing', 'a']);
      expect(found.map((item) => item.slug)).toEqual(['e', 'a']);
    });

    it('stream gives every record, one after the other', async () => {
      const seen: string[] = [];
      for await (const item of items.stream({ where: { rank: Not(2) } })) seen.push(item.slug);
      expect(seen).toEqual(['a', 'b', 'e']);
    });

    it('two reads give two instances', async () => {
      const first = await items.findOneByOrFail({ slug: 'a' });
      const second = await items.findOneByOrFail({ slug: 'a' });
      expect(first).not.toBe(second);
      first.tags?.push('changed');
      expect((await items.findOneByOrFail({ slug: 'a' })).tags).toEqual(['red', 'sweet']);
    });
  });

  describe('nothing to find', () => {
    it('answers empty, null or zero', async () => {
      const entity = defineItem(context.uniquePrefix());
      const items = (await context.connect([entity])).getRepository(entity);
      expect(await items.find()).toEqual([]);
      expect(await items.findOneBy({ rank: 1 })).toBeNull();
      expect(await items.findAndCount()).toEqual([[], 0]);
      expect(await items.count()).toBe(0);
      expect(await items.exists()).toBe(false);
      expect(await items.getMany(['a'])).toEqual([]);
    });
  });

  it('does not take a neighbouring prefix for its own', async () => {
    const prefix = context.uniquePrefix();
    const [first = '', last = ''] = prefix;
    const own = defineItem([first, last]);
    const longer = defineItem([first, `${last}-2`]);
    const dust = await context.connect([own, longer]);
    await dust.getRepository(longer).insert({ slug: 'x', rank: 1 });
    expect(await dust.getRepository(own).count()).toBe(0);
    expect(await dust.getRepository(longer).count()).toBe(1);
  });
});
