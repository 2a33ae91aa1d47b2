import { firstValueFrom } from 'rxjs';
import {
  CreatedAtField,
  DustEntity,
  Field,
  silentLogger,
  Slug,
  Unique,
  UpdatedAtField,
} from '../../../src/index.js';
import type { DataSourceOptions } from '../../../src/index.js';
import { DustServer } from '../../../src/server/index.js';
import { createTestDataSource, TestClock, TestDataSource } from '../../../src/testing/index.js';
import { ALL, Link, LIVE, SERVED } from './production.js';

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

@DustEntity('accounts')
class Account {
  @Slug() id!: string;
  @Field('string') @Unique() email?: string;
}

const HOUR = 3_600_000;
const SEED = [[Link, [{ slug: 'a', title: 'A' }]]] as const;

/** Where the servers listen that are started from now on. They say that it is elsewhere when they are told to. */
function listened(elsewhere = (url: string): string => url): string[] {
  const urls: string[] = [];
  const listen = DustServer.prototype.listen;
  jest.spyOn(DustServer.prototype, 'listen').mockImplementation(async function (this: DustServer, options) {
    const { url } = await listen.call(this, options);
    urls.push(url);
    return { url: elsewhere(url) };
  });
  return urls;
}

afterEach(() => {
  jest.restoreAllMocks();
});

