import { describe, expect, test } from 'tstyche';
import type {
  DeepPartial,
  FindManyOptions,
  FindOneOptions,
  FindOperator,
  FindOptionsOrder,
  FindOptionsWhere,
} from '../../src/query/index.js';
import {
  And,
  ArrayContains,
  Between,
  Equal,
  ILike,
  In,
  IsNull,
  JsonContains,
  LessThan,
  Like,
  MoreThan,
  Not,
  Or,
} from '../../src/query/index.js';

class Geo {
  lat!: number;
}

class Address {
  city!: string;
  zip?: string;
  geo?: Geo | null;
}

class Money {
  constructor(readonly cents: number) {}
}

class Priced {
  id!: string;
  price!: Money;
  page!: URL;
}

class Link {
  readonly slug!: string;
  title!: string;
  note?: string | null;
  rank?: number | null;
  addedAt?: Date;
  pinned?: boolean;
  size?: bigint;
  digest?: Uint8Array;
  kind?: 'article' | 'video';
  tags?: string[];
  meta?: unknown;
  address?: Address;
  score!: number;

  host(): string {
    return this.title;
  }
}

type Where = FindOptionsWhere<Link>;

describe('where', () => {
  test('takes values of the property, the slug included', () => {
    expect<Where>().type.toBeAssignableFrom({
      slug: 'a',
      title: 'x',
      rank: 1,
      addedAt: new Date(),
      pinned: true,
    });
    expect<Where>().type.toBeAssignableFrom({
      size: 1n,
      digest: new Uint8Array(),
      tags: ['a'],
      meta: { a: 1 },
    });
    expect<Where>().type.toBeAssignableFrom({ kind: 'video' as const, address: { city: 'x' } });
  });

  test('takes conditions on parts of nested objects, at any depth', () => {
    const take = (_: Where): void => undefined;
    expect(take).type.toBeCallableWith({
      address: { city: 'x', zip: In(['1', '2']), geo: { lat: MoreThan(1) } },
    });
    expect(take).type.toBeCallableWith({ address: new Address() });
    expect(take).type.toBeCallableWith({ address: IsNull() });
    expect(take).type.not.toBeCallableWith({ address: { town: 'x' } });
    expect(take).type.not.toBeCallableWith({ address: { city: 1 } });
    expect(take).type.not.toBeCallableWith({ address: { city: null } });
    expect(take).type.not.toBeCallableWith({ address: { geo: { lat: 'x' } } });
    expect(take).type.not.toBeCallableWith({ address: { geo: { x: 1 } } });
  });

  test('can be built up property by property', () => {
    const where: Where = {};
    where.title = 'x';
    where.slug = In(['a']);
    where.address = {};
    const parts: FindOptionsWhere<Address> = {};
    parts.city = Like('R%');
    where.address = parts;
    expect(where).type.toBe<Where>();
  });

  test('can be asserted in generic code', () => {
    class Base<T extends { id: string; rank?: number | null }> {
      where = (id: string): FindOptionsWhere<T> => ({ id }) as FindOptionsWhere<T>;
      ranked = (): FindOptionsWhere<T> => ({ rank: MoreThan(1) }) as FindOptionsWhere<T>;
      order = (): FindOptionsOrder<T> => ({ id: 'ASC', rank: 'DESC' }) as FindOptionsOrder<T>;
      built(id: string): FindManyOptions<T> {
        const where = { id } as FindOptionsWhere<T>;
        return { where, order: { id: 'ASC' } as FindOptionsOrder<T> };
      }
    }
    expect<ReturnType<Base<{ id: string }>['where']>>().type.toBe<FindOptionsWhere<{ id: string }>>();
  });

  test('takes JsonContains of anything', () => {
    expect<Where>().type.toBeAssignableFrom({ meta: JsonContains({ a: 1 }), address: JsonContains({}) });
  });

  test('takes what a transformer makes', () => {
    expect<FindOptionsWhere<Priced>>().type.toBeAssignableFrom({
      price: MoreThan(new Money(5)),
      page: Not(Equal(new URL('https://x/'))),
    });
    expect<FindOptionsWhere<Priced>>().type.toBeAssignableFrom({ price: new Money(5) });
  });

  test('refuses unknown properties and methods', () => {
    expect<Where>().type.not.toHaveProperty('titel');
    expect<Where>().type.not.toBeAssignableFrom({ host: () => 'x' });
    expect<Where>().type.not.toBeAssignableFrom({ host: 'x' });
    expect<Where>().type.toHaveProperty('slug');
    const take = (_: Where): void => undefined;
    expect(take).type.not.toBeCallableWith({ titel: 'x' });
  });

  test('refuses values of another type', () => {
    expect<Where>().type.not.toBeAssignableFrom({ rank: '1' });
    expect<Where>().type.not.toBeAssignableFrom({ title: 1 });
    expect<Where>().type.not.toBeAssignableFrom({ addedAt: '2026-01-01' });
    expect<Where>().type.not.toBeAssignableFrom({ kind: 'book' as const });
    expect<Where>().type.not.toBeAssignableFrom({ tags: 'a' });
  });

  test('refuses null and undefined', () => {
    expect<Where>().type.not.toBeAssignableFrom({ note: null });
    expect<Where>().type.not.toBeAssignableFrom({ note: undefined });
  });

  test('takes operators of the property', () => {
    const take = (_: Where): void => undefined;
    expect(take).type.toBeCallableWith({
      slug: In(['a', 'b']),
      title: Not(Like('%x%')),
      note: Or(IsNull(), ILike('x')),
      rank: And(MoreThan(1), Not(IsNull())),
      addedAt: Between(new Date(0), new Date(1)),
      pinned: Not(true),
      size: LessThan(1n),
      digest: Equal(new Uint8Array()),
      kind: In(['article', 'video']),
      tags: ArrayContains(['a']),
      meta: Not(IsNull()),
      address: Equal({ city: 'x' }),
    });
    expect<Where>().type.toBeAssignableFrom({ kind: Not('video' as const) });
  });

  test('refuses operators of another type', () => {
    expect<Where>().type.not.toBeAssignableFrom({ rank: Like('1') });
    expect<Where>().type.not.toBeAssignableFrom({ rank: In(['1']) });
    expect<Where>().type.not.toBeAssignableFrom({ title: MoreThan(1) });
    expect<Where>().type.not.toBeAssignableFrom({ title: Not(1) });
    expect<Where>().type.not.toBeAssignableFrom({ title: Not(MoreThan(1)) });
    expect<Where>().type.not.toBeAssignableFrom({ addedAt: LessThan('2026') });
    expect<Where>().type.not.toBeAssignableFrom({ title: ArrayContains(['a']) });
    expect<Where>().type.not.toBeAssignableFrom({ tags: ArrayContains([1]) });
    expect<Where>().type.not.toBeAssignableFrom({ tags: In(['a']) });
    expect<Where>().type.not.toBeAssignableFrom({ kind: Like('a%') });
  });
});

