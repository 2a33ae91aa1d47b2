import { DustEntity, Field, Ref, Slug } from '../../../../src/index.js';
import type { EntityManager } from '../../../../src/index.js';

@DustEntity('countries')
export class Country {
  @Slug() id!: string;
  @Field('string', { required: true }) name!: string;
}

@DustEntity('companies')
export class Company {
  @Slug() id!: string;
  @Field('string', { required: true }) name!: string;
  @Ref(() => Country) countryId?: string | null;
  country?: Country | null;
}

@DustEntity('customers')
export class Customer {
  @Slug() id!: string;
  @Field('string', { required: true }) name!: string;
  @Ref(() => Company) companyId?: string | null;
  company?: Company | null;
}

@DustEntity('orders')
export class Order {
  @Slug() id!: string;
  @Field('integer', { required: true }) total!: number;
  @Ref(() => Customer) customerId?: string | null;
  customer?: Customer | null;
  @Ref(() => Customer, { as: 'payer' }) paidBy?: string | null;
  payer?: Customer | null;
}

export const SHOP = [Order, Customer, Company, Country];

export const numbered = (prefix: string, n: number): string => `${prefix}${String(n).padStart(4, '0')}`;

/** As many orders, with a customer each, a company for ten of them, and a country for all. */
export async function fillShop(manager: EntityManager, orders: number): Promise<void> {
  const each = <T>(count: number, make: (n: number) => T): T[] =>
    Array.from({ length: count }, (_, n) => make(n));
  const companies = Math.ceil(orders / 10);
  await manager.insert(Country, { id: 'no', name: 'Norway' });
  await manager.insertMany(
    Company,
    each(companies, (n) => ({ id: numbered('f', n), name: `Company ${n}`, countryId: 'no' })),
  );
  await manager.insertMany(
    Customer,
    each(orders, (n) => ({
      id: numbered('c', n),
      name: `Customer ${n}`,
      companyId: numbered('f', n % companies),
    })),
  );
  await manager.insertMany(
    Order,
    each(orders, (n) => ({
      id: numbered('o', n),
      total: n,
      customerId: numbered('c', n),
      paidBy: numbered('c', (n * 7) % orders),
    })),
  );
}
