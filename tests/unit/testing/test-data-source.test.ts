import { firstValueFrom, take, toArray } from 'rxjs';
import { systemClock } from '../../../src/clock.js';
import type { DataSourceOptions, Repository } from '../../../src/index.js';
import {
  CounterField,
  CreatedAtField,
  DataSource,
  DustEntity,
  Field,
  SetField,
  Slug,
  UpdatedAtField,
} from '../../../src/index.js';
import { createTestDataSource, TestClock, TestDataSource } from '../../../src/testing/index.js';

@DustEntity({ prefix: ['reading', 'links'] })
class Link {
  @Slug() slug!: string;
  @Field({ required: true }) title!: string;
  @Field({ type: 'string' }) note?: string | null;
  @Field({ type: 'bigint', name: 'byte-count' }) bytes?: bigint;
  @CounterField() views?: number;
  @SetField({ type: 'string' }) tags?: string[];
}

@DustEntity({ prefix: ['stamped'], mode: 'map' })
class Stamped {
  @Slug() slug!: string;
  @Field() text?: string;
  @CreatedAtField() createdAt?: Date;
  @UpdatedAtField() updatedAt?: Date;
}

@DustEntity({ prefix: ['elsewhere'], store: 'other/store' })
class Elsewhere {
  @Slug() slug!: string;
  @Field() text?: string;
}

/** What the helpers are for: a service that knows nothing of tests. */
class LinkService {
  constructor(private readonly links: Repository<Link>) {}

  async rename(slug: string, title: string): Promise<void> {
    await this.links.update(slug, { title });
  }
}

const SEED = [[Link, [{ slug: 'a', title: 'A' }]]] as const;

let open: TestDataSource[] = [];

const create = async (...args: Parameters<typeof createTestDataSource>): Promise<TestDataSource> => {
  const dataSource = await createTestDataSource(...args);
  open.push(dataSource);
  return dataSource;
};

afterEach(async () => {
  for (const dataSource of open) await dataSource.destroy();
  open = [];
});

describe('createTestDataSource', () => {
  it('gives an initialised data source', async () => {
    const dust = await create({ entities: [Link] });
    expect(dust).toBeInstanceOf(DataSource);
    expect(dust.isInitialized).toBe(true);
    expect(await dust.getRepository(Link).find()).toEqual([]);
  });

  it('shares nothing with another', async () => {
    const [one, two] = [await create({ entities: [Link], seed: SEED }), await create({ entities: [Link] })];
    expect(await one.getRepository(Link).count()).toBe(1);
    expect(await two.getRepository(Link).count()).toBe(0);
  });

  it('takes the options of a data source', async () => {
    const dust = await create({
      entities: [Link],
      namingStrategy: 'snake_case',
      deviceId: 'me',
      name: 'test',
    });
    expect(dust.name).toBe('test');
    expect(dust.transport.deviceId).toBe('me');
  });

  it('takes the options of production, and stays in memory', async () => {
    const production: DataSourceOptions = {
      entities: [Link],
      url: 'https://dustlayer.io',
      token: 'dust_tok_x',
      store: 'a/b',
      clock: systemClock,
    };
    const dust = await create(production);
    expect(await dust.transport.status()).toMatchObject({ readsFrom: 'memory' });
    expect(dust.clock).toBeInstanceOf(TestClock);
    const onDisk: DataSourceOptions = { entities: [Link], path: '/nowhere/to/be/found' };
    expect(await (await create(onDisk)).transport.status()).toMatchObject({ readsFrom: 'memory' });
  });

  it('refuses options it does not have', async () => {
    await expect(
      createTestDataSource({ entities: [Link], sockets: 'wss://x' } as never),
    ).rejects.toMatchObject({
      kind: 'invalid_options',
    });
  });
});

