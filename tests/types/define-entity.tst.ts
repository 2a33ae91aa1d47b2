import { describe, expect, test } from 'tstyche';
import type { DataSource, DustFile, Repository } from '../../src/index.js';
import {
  counterField,
  createdAtField,
  deletedAtField,
  defineEntity,
  defineNested,
  enumField,
  field,
  fileField,
  jsonField,
  nested,
  setField,
  slug,
  updatedAtField,
  versionField,
} from '../../src/index.js';

enum Level {
  Low = 1,
  High = 2,
}

const Address = defineNested({ street: field('string'), city: field('string', { required: true }) });
type Address = InstanceType<typeof Address>;

const Link = defineEntity('links', {
  slug: slug(),
  title: field('string', { required: true }),
  note: field('string'),
  pages: field('integer', { nullable: false }),
  addedAt: field('date', { required: true }),
  labels: field('string', { array: true, required: true }),
  names: field(() => [String]),
  size: field(() => BigInt, { nullable: false }),
  level: enumField(Level, { required: true }),
  state: enumField(['open', 'done']),
  later: field({ enum: () => Level }),
  flag: field({ type: 'boolean', required: true }),
  free: field('string', {
    transformer: { to: (url: URL) => url.href, from: (text: string) => new URL(text) },
    required: true,
  }),
  chained: field('string', { transformer: [{ to: String, from: Number }] }),
  meta: jsonField<{ place: string }>({ required: true }),
  any: field('json'),
  address: nested(() => Address, { required: true }),
  addresses: nested(() => Address, { array: true }),
  likes: counterField(),
  tags: setField('string'),
  levels: setField({ enum: Level }),
  file: fileField(),
  cover: fileField({ required: true }),
  version: versionField(),
  createdAt: createdAtField(),
  updatedAt: updatedAtField({ name: 'changed' }),
  deletedAt: deletedAtField(),
});
type Link = InstanceType<typeof Link>;

declare const dust: DataSource;
declare const links: Repository<Link>;

describe('defineEntity', () => {
  test('infers what each property holds, and whether it is there', () => {
    expect<Link>().type.toBe<{
      slug: string;
      title: string;
      note?: string | null | undefined;
      pages?: number | undefined;
      addedAt: Date;
      labels: string[];
      names?: string[] | null | undefined;
      size?: bigint | undefined;
      level: Level.Low | Level.High;
      state?: 'open' | 'done' | null | undefined;
      later?: Level | null | undefined;
      flag: boolean;
      free: URL;
      chained?: number | null | undefined;
      meta: { place: string };
      any?: unknown;
      address: Address;
      addresses?: Address[] | null | undefined;
      likes: number;
      tags: string[];
      levels: (Level.Low | Level.High)[];
      file?: DustFile | null | undefined;
      cover: DustFile;
      version?: number | undefined;
      createdAt?: Date | undefined;
      updatedAt?: Date | undefined;
      deletedAt?: Date | null | undefined;
    }>();
    expect<Address>().type.toBe<{ street?: string | null | undefined; city: string }>();
  });

  test('makes what repositories take', () => {
    expect(dust.getRepository(Link)).type.toBe<Repository<Link>>();
    expect(links.increment).type.toBeCallableWith('a', 'likes', 1);
    expect(links.addTo).type.toBeCallableWith('a', 'tags', 'x');
    expect(links.find).type.toBeCallableWith({ where: { address: { city: 'Oslo' } } });
    expect(links.find).type.not.toBeCallableWith({ where: { nothing: 1 } });
  });

  test('takes scopes by the names of the properties', () => {
    const properties = { id: slug(), state: field('string') };
    expect(defineEntity).type.toBeCallableWith('tasks', properties, {
      scopes: {
        open: { where: { state: 'open' }, order: { state: 'ASC' } },
        own: { where: () => [{ id: 'a' }] },
      },
      defaultScope: ['open'],
    });
    expect(defineEntity).type.not.toBeCallableWith('tasks', properties, {
      scopes: { open: { where: { stat: 'open' } } },
    });
  });

  test('can be extended, and extends', () => {
    class Own extends Link {
      get host(): string {
        return this.free.host;
      }
    }
    expect(dust.getRepository(Own)).type.toBe<Repository<Own>>();
    expect<Own['host']>().type.toBe<string>();
    const short = new (defineEntity('short', { id: slug() }, { extends: Own }))();
    expect(short.id).type.toBe<string>();
    expect(short.host).type.toBe<string>();
  });

  test('knows its options', () => {
    expect(field).type.not.toBeCallableWith('string', { lenght: 3 });
    expect(field).type.not.toBeCallableWith('text');
    expect(field).type.not.toBeCallableWith();
    expect(setField).type.not.toBeCallableWith({ required: true });
    expect(defineEntity).type.not.toBeCallableWith('a', { id: slug() }, { indexes: [['nothing']] });
    expect(defineEntity).type.toBeCallableWith('a', { id: slug() }, { indexes: [['id']] });
    expect(defineEntity).type.not.toBeCallableWith('a', { id: 'string' });
  });
});
