import type { Repository } from '../../../src/index.js';
import { CounterField, DustEntity, Field, In, MoreThan, Slug } from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import { describeContract } from '../describe-contract.js';

class Money {
  constructor(readonly cents: number) {}
}

function defineSale(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Sale {
    @Slug() slug!: string;
    @Field('integer') pieces?: number | null;
    @Field('float') weight?: number;
    @Field('bigint') grains?: bigint;
    @Field('decimal') price?: string;
    @Field('date') at?: Date;
    @Field('string') town?: string;
    @Field({ type: 'integer', transformer: { to: (m: Money) => m.cents, from: (n: number) => new Money(n) } })
    fee?: Money;
    @Field({ type: 'decimal', transformer: { to: String, from: Number } }) share?: number;
  }
  return Sale;
}

type Sale = InstanceType<ReturnType<typeof defineSale>>;

describeContract('aggregates', (context) => {
  describe.each(['flat', 'map'] as const)('in %s mode', (mode) => {
    const entity = defineSale(context.uniquePrefix(), mode);
    let sales: Repository<Sale>;

    beforeAll(async () => {
      await (await context.connect([entity])).getRepository(entity).insert([
        {
          slug: 'a',
          pieces: 3,
          weight: 0.1,
          grains: 2n ** 64n,
          price: '0.10',
          at: new Date(9),
          town: 'Rome',
        },
        { slug: 'b', pieces: 5, weight: 0.2, grains: 1n, price: '0.2', at: new Date(10), town: 'Bari' },
        { slug: 'c', pieces: null, share: 10 },
        { slug: 'd', pieces: 4, share: 2.5 },
      ]);
    });

    beforeEach(async () => {
      sales = (await context.connect([entity])).getRepository(entity);
    });

    it('sum', async () => {
      expect(await sales.sum('pieces')).toBe(12);
      expect(await sales.sum('pieces', { pieces: MoreThan(3) })).toBe(9);
      expect(await sales.sum('pieces', [{ slug: 'a' }, { town: 'Bari' }])).toBe(8);
      expect(await sales.sum('grains')).toBe(2n ** 64n + 1n);
      expect(await sales.sum('price')).toBe('0.30');
      expect(await sales.sum('share')).toBe(12.5);
      expect(await sales.sum('pieces', { slug: In(['c', 'z']) })).toBeNull();
    });

    it('average', async () => {
      expect(await sales.average('pieces')).toBe(4);
      expect(await sales.average('price', { slug: 'b' })).toBe(0.2);
      expect(await sales.average('pieces', { town: 'Oslo' })).toBeNull();
    });

    it('minimum and maximum', async () => {
      expect(await sales.minimum('pieces')).toBe(3);
      expect(await sales.maximum('pieces', { slug: In(['a', 'd']) })).toBe(4);
      expect(await sales.minimum('at')).toEqual(new Date(9));
      expect(await sales.maximum('town')).toBe('Rome');
      expect(await sales.maximum('share')).toBe(10);
      expect(await sales.maximum('grains')).toBe(2n ** 64n);
      expect(await sales.minimum('price')).toBe('0.10');
      expect(await sales.minimum('slug')).toBe('a');
      expect(await sales.maximum('at', { town: 'Oslo' })).toBeNull();
    });

    it('of the manager', async () => {
      const { manager } = sales;
      expect(await manager.sum(entity, 'pieces', { slug: 'a' })).toBe(3);
      expect(await manager.average(entity, 'pieces')).toBe(4);
      expect(await manager.minimum(entity, 'pieces')).toBe(3);
      expect(await manager.maximum(entity, 'pieces')).toBe(5);
    });

    it('refuse what they cannot work on', async () => {
      const refusal = { kind: 'invalid_criteria' };
      await expect(sales.sum('town')).rejects.toMatchObject(refusal);
      await expect(sales.sum('nope' as 'pieces')).rejects.toMatchObject(refusal);
      await expect(sales.sum('pieces', {})).rejects.toMatchObject(refusal);
      await expect(sales.minimum('fee' as 'slug', { slug: 'z' })).resolves.toBeNull();
    });
  });

  it('of counters', async () => {
    @DustEntity({ prefix: context.uniquePrefix() })
    class Page {
      @Slug() slug!: string;
      @CounterField() views!: number;
      @Field('string') text?: string;
    }
    const pages = (await context.connect([Page])).getRepository(Page);
    await pages.insert([{ slug: 'a', text: 'x' }]);
    expect(await pages.sum('views')).toBe(0);
  });
});