describe('seed', () => {
  it('writes records of several classes before the test begins, and later', async () => {
    const dust = await create({
      entities: [Link, Stamped],
      seed: [
        [Link, [{ slug: 'a', title: 'A', views: 5, tags: ['x'] }]],
        [Stamped, [{ slug: 's', text: 't' }]],
      ],
    });
    expect(await dust.getRepository(Link).find()).toMatchObject([{ slug: 'a', views: 5, tags: ['x'] }]);
    expect(await dust.getRepository(Stamped).count()).toBe(1);

    await dust.seed(Link, [{ slug: 'b', title: 'B' }]);
    expect(await dust.getRepository(Link).count()).toBe(2);
  });

  it('is validated, and an invalid one leaves nothing open', async () => {
    const attempt = createTestDataSource({ entities: [Link], seed: [[Link, [{ slug: 'a' }]]] });
    await expect(attempt).rejects.toMatchObject({ name: 'BulkInsertError', kind: 'validation', slug: 'a' });
  });
});

describe('emit', () => {
  const eventOf = async (dust: TestDataSource, action: () => Promise<unknown>) => {
    const event = firstValueFrom(dust.getRepository(Link).events());
    await action();
    return event;
  };

  it("is another writer's operation", async () => {
    const dust = await create({ entities: [Link], seed: SEED });
    const event = await eventOf(dust, () =>
      dust.emit({ op: 'merge', entity: Link, slug: 'a', value: { note: 'theirs', bytes: 7n } }),
    );
    expect(event).toMatchObject({
      type: 'upserted',
      own: false,
      slug: 'a',
      entity: { title: 'A', note: 'theirs', bytes: 7n },
    });
    expect((await dust.transport.get('reading/links/a/byte-count'))?.value).toBe('7');
  });

  it('has been heard of when it resolves', async () => {
    const dust = await create({ entities: [Link], seed: SEED });
    const heard: number[] = [];
    dust
      .getRepository(Link)
      .events()
      .subscribe(({ storeSeq }) => heard.push(storeSeq));
    const { storeSeq } = await dust.emit({ op: 'delete', entity: Link, slug: 'a' });
    expect(heard).toEqual([storeSeq]);
  });

  it('set replaces the whole record, validated or not', async () => {
    const dust = await create({ entities: [Link], seed: SEED });
    await dust.emit({ op: 'set', entity: Link, slug: 'a', value: { note: 'no title' } });
    expect((await dust.transport.get('reading/links/a'))?.value).toEqual({ note: 'no title' });
  });

  it('delete takes a record or one property', async () => {
    const dust = await create({ entities: [Link], seed: [[Link, [{ slug: 'a', title: 'A', note: 'n' }]]] });
    await dust.emit({ op: 'delete', entity: Link, slug: 'a', property: 'note' });
    expect(await dust.getRepository(Link).findOneBy({ slug: 'a' })).toMatchObject({ title: 'A' });
    expect(await dust.transport.exists('reading/links/a/note')).toBe(false);
    const event = await eventOf(dust, () => dust.emit({ op: 'delete', entity: Link, slug: 'a' }));
    expect(event).toMatchObject({ type: 'deleted', slug: 'a', own: false });
  });

  it('counters and sets change by their own operations', async () => {
    const dust = await create({ entities: [Link], seed: SEED });
    await dust.emit({ op: 'increment', entity: Link, slug: 'a', property: 'views', value: 3 });
    await dust.emit({ op: 'add', entity: Link, slug: 'a', property: 'tags', value: 'x' });
    await dust.emit({ op: 'add', entity: Link, slug: 'a', property: 'tags', value: 'y' });
    await dust.emit({ op: 'remove', entity: Link, slug: 'a', property: 'tags', value: 'x' });
    expect(await dust.getRepository(Link).findOneBy({ slug: 'a' })).toMatchObject({ views: 3, tags: ['y'] });
  });

  it('fills in time stamps by the clock, as the other program would', async () => {
    const dust = await create({ entities: [Stamped], clock: new TestClock(1000) });
    await dust.emit({ op: 'set', entity: Stamped, slug: 's', value: { text: 't' } });
    await dust.clock.advance(500);
    await dust.emit({ op: 'merge', entity: Stamped, slug: 's', value: { text: 'u' } });
    expect(await dust.getRepository(Stamped).findOneBy({ slug: 's' })).toMatchObject({
      createdAt: new Date(1000),
      updatedAt: new Date(1500),
    });
  });

  it('takes raw operations, at a rendered path or a list of segments', async () => {
    const dust = await create({ entities: [Link] });
    const operations = firstValueFrom(dust.getRepository(Link).rawEvents('**').pipe(take(6), toArray()));
    await dust.emit({ op: 'set', path: 'a/b~1c', value: { d: 1 } });
    await dust.emit({ op: 'merge', path: ['a', 'b/c'], value: { e: 2 } });
    await dust.emit({ op: 'increment', path: 'n', value: 2 });
    await dust.emit({ op: 'add', path: 's', value: 'm' });
    await dust.emit({ op: 'remove', path: 's', value: 'm' });
    await dust.emit({ op: 'delete', path: ['a'] });
    expect((await operations).map(({ op, path, deviceId }) => [op, path, deviceId])).toEqual([
      ['set', 'a/b~1c', 'other-writer'],
      ['merge', 'a/b~1c', 'other-writer'],
      ['increment', 'n', 'other-writer'],
      ['add', 's', 'other-writer'],
      ['remove', 's', 'other-writer'],
      ['delete', 'a', 'other-writer'],
    ]);
  });

  it('reaches entities in a store of their own', async () => {
    const dust = await create({ entities: [Link, Elsewhere] });
    await dust.emit({ op: 'set', entity: Elsewhere, slug: 'e', value: { text: 't' } });
    expect(await dust.getRepository(Elsewhere).find()).toMatchObject([{ slug: 'e', text: 't' }]);
    expect(await dust.transport.exists('elsewhere')).toBe(false);
  });

  it.each<[string, () => object, string]>([
    ['an empty slug', () => ({ op: 'delete', entity: Link, slug: '' }), 'invalid_criteria'],
    ['a missing slug', () => ({ op: 'delete', entity: Link }), 'invalid_criteria'],
    ['an unknown operation', () => ({ op: 'put', path: 'a', value: 1 }), 'invalid_params'],
    ['an unknown operation on a record', () => ({ op: 'put', entity: Link, slug: 'a' }), 'invalid_params'],
    [
      'an unknown property',
      () => ({ op: 'increment', entity: Link, slug: 'a', property: 'colour', value: 1 }),
      'invalid_criteria',
    ],
    ['an unknown class', () => ({ op: 'delete', entity: class Stranger {}, slug: 'a' }), 'invalid_metadata'],
    [
      'a value its field cannot hold',
      () => ({ op: 'merge', entity: Link, slug: 'a', value: { bytes: 'x' } }),
      'invalid_value',
    ],
    ['a bad path', () => ({ op: 'delete', path: 'a//b' }), 'invalid_params'],
    ['a value that is not JSON', () => ({ op: 'set', path: 'a', value: () => 1 }), 'invalid_value'],
  ])('refuses %s', async (_, operation, kind) => {
    const dust = await create({ entities: [Link] });
    await expect(dust.emit(operation() as never)).rejects.toMatchObject({ kind });
  });

  it('is refused after destroy', async () => {
    const dust = await create({ entities: [Link] });
    await dust.destroy();
    await expect(dust.emit({ op: 'delete', path: 'a' })).rejects.toMatchObject({ kind: 'closed' });
    await expect(dust.emit({ op: 'delete', entity: Link, slug: 'a' })).rejects.toMatchObject({
      kind: 'closed',
    });
  });
});