describe('operators', () => {
  test('have the type of their values', () => {
    expect(Equal('a')).type.toBe<FindOperator<string>>();
    expect<FindOperator<number>>().type.toBeAssignableFrom(Not(And(MoreThan(1), LessThan(3))));
    expect(In([new Date()])).type.toBe<FindOperator<Date>>();
    expect(IsNull()).type.toBe<FindOperator<never>>();
    expect(Not(IsNull())).type.toBe<FindOperator<never>>();
    expect(ArrayContains(['a'])).type.toBe<FindOperator<string[]>>();
  });

  test('compare only what has an order', () => {
    expect(LessThan).type.not.toBeCallableWith(true);
    expect(Between).type.not.toBeCallableWith(1, 'a');
  });

  test('And and Or need a condition', () => {
    expect(And).type.not.toBeCallableWith();
    expect(Or).type.not.toBeCallableWith('a');
  });
});

describe('order', () => {
  type Order = FindOptionsOrder<Link>;

  test('takes comparable properties and directions', () => {
    expect<Order>().type.toBeAssignableFrom({
      slug: 'ASC' as const,
      rank: 'desc' as const,
      addedAt: -1 as const,
    });
    expect<Order>().type.toBeAssignableFrom({ note: { direction: 'DESC' as const, nulls: 'LAST' as const } });
  });

  test('takes parts of nested objects, at any depth', () => {
    const take = (_: Order): void => undefined;
    expect(take).type.toBeCallableWith({ address: { city: 'ASC', geo: { lat: { nulls: 'LAST' } } } });
    expect(take).type.not.toBeCallableWith({ address: { town: 'ASC' } });
    expect(take).type.not.toBeCallableWith({ address: { city: 'UP' } });
  });

  test('takes what stands behind a transformer', () => {
    expect<FindOptionsOrder<Priced>>().type.toBeAssignableFrom({ price: 'DESC' as const });
  });

  test('can be built up property by property', () => {
    const order: Order = {};
    order.rank = 'ASC';
    order.address = { city: 'DESC' };
    expect(order).type.toBe<Order>();
  });

  test('refuses other properties and directions', () => {
    expect<Order>().type.not.toHaveProperty('titel');
    expect<Order>().type.not.toBeAssignableFrom({ host: 'ASC' as const });
    expect<Order>().type.not.toBeAssignableFrom({ tags: 'ASC' as const });
    expect<Order>().type.not.toBeAssignableFrom({ meta: 'ASC' as const });
    expect<Order>().type.not.toBeAssignableFrom({ rank: 'UP' as const });
    expect<Order>().type.not.toBeAssignableFrom({ rank: true });
  });
});

