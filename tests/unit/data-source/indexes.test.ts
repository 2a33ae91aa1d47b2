import type { DataSourceOptions, LogFields, Transport, TransportCapabilities } from '../../../src/index.js';
import {
  DataSource,
  DustEntity,
  DustError,
  EmbeddedTransport,
  Field,
  Index,
  silentLogger,
  Slug,
  systemClock,
  Unique,
} from '../../../src/index.js';
import type { IndexDefinition } from '../../../src/protocol/values/record-access.js';

@DustEntity({ prefix: ['reading', 'links'] })
@Index(['state', 'addedAt'])
class Link {
  @Slug() slug!: string;
  @Field() @Index() state!: string;
  @Field() addedAt?: Date;
  @Field('string') @Index() kind = 'page';
}

@DustEntity('notes')
class Note {
  @Slug() slug!: string;
  @Field() text?: string;
}

@DustEntity({ prefix: 'accounts', store: 'other/store' })
class Account {
  @Slug() slug!: string;
  @Field() @Unique() email!: string;
}

interface Asked {
  readonly store: string;
  readonly prefix: string;
  readonly definitions: readonly IndexDefinition[];
}

type Build = (
  asked: Asked,
  onProgress: (definition: IndexDefinition, records: number, total?: number) => void,
) => Promise<void>;

/** Stores of which each says that it has indexes, or not, and remembers what it was asked for. */
class FakeStores {
  readonly asked: Asked[] = [];
  readonly transports = new Map<string, Transport>();
  readonly #indexes: boolean | undefined;
  readonly #build: Build;

  constructor({
    indexes = true,
    build = () => Promise.resolve(),
  }: { indexes?: boolean; build?: Build } = {}) {
    this.#indexes = indexes;
    this.#build = build;
  }