describe('types', () => {
  it('follow the classes', () => {
    const misuses = (dust: TestDataSource): unknown[] => [
      // @ts-expect-error title is a string
      dust.emit({ op: 'merge', entity: Link, slug: 'a', value: { title: 1 } }),
      // @ts-expect-error there is no headline
      dust.emit({ op: 'set', entity: Link, slug: 'a', value: { headline: 'A' } }),
      // @ts-expect-error title is no counter
      dust.emit({ op: 'increment', entity: Link, slug: 'a', property: 'title', value: 1 }),
      // @ts-expect-error members of tags are strings
      dust.emit({ op: 'add', entity: Link, slug: 'a', property: 'tags', value: 1 }),
      // @ts-expect-error there is no operation "upsert"
      dust.emit({ op: 'upsert', path: 'a', value: 1 }),
      // @ts-expect-error rank is no property
      dust.seed(Link, [{ slug: 'a', rank: 1 }]),
      // @ts-expect-error no such kind of error
      dust.failNext('offline'),
      // @ts-expect-error text is a string
      createTestDataSource({ entities: [Stamped], seed: [[Stamped, [{ text: 1 }]]] }),
      // @ts-expect-error it is always in memory
      createTestDataSource({ entities: [Link], path: './data' }),
      createTestDataSource({ entities: [Link], like: 'server-0.1' }),
      // @ts-expect-error there is no such way
      createTestDataSource({ entities: [Link], like: 'channel' }),
    ];
    expect(misuses).toBeInstanceOf(Function);
  });
});