const isAnswering = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`, { headers: { connection: 'close' } }).then(
    ({ ok }) => ok,
    () => false,
  );

describe('like', () => {
  it('is refused with its choices when there is none such', async () => {
    await expect(
      createTestDataSource({ entities: [Link], like: 'production' as never }),
    ).rejects.toMatchObject({
      kind: 'invalid_options',
      message: 'like must be one of "memory", "server", "server-0.1", "http", "http-0.1", not "production".',
    });
    for (const like of [null, 'toString', 1]) {
      expect(() => new TestDataSource({ entities: [Link], like: like as never })).toThrow(
        expect.objectContaining({ kind: 'invalid_options' }),
      );
    }
  });

  it.each([undefined, 'memory'] as const)('%s starts no server', async (like) => {
    const urls = listened();
    await using dust = await createTestDataSource({
      entities: [Link],
      ...(like === undefined ? {} : { like }),
    });
    expect(await dust.transport.status()).toMatchObject({ readsFrom: 'memory' });
    expect(urls).toEqual([]);
  });

  it('takes the options of production, and goes to its own server with those that say how', async () => {
    const urls = listened();
    const production: DataSourceOptions = {
      entities: [Link],
      store: 'acme/reading',
      url: 'https://dustlayer.io',
      token: () => Promise.reject(new Error('nobody asks')),
      socketUrl: 'wss://dustlayer.io/ws/sync/websocket',
      cache: { path: '/nowhere/to/be/found' },
      realtime: false,
      deviceId: 'me',
      delivery: 'at-least-once',
      mirror: 'all',
      retry: {},
      channel: { gapTimeout: 20 },
      path: '/nowhere/to/be/found',
    };
    await using dust = await createTestDataSource({ ...production, like: 'server' });
    expect(await dust.transport.status()).toMatchObject({ state: 'live', readsFrom: 'channel' });
    expect(dust.transport.deviceId).toBe('me');
    await dust.getRepository(Link).insert({ slug: 'a', title: 'A', views: 1 });
    await dust.getRepository(Link).increment('a', 'views', 1);
    // No lease of a session was taken for it.
    expect(await dust.transport.subtree('_dust:session')).toEqual([]);
    expect(urls).toHaveLength(1);
    expect(new URL(urls[0]!).hostname).toBe('127.0.0.1');
  });
});

describe.each(ALL)('like %s', (like) => {
  it('keeps unique what is unique', async () => {
    await using dust = await createTestDataSource({ entities: [Account], like });
    const accounts = dust.getRepository(Account);
    await accounts.insert({ id: '1', email: 'a@example.org' });
    await expect(accounts.insert({ id: '2', email: 'a@example.org' })).rejects.toMatchObject({
      kind: 'exists',
      detail: 'duplicate',
    });
  });

  const seeded = (): Promise<TestDataSource> => createTestDataSource({ entities: [Link], like, seed: SEED });

  it('is seeded, and shares nothing with another', async () => {
    await using one = await seeded();
    await using two = await createTestDataSource({ entities: [Link], like });
    expect(await one.getRepository(Link).find()).toMatchObject([
      { slug: 'a', title: 'A', priority: 'normal' },
    ]);
    expect(await two.getRepository(Link).count()).toBe(0);
    await two.seed(Link, [{ slug: 'b', title: 'B' }]);
    expect(await one.getRepository(Link).count()).toBe(1);
  });

  it("reads another writer's operations, once emit resolves", async () => {
    await using dust = await seeded();
    await dust.emit({ op: 'merge', entity: Link, slug: 'a', value: { note: 'theirs' } });
    await dust.emit({ op: 'increment', entity: Link, slug: 'a', property: 'views', value: 3 });
    await dust.emit({ op: 'add', entity: Link, slug: 'a', property: 'tags', value: 'x' });
    expect(await dust.getRepository(Link).findOneBy({ slug: 'a' })).toMatchObject({
      title: 'A',
      note: 'theirs',
      views: 3,
      tags: ['x'],
    });
    const { storeSeq } = await dust.emit({ op: 'set', path: 'b/c', value: 1 });
    expect(await dust.transport.get('b/c')).toMatchObject({ value: 1, revision: storeSeq });
    await dust.emit({ op: 'delete', path: 'not/there' });
  });

  it('fails by plan, before a write and after it, and then no more', async () => {
    await using dust = await seeded();
    const links = dust.getRepository(Link);
    dust.failNext('rate_limited', { method: 'write', details: { retryAfter: 2 } });
    await expect(links.update('a', { title: 'B' })).rejects.toMatchObject({
      kind: 'rate_limited',
      retryAfter: 2,
    });
    expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ title: 'A' });
    dust.failNext('timeout', { method: 'write', afterCommit: true });
    await expect(links.update('a', { title: 'C' })).rejects.toMatchObject({ kind: 'timeout' });
    dust.failNext('network', { method: 'read' });
    await expect(links.find()).rejects.toMatchObject({ kind: 'network' });
    dust.failNext('network', { times: 2 });
    await dust.emit({ op: 'merge', entity: Link, slug: 'a', value: { note: 'theirs' } });
    expect(dust.pendingFailures).toBe(2);
    await expect(links.update('a', { title: 'D' })).rejects.toMatchObject({ kind: 'network' });
    await expect(links.count()).rejects.toMatchObject({ kind: 'network' });
    expect(await links.find()).toMatchObject([{ title: 'C', note: 'theirs' }]);
  });

  it('stamps by a clock that stands still until it is moved, however far', async () => {
    await using dust = await createTestDataSource({ entities: [Stamped], like, clock: new TestClock(1000) });
    const stamped = dust.getRepository(Stamped);
    await stamped.insert({ slug: 's', text: 't' });
    await dust.clock.advance(HOUR);
    await stamped.update('s', { text: 'u' });
    expect(await stamped.findOneBy({ slug: 's' })).toMatchObject({
      createdAt: new Date(1000),
      updatedAt: new Date(1000 + HOUR),
    });
  });

  it('makes more requests than a minute has at a remote server', async () => {
    await using dust = await seeded();
    const links = dust.getRepository(Link);
    for (let i = 0; i < 101; i++) await links.update('a', { note: String(i) });
    expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ note: '100' });
  });

  it('keeps entities with a store of their own apart', async () => {
    await using dust = await createTestDataSource({ entities: [Link, Elsewhere], like, seed: SEED });
    await dust.getRepository(Elsewhere).insert({ slug: 'e', text: 't' });
    await dust.emit({ op: 'merge', entity: Elsewhere, slug: 'e', value: { text: 'u' } });
    expect(await dust.getRepository(Elsewhere).find()).toMatchObject([{ slug: 'e', text: 'u' }]);
    expect(await dust.transport.exists('elsewhere')).toBe(false);
    expect(await dust.getRepository(Link).count()).toBe(1);
  });

  it('is refused after destroy, and begins anew', async () => {
    const dust = await seeded();
    await dust.destroy();
    await expect(dust.emit({ op: 'delete', path: 'a' })).rejects.toMatchObject({ kind: 'closed' });
    await expect(dust.getRepository(Link).count()).rejects.toMatchObject({ kind: 'closed' });
    await dust.initialize();
    expect(await dust.getRepository(Link).count()).toBe(0);
    await dust.destroy();
  });
});

describe.each(LIVE)('like %s', (like) => {
  it('has told events and lists of an operation when emit resolves', async () => {
    await using dust = await createTestDataSource({ entities: [Link], like, seed: SEED });
    const links = dust.getRepository(Link);
    const events: unknown[] = [];
    const lists: string[][] = [];
    links.events().subscribe(({ type, own, storeSeq }) => events.push([type, own, storeSeq]));
    const live$ = links.live();
    const begun = firstValueFrom(live$);
    live$.subscribe((list) => lists.push(list.map(({ title }) => title)));
    await begun;
    const { storeSeq } = await dust.emit({
      op: 'merge',
      entity: Link,
      slug: 'a',
      value: { title: 'theirs' },
    });
    expect(events).toEqual([['upserted', false, storeSeq]]);
    expect(lists).toEqual([['A'], ['theirs']]);
    const last = await dust.emit({ op: 'delete', entity: Link, slug: 'a' });
    expect(events).toEqual([
      ['upserted', false, storeSeq],
      ['deleted', false, last.storeSeq],
    ]);
    expect(lists.at(-1)).toEqual([]);
  });

  it('knows its own writes from those of others', async () => {
    await using dust = await createTestDataSource({ entities: [Link], like, seed: SEED });
    const own: boolean[] = [];
    dust
      .getRepository(Link)
      .events()
      .subscribe((event) => own.push(event.own));
    await dust.getRepository(Link).update('a', { title: 'mine' });
    await dust.emit({ op: 'merge', entity: Link, slug: 'a', value: { title: 'theirs' } });
    expect(own).toEqual([true, false]);
  });

  it('has leases that end when the clock says so', async () => {
    await using dust = await createTestDataSource({ entities: [Link], like });
    const first = await dust.manager.lease('jobs/nightly', { ttl: 1000, holder: 'one' });
    await dust.clock.advance(999);
    await expect(dust.manager.lease('jobs/nightly', { holder: 'two' })).rejects.toMatchObject({
      kind: 'held',
    });
    await dust.clock.advance(2);
    const second = await dust.manager.lease('jobs/nightly', { holder: 'two' });
    expect(second.token).toBeGreaterThan(first.token);
    await expect(first.renew()).rejects.toMatchObject({ kind: 'not_held' });
  });

  it('renews a lease on its way through a long time, as one call of advance goes it', async () => {
    await using dust = await createTestDataSource({ entities: [Link], like });
    let finish: (value: string) => void = () => undefined;
    const compute = (): Promise<string> => new Promise((resolve) => (finish = resolve));
    const first = dust.manager.singleFlight('results/x', compute, { ttl: 3000 });
    await dust.clock.advance(60_000);
    const second = dust.manager.singleFlight('results/x', () => 'second', { ttl: 3000 });
    await dust.clock.advance(60_000);
    finish('first');
    expect(await Promise.all([first, second])).toEqual(['first', 'first']);
  });

  it('counts each increment once, also when the clock has leapt over the lease of its session', async () => {
    await using dust = await createTestDataSource({ entities: [Link], like, seed: SEED });
    const links = dust.getRepository(Link);
    const states: string[] = [];
    dust.status$.subscribe(({ state }) => states.push(state));
    for (let i = 0; i < 3; i++) {
      await links.increment('a', 'views', 1);
      await dust.clock.advance(HOUR);
    }
    expect(await links.findOneBy({ slug: 'a' })).toMatchObject({ views: 3 });
    expect(new Set(states)).toEqual(new Set(['live']));
  });

  it('ends subscriptions with destroy', async () => {
    const dust = await createTestDataSource({ entities: [Link], like, seed: SEED });
    const ended = jest.fn();
    dust.getRepository(Link).live().subscribe({ complete: ended });
    await dust.destroy();
    expect(ended).toHaveBeenCalledTimes(1);
  });
});

describe.each(SERVED)('like %s', (like) => {
  it('has a server as long as it is open', async () => {
    const urls = listened();
    const dust = await createTestDataSource({ entities: [Link, Elsewhere], like });
    expect(await Promise.all(urls.map(isAnswering))).toEqual([true, true]);
    await dust.destroy();
    expect(await Promise.all(urls.map(isAnswering))).toEqual([false, false]);
    await dust.destroy();
  });

  it('leaves none behind a seed that is refused', async () => {
    const urls = listened();
    const attempt = createTestDataSource({ entities: [Link], like, seed: [[Link, [{ slug: 'a' }]]] });
    await expect(attempt).rejects.toMatchObject({ name: 'BulkInsertError', kind: 'validation' });
    expect(await Promise.all(urls.map(isAnswering))).toEqual([false]);
  });

  it('leaves none behind when it cannot be initialised', async () => {
    @DustEntity({ prefix: ['strange'], store: 'acme/(strange)' })
    class Strange {
      @Slug() slug!: string;
      @Field() text?: string;
    }
    const urls = listened();
    await expect(createTestDataSource({ entities: [Link, Strange], like })).rejects.toMatchObject({
      kind: 'invalid_options',
      message: expect.stringContaining('acme/(strange)'),
    });
    expect(await Promise.all(urls.map(isAnswering))).toEqual([false]);
  });

  it('leaves none behind that it cannot reach', async () => {
    const urls = listened(() => 'http://127.0.0.1:9');
    await expect(createTestDataSource({ entities: [Link], like })).rejects.toMatchObject({ kind: 'network' });
    expect(await Promise.all(urls.map(isAnswering))).toEqual([false]);
  });

  it('lets no clock go on without it once it is gone', async () => {
    const clock = new TestClock();
    const follow = jest.spyOn(clock, 'follow');
    const dust = await createTestDataSource({ entities: [Link], like, clock });
    expect(follow).toHaveBeenCalledTimes(1);
    await dust.destroy();
    const [following] = follow.mock.calls[0]!;
    expect(following()).toBeUndefined();
    await clock.advance(HOUR);
  });

  it('logs nothing of its server in the ordinary course', async () => {
    const lines = jest.fn();
    const logger = { ...silentLogger, info: lines, warn: lines, error: lines };
    await using dust = await createTestDataSource({ entities: [Link], like, logger, seed: SEED });
    await dust.getRepository(Link).update('a', { title: 'B' });
    expect(lines).not.toHaveBeenCalled();
  });
});