describe('options', () => {
  test('take where as an object or a list', () => {
    expect<FindManyOptions<Link>>().type.toBeAssignableFrom({ where: { rank: 1 }, skip: 1, take: 2 });
    expect<FindManyOptions<Link>>().type.toBeAssignableFrom({ where: [{ rank: 1 }, { title: 'x' }] });
    expect<FindManyOptions<Link>>().type.toBeAssignableFrom({});
  });

  test('refuse what is not an option', () => {
    expect<FindManyOptions<Link>>().type.toBeAssignableFrom({ select: ['title' as const] });
    expect<FindManyOptions<Link>>().type.toBeAssignableFrom({ select: { title: true as const } });
    expect<FindManyOptions<Link>>().type.not.toBeAssignableFrom({ select: ['titel' as const] });
    expect<FindManyOptions<Link>>().type.not.toHaveProperty('relations');
    expect<FindManyOptions<Link>>().type.not.toHaveProperty('cache');
    expect<FindManyOptions<Link>>().type.not.toBeAssignableFrom({ take: '1' });
    expect<FindOneOptions<Link>>().type.not.toHaveProperty('take');
  });

  test('of one need a where', () => {
    expect<FindOneOptions<Link>>().type.not.toBeAssignableFrom({});
  });

  test('can be passed on by generic code', () => {
    function options<T>(where: FindOptionsWhere<T>): FindManyOptions<T> {
      return { where };
    }
    expect(options<Link>).type.toBeCallableWith({ rank: 1 });
  });
});

describe('DeepPartial', () => {
  test('reaches nested objects and leaves values whole', () => {
    expect<DeepPartial<Link>>().type.toBeAssignableFrom({
      address: { zip: '1' },
      addedAt: new Date(),
      tags: ['a'],
    });
    expect<DeepPartial<Link>>().type.not.toBeAssignableFrom({ address: { zip: 1 } });
    expect<DeepPartial<Link>>().type.not.toBeAssignableFrom({ addedAt: {} });
  });
});