describe('failNext', () => {
  it('makes one write of a service fail, with nothing written', async () => {
    const dust = await create({ entities: [Link], seed: SEED });
    const links = dust.getRepository(Link);
    const service = new LinkService(links);

    dust.failNext('network', { method: 'write' });
    await expect(service.rename('a', 'B')).rejects.toMatchObject({ kind: 'network', retryable: true });
    expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ title: 'A' });
    expect(dust.pendingFailures).toBe(0);

    await service.rename('a', 'B');
    expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ title: 'B' });
  });

  it('loses an answer after the commit', async () => {
    const dust = await create({ entities: [Link], seed: SEED });
    const links = dust.getRepository(Link);
    dust.failNext('timeout', { afterCommit: true });
    await expect(new LinkService(links).rename('a', 'B')).rejects.toMatchObject({ kind: 'timeout' });
    expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ title: 'B' });
  });

  it('makes reads fail', async () => {
    const dust = await create({ entities: [Link], seed: SEED });
    dust.failNext('unauthorized', { method: 'read' });
    await expect(dust.getRepository(Link).find()).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  it('gives the error the details of a real one', async () => {
    const dust = await create({ entities: [Link] });
    dust.failNext('rate_limited', { details: { retryAfter: 2 } });
    await expect(dust.getRepository(Link).find()).rejects.toMatchObject({
      kind: 'rate_limited',
      retryAfter: 2,
    });
  });

  it('leaves other writers alone', async () => {
    const dust = await create({ entities: [Link] });
    dust.failNext('network');
    await dust.emit({ op: 'set', entity: Link, slug: 'a', value: { title: 'A' } });
    expect(dust.pendingFailures).toBe(1);
  });

  it('can be called off', async () => {
    const dust = await create({ entities: [Link], seed: SEED });
    dust.failNext('network')();
    expect(await dust.getRepository(Link).count()).toBe(1);
  });
});

describe('clock', () => {
  it('decides over leases and time stamps', async () => {
    const dust = await create({ entities: [Link, Stamped] });
    const start = dust.clock.now();
    const lease = await dust.manager.lease('locks/job', { ttl: 1000 });
    await dust.clock.advance(1000);
    await expect(lease.renew()).rejects.toMatchObject({ kind: 'not_held' });

    const saved = await dust.getRepository(Stamped).save({ slug: 's', text: 't' });
    expect(saved.createdAt).toEqual(new Date(start + 1000));
  });

  it('keeps a lease renewed while a shared computation takes its time', async () => {
    const dust = await create({ entities: [Link] });
    let finish: (value: string) => void = () => undefined;
    const first = dust.manager.singleFlight(
      'results/x',
      () => new Promise<string>((resolve) => (finish = resolve)),
      { ttl: 3000 },
    );
    await dust.clock.advance(60_000);
    const second = dust.manager.singleFlight('results/x', () => 'second', { ttl: 3000 });
    await dust.clock.advance(60_000);
    finish('first');
    expect(await Promise.all([first, second])).toEqual(['first', 'first']);
  });
});

it.each([
  [5, 'the number 5'],
  [null, 'null'],
  ['', 'the string ""'],
  [{}, 'an object'],
  [[null], 'null at position 0'],
  [[[Link, []], 'links'], 'the string "links" at position 1'],
  [[[Link]], 'an array at position 0'],
  [[[Link, 5]], 'an array at position 0'],
  [[['links', []]], 'an array at position 0'],
  [[[Link, [], []]], 'an array at position 0'],
])('a seed that is none is refused before anything is opened: %j', async (seed, found) => {
  const made = createTestDataSource({ entities: [Link], seed: seed as never });
  await expect(made).rejects.toMatchObject({
    kind: 'invalid_options',
    message: expect.stringMatching(
      /seed must be an array of pairs of a class and its records, \[\[Link, \[\{ .* \}\]\]\], not /,
    ),
  });
  await expect(made).rejects.toThrow(found);
});
