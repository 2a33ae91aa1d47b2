import type { FindManyOptions, Repository } from '../../../src/index.js';
import {
  DustEntity,
  Equal,
  Field,
  In,
  IsNull,
  JsonContains,
  LessThan,
  Like,
  MoreThan,
  Not,
  Slug,
} from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import { describeContract } from '../describe-contract.js';
import { MODES } from '../entities.js';

class Money {
  constructor(readonly cents: number) {}
}

class Geo {
  @Field('float') lat?: number;
}

class Address {
  @Field('string') city?: string;
  @Field({ type: 'string', name: 'postcode' }) zip?: string | null;
  @Field({ type: () => Geo }) geo?: Geo | null;
}

function defineShop(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Shop {
    @Slug() slug!: string;
    @Field({ type: () => Address }) address?: Address | null;
    @Field('json') meta?: unknown;
    @Field({ type: 'integer', transformer: { to: (m: Money) => m.cents, from: (n: number) => new Money(n) } })
    rent?: Money;
    @Field({ type: 'string', transformer: { to: (u: URL) => u.href, from: (s: string) => new URL(s) } })
    page?: URL;
  }
  return Shop;
}

type Shop = InstanceType<ReturnType<typeof defineShop>>;

describeContract('parts of objects, and values behind a transformer', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    const entity = defineShop(context.uniquePrefix(), mode);
    let shops: Repository<Shop>;

    beforeAll(async () => {
      const page = (slug: string): URL => new URL(`https://x/${slug}`);
      await (await context.connect([entity])).getRepository(entity).insert([
        {
          slug: 'a',
          address: { city: 'Rome', zip: '1', geo: { lat: 41.9 } },
          meta: { open: true, tags: ['x', 'y'] },
          rent: new Money(9),
          page: page('a'),
        },
        {
          slug: 'b',
          address: { city: 'Bari', geo: {} },
          meta: ['x', 1],
          rent: new Money(10),
          page: page('b'),
        },
        { slug: 'c', address: null, meta: { open: false }, rent: new Money(2) },
        { slug: 'd', meta: 'x' },
        { slug: 'e', address: { city: 'Rome', zip: null }, meta: {} },
      ]);
    });

    beforeEach(async () => {
      shops = (await context.connect([entity])).getRepository(entity);
    });

    const slugs = async (options: FindManyOptions<Shop>): Promise<string> =>
      (await shops.find(options)).map(({ slug }) => slug).join('');

    it.each<[string, FindManyOptions<Shop>['where'], string]>([
      ['a part', { address: { city: 'Rome' } }, 'ae'],
      ['two parts', { address: { city: 'Rome', zip: In(['1', '2']) } }, 'a'],
      ['a part of a part', { address: { geo: { lat: LessThan(50) } } }, 'a'],
      ['a part that is null, or that nothing holds', { address: { zip: IsNull() } }, 'bcde'],
      ['a part that is something', { address: { zip: Not(IsNull()) } }, 'a'],
      ['not, which like SQL leaves out null', { address: { city: Not('Rome') } }, 'b'],
      ['alternatives', [{ address: { city: Like('B%') } }, { slug: 'd' }], 'bd'],
      ['a whole object', { address: Equal(Object.assign(new Address(), { city: 'Rome', zip: null })) }, 'e'],
      ['JSON that contains an object', { meta: JsonContains({ open: true }) }, 'a'],
      ['JSON that contains an object with a list', { meta: JsonContains({ tags: ['y'] }) }, 'a'],
      ['JSON that contains an item', { meta: JsonContains('x') }, 'bd'],
      ['JSON that contains no member', { meta: JsonContains({}) }, 'ace'],
      ['a nested object that contains', { address: JsonContains({ geo: { lat: 41.9 } }) }, 'a'],
      ['what a transformer makes', { page: Equal(new URL('https://x/b')) }, 'b'],
      ['not what a transformer makes', { page: Not(Equal(new URL('https://x/b'))) }, 'a'],
      ['more than what a transformer makes', { rent: MoreThan(new Money(5)) }, 'ab'],
    ])('where names %s', async (_, where, expected) => {
      expect(await slugs({ where: where! })).toBe(expected);
      expect(await shops.countBy(where!)).toBe(expected.length);
    });

    it.each<[string, FindManyOptions<Shop>['order'], string]>([
      ['a part', { address: { city: 'ASC' } }, 'baecd'],
      ['a part, descending', { address: { city: 'DESC' } }, 'cdaeb'],
      ['parts and properties', { address: { city: 'ASC' }, slug: 'DESC' }, 'beadc'],
      ['a part of a part', { address: { geo: { lat: 'DESC' } } }, 'bcdea'],
      ['what a transformer makes', { rent: 'DESC' }, 'debac'],
    ])('order names %s', async (_, order, expected) => {
      expect(await slugs({ order: order! })).toBe(expected);
    });
  });

  it.each(MODES)('writes by them, in %s mode', async (mode) => {
    const own = defineShop(context.uniquePrefix(), mode);
    const repository = (await context.connect([own])).getRepository(own);
    await repository.insert([
      { slug: 'a', address: { city: 'Rome' }, page: new URL('https://x/1') },
      { slug: 'b', address: { city: 'Bari' }, page: new URL('https://x/2') },
    ]);
    expect(await repository.update({ address: { city: 'Rome' } }, { meta: 1 })).toMatchObject({
      affected: 1,
    });
    expect(await repository.delete({ page: Not(Equal(new URL('https://x/2'))) })).toMatchObject({
      affected: 1,
    });
    expect((await repository.find()).map(({ slug }) => slug)).toEqual(['b']);
    const unknown = { address: { town: 'Rome' } } as object;
    await expect(repository.delete(unknown)).rejects.toMatchObject({ kind: 'invalid_criteria' });
    expect(await repository.count()).toBe(1);
  });
});