  readonly factory = ({ store }: { readonly store: string }): Transport => {
    const real = new EmbeddedTransport();
    const capabilities: TransportCapabilities = {
      ...real.capabilities,
      indexes: this.#indexes,
      uniqueIndexes: this.#indexes,
    };
    const hasIndexes = this.#indexes === true;
    const useIndexes: NonNullable<Transport['useIndexes']> = (prefix, definitions, { onProgress } = {}) => {
      const asked = { store, prefix, definitions };
      this.asked.push(asked);
      return this.#build(asked, (...told) => onProgress?.(...told));
    };
    const transport: Transport = new Proxy<Transport>(real, {
      get(target, name) {
        if (name === 'capabilities') return capabilities;
        if (name === 'useIndexes') return hasIndexes ? useIndexes : undefined;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    this.transports.set(store, transport);
    return transport;
  };
}

const open: DataSource[] = [];
afterEach(async () => {
  for (const dataSource of open.splice(0)) await dataSource.destroy();
});

function make(stores: FakeStores, options: Partial<DataSourceOptions> = {}): DataSource {
  const dataSource = new DataSource({
    entities: [Link, Note],
    transport: stores.factory,
    logger: silentLogger,
    ...options,
  });
  open.push(dataSource);
  return dataSource;
}

it('a data source asks for the indexes of all its entities, and of those that have none', async () => {
  const stores = new FakeStores();
  const dataSource = await make(stores, { entities: [Link, Note, Account] }).initialize();
  expect(stores.asked).toEqual([
    {
      store: 'local/default',
      prefix: 'reading/links',
      definitions: [
        definition([{ path: 'state', type: 'string' }]),
        definition([{ path: 'kind', type: 'string', absent: 'page' }]),
        definition([
          { path: 'state', type: 'string' },
          { path: 'addedAt', type: 'date' },
        ]),
      ],
    },
    { store: 'local/default', prefix: 'notes', definitions: [] },
    {
      store: 'other/store',
      prefix: 'accounts',
      definitions: [{ prefix: 'accounts', parts: [{ path: 'email', type: 'string' }], unique: true }],
    },
  ]);
  // What users of the metadata see is what the store was asked for.
  expect(dataSource.getMetadata(Link).indexes.map((index) => index.definition)).toEqual(
    stores.asked[0]?.definitions,
  );
  expect(dataSource.getRepository(Link).metadata.indexes[1]?.definition.parts[0]?.absent).toBe('page');

  function definition(parts: IndexDefinition['parts']): IndexDefinition {
    return { prefix: 'reading/links', parts, unique: false };
  }
});

it('entities that share a prefix of one transport are asked for together', async () => {
  @DustEntity({ prefix: ['reading', 'links'], store: 'other/store' })
  class Title {
    @Slug() slug!: string;
    @Field() @Index() title?: string;
  }
  const stores = new FakeStores();
  const one = stores.factory({ store: 'both' });
  await make(stores, { entities: [Link, Note, Title], transport: () => one }).initialize();
  expect(stores.asked.map(({ prefix, definitions }) => [prefix, definitions.length])).toEqual([
    ['reading/links', 4],
    ['notes', 0],
  ]);
});

it('it is open when they can be read, and not before', async () => {
  let finish!: () => void;
  const built = new Promise<void>((resolve) => (finish = resolve));
  const asked = jest.fn();
  const stores = new FakeStores({
    build: async () => {
      asked();
      await built;
    },
  });
  const dataSource = make(stores);
  const opening = dataSource.initialize();
  while (asked.mock.calls.length === 0) await Promise.resolve();
  expect(dataSource.isInitialized).toBe(false);
  finish();
  await opening;
  expect(dataSource.isInitialized).toBe(true);
});

it('it tells how far it is, at most once a second', async () => {
  let now = 1_000;
  const lines: [string, LogFields | undefined][] = [];
  const stores = new FakeStores({
    build: ({ prefix, definitions }, onProgress) => {
      if (prefix !== 'reading/links') return Promise.resolve();
      const [, , composite] = definitions as [IndexDefinition, IndexDefinition, IndexDefinition];
      for (const [at, records, total] of [
        [0, 1],
        [999, 20_000],
        [1_000, 120_000],
        [1_999, 130_000],
        [2_500, 1_240_000],
        // Of the next one, the whole is known.
        [2_600, 0],
        [4_600, 100_000, 400_000],
      ] as const) {
        now = 1_000 + at;
        onProgress({ ...composite }, records, total);
      }
      return Promise.resolve();
    },
  });
  await make(stores, {
    clock: { ...systemClock, now: () => now },
    logging: 'info',
    logger: { ...silentLogger, info: (message, fields) => lines.push([message, fields]) },
  }).initialize();
  const fields = { entity: 'Link', index: 'state, addedAt' };
  expect(lines.slice(0, -1)).toEqual([
    [
      'indexing Link by state, addedAt: 120,000 records, 119,999 a second',
      { ...fields, records: 120_000, total: undefined, rate: 119_999 },
    ],
    [
      'indexing Link by state, addedAt: 1,240,000 records, 496,000 a second',
      { ...fields, records: 1_240_000, total: undefined, rate: 495_999.6 },
    ],
    [
      'indexing Link by state, addedAt: 100,000 of 400,000 records, 50,000 a second, 6 s left',
      { ...fields, records: 100_000, total: 400_000, rate: 50_000, timeLeft: 6_000 },
    ],
  ]);
});

it('what keeps them from being built is told with the name of the class, and nothing stays open', async () => {
  const cause = new DustError('exists', 'Two records have the email a@example.org.', { path: 'accounts/b' });
  const stores = new FakeStores({
    build: ({ prefix }) => (prefix === 'accounts' ? Promise.reject(cause) : Promise.resolve()),
  });
  const dataSource = make(stores, { entities: [Link, Account] });
  await expect(dataSource.initialize()).rejects.toMatchObject({
    kind: 'exists',
    path: 'accounts/b',
    message: 'The indexes of Account cannot be used: Two records have the email a@example.org.',
    cause,
  });
  expect(dataSource.isInitialized).toBe(false);
  for (const transport of stores.transports.values()) {
    await expect(transport.get('accounts/a')).rejects.toMatchObject({ kind: 'closed' });
  }
});

it('what is no error of ours is passed on as it is', async () => {
  const fault = new TypeError('not ours');
  const dataSource = make(new FakeStores({ build: () => Promise.reject(fault) }));
  await expect(dataSource.initialize()).rejects.toBe(fault);
});

describe('on a transport without indexes', () => {
  it('an index costs nothing', async () => {
    const stores = new FakeStores({ indexes: false });
    const dataSource = await make(stores).initialize();
    expect(stores.asked).toEqual([]);
    await dataSource.getRepository(Link).insert({ slug: 'a', state: 'new' });
    expect(await dataSource.getRepository(Link).countBy({ state: 'new' })).toBe(1);
  });

  it('claims keep unique what is declared so, and only in the stores of such classes', async () => {
    const stores = new FakeStores({ indexes: false });
    const dataSource = await make(stores, { entities: [Link, Account] }).initialize();
    expect(dataSource.transport).toBe(stores.transports.get('local/default'));
    const accounts = dataSource.getRepository(Account);
    await accounts.insert({ slug: 'a', email: 'x' });
    await expect(accounts.insert({ slug: 'b', email: 'x' })).rejects.toMatchObject({
      kind: 'exists',
      detail: 'duplicate',
      duplicate: { slug: 'a' },
    });
    expect(await stores.transports.get('other/store')?.get('_dust:unique/accounts/email/=x')).toMatchObject({
      value: 'a',
    });
  });

  it('nothing stays open when records break what is unique', async () => {
    const stores = new FakeStores({ indexes: false });
    const first = await make(stores, { entities: [Note] }).initialize();
    expect(first.isInitialized).toBe(true);
    const made: Transport[] = [];
    const dataSource = make(stores, {
      entities: [Account],
      transport: ({ store }) => {
        const transport = stores.factory({ store });
        made.push(transport);
        if (store !== 'other/store') return transport;
        return new Proxy(transport, {
          get: (target, name) => {
            if (name !== 'connect') return Reflect.get(target, name, target) as unknown;
            return async () => {
              await target.connect();
              await target.set('accounts', { a: { email: 'x' }, b: { email: 'x' } });
            };
          },
        });
      },
    });
    await expect(dataSource.initialize()).rejects.toMatchObject({
      kind: 'exists',
      detail: 'duplicate',
      message: expect.stringMatching(/^The indexes of Account cannot be used: "accounts\/b": another record/),
    });
    for (const transport of made) await expect(transport.get('a')).rejects.toMatchObject({ kind: 'closed' });
  });
});

describe('two data sources with one transport', () => {
  @DustEntity({ prefix: ['people'] })
  class Person {
    @Slug() slug!: string;
    @Field() @Unique() email?: string;
    @Field() @Index() city?: string;
  }

  @DustEntity({ prefix: ['people'] })
  class Guest {
    @Slug() slug!: string;
    @Field() city?: string;
  }

  it('have the indexes of both, whichever comes last', async () => {
    const transport = new EmbeddedTransport();
    const one = await new DataSource({ entities: [Person], transport, logging: false }).initialize();
    const people = one.getRepository(Person);
    await people.insert({ slug: 'a', email: 'a@example.org', city: 'Rome' });
    const other = await new DataSource({ entities: [Guest], transport, logging: false }).initialize();
    const twice = people.insert({ slug: 'b', email: 'a@example.org' });
    await expect(twice).rejects.toMatchObject({ kind: 'exists', detail: 'duplicate' });
    expect(await people.explain({ where: { city: 'Rome' } })).toMatchObject({ path: 'index' });
    await other.destroy();
    await one.destroy();
  });
});
