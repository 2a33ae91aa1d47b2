import { filter, firstValueFrom, ReplaySubject } from 'rxjs';
import type { Repository } from '../../../src/index.js';
import { CounterField, DataSource, DustEntity, Field, Slug, VersionField } from '../../../src/index.js';
import { silentLogger } from '../../../src/logging.js';
import { createChannelTransport } from '../../../src/transport/channel/index.js';
import { resources, settledTo } from '../../unit/sync/phoenix/link-scene.js';
import type { Scene } from '../../unit/transport/channel/channel-scene.js';
import { openScene } from '../../unit/transport/channel/channel-scene.js';
import { TcpProxy } from '../tcp-proxy.js';

@DustEntity('orders')
class Order {
  @Slug() id!: string;
  @Field() state!: string;
  @Field() a!: string;
  @Field() b!: string;
  @Field() c!: string;
  @VersionField() version!: number;
}

/** What somebody else writes meanwhile. */
@DustEntity('visits')
class Visit {
  @Slug() id!: string;
  @Field() page!: string;
  @CounterField() count!: number;
}

const SERIALISATIONS = ['json', 'messagepack'] as const;
const ROUNDS = 4;

let scene: Scene;
let proxy: TcpProxy;
let before: string[];
let open: DataSource[];
let serialization: (typeof SERIALISATIONS)[number];

/** A data source with an engine of its own. Its HTTP goes to the server itself, its socket through the proxy if it is to be `cut`. */
async function connect(deviceId: string, way: 'direct' | 'cut'): Promise<DataSource> {
  const port = way === 'cut' ? proxy.port : new URL(scene.url).port;
  const dataSource = new DataSource({
    entities: [Order, Visit],
    logger: silentLogger,
    transport: ({ logger }) =>
      createChannelTransport(
        {
          url: scene.url,
          token: scene.token,
          store: 'acme/reading',
          socketUrl: `ws://127.0.0.1:${port}/ws/sync/websocket`,
          deviceId,
          serialization,
          logger,
          limits: { gapTimeout: 20, backoff: { base: 10, max: 50 } },
        },
        scene.engines,
      ),
  });
  open.push(dataSource);
  return dataSource.initialize();
}

/** The state of both orders, as far as they are there. */
const shown = (orders: readonly Order[]): string =>
  orders
    .flatMap(({ id, state, a, b, c }) => (id === 'end' ? [] : [`${id} ${[state, a, b, c].join('')}`]))
    .join(', ');

/** What an observer hears until the order `end` is there. */
function observe(orders: Repository<Order>) {
  const [events, lists]: [{ order: string; version: number; storeSeq: number }[], string[]] = [[], []];
  const ends = new ReplaySubject<unknown>(1);
  const eventing = orders.events().subscribe((event) => {
    if (event.type === 'deleted' || event.slug === 'end') return;
    const { entity, storeSeq } = event;
    events.push({ order: shown([entity]), version: entity.version, storeSeq });
  });
  const listing = orders.live().subscribe((list) => {
    lists.push(shown(list));
    if (list.some(({ id }) => id === 'end')) ends.next(undefined);
  });
  return {
    events,
    lists,
    ended: firstValueFrom(ends).finally(() => {
      eventing.unsubscribe();
      listing.unsubscribe();
    }),
  };
}

/** What the finding does, again and again: one order at its revision, then both in a batch. */
async function write({ manager }: DataSource): Promise<void> {
  const orders = manager.getRepository(Order);
  for (let n = 0; n < ROUNDS; n++) {
    const order = await orders.findOneByOrFail({ id: '1' });
    const ifMatch = orders.revisionOf(order)!;
    await orders.update('1', { state: `p${n}`, a: 'x', b: 'x', c: 'x' }, { ifMatch });
    await manager.batch((batch) => {
      for (const id of ['2', '1']) batch.update(Order, id, { state: `s${n}`, a: 'y', b: 'y', c: 'y' });
    });
  }
}

/** Another program, which writes whatever it writes: single operations, counters and batches. */
async function visit({ manager }: DataSource): Promise<void> {
  const visits = manager.getRepository(Visit);
  for (let n = 0; n < 3 * ROUNDS; n++) {
    await Promise.all([
      visits.insert({ id: `v${n}`, page: 'a', count: 0 }),
      visits.increment('sum', 'count', 1),
      visits.update('sum', { page: `p${n}` }),
    ]);
    await manager.batch((batch) => {
      batch.delete(Visit, `v${n}`);
      batch.insert(Visit, { id: `w${n}`, page: 'b', count: 0 });
    });
  }
}

/** Every state that was committed, in its order. */
const COMMITTED = [
  '1 newaaa, 2 newaaa',
  ...Array.from({ length: ROUNDS }, (_, n) => [
    `1 p${n}xxx, 2 ${n === 0 ? 'newaaa' : `s${n - 1}yyy`}`,
    `1 s${n}yyy, 2 s${n}yyy`,
  ]).flat(),
];

describe.each(SERIALISATIONS.flatMap((each) => [[each, undefined] as const, [each, '0.1'] as const]))(
  'one commit is one event and one list, %s, imitating %s',
  (each, imitate) => {
    let observer: DataSource;
    let writer: DataSource;
    let other: DataSource;

    beforeEach(async () => {
      before = resources();
      open = [];
      serialization = each;
      scene = await openScene(imitate === undefined ? {} : { imitate });
      proxy = await TcpProxy.open(Number(new URL(scene.url).port));
      observer = await connect('observer', 'cut');
      writer = await connect('writer', 'direct');
      other = await connect('other', 'direct');
      await other.getRepository(Visit).insert({ id: 'sum', page: '', count: 0 });
      await writer.getRepository(Order).insert([
        { id: '1', state: 'new', a: 'a', b: 'a', c: 'a' },
        { id: '2', state: 'new', a: 'a', b: 'a', c: 'a' },
      ]);
      // A batch goes over HTTP, which a server of version 0.1 tells nobody of; the next operation shows it.
      await writer.transport.set('orders-written/yes', true);
      await firstValueFrom(
        observer
          .getRepository(Order)
          .live()
          .pipe(filter((list) => list.length === 2)),
      );
    });

    afterEach(async () => {
      proxy.refuse(false);
      await Promise.all(open.map((dataSource) => dataSource.destroy()));
      await scene.close();
      await proxy.close();
      await settledTo(before);
    });

    const expectEvents = (events: ReturnType<typeof observe>['events']): void => {
      expect(events.map(({ order }) => order)).toEqual(
        Array.from({ length: ROUNDS }, (_, n) => [`1 p${n}xxx`, `1 s${n}yyy`, `2 s${n}yyy`]).flat(),
      );
      // A version moves once for each commit: to a seq within it.
      const ends = [0, ...new Set(events.map(({ storeSeq }) => storeSeq))];
      for (const { version, storeSeq } of events) {
        expect(version).toBeGreaterThan(ends[ends.indexOf(storeSeq) - 1]!);
        expect(version).toBeLessThanOrEqual(storeSeq);
      }
      for (let i = 1; i < events.length; i += 3) expect(events[i]!.storeSeq).toBe(events[i + 1]!.storeSeq);
    };

    /** Only what was committed, in its order, and nothing twice but when the end was added. */
    const expectLists = (lists: readonly string[]): void => {
      const told = lists.map((list) => COMMITTED.indexOf(list));
      expect(told).not.toContain(-1);
      expect(told).toEqual(told.toSorted((x, y) => x - y));
      expect(told.at(-1)).toBe(COMMITTED.length - 1);
      expect(told.length - new Set(told).size).toBeLessThanOrEqual(1);
    };

    const end = (): Promise<unknown> =>
      writer.getRepository(Order).insert({ id: 'end', state: '', a: '', b: '', c: '' });

    it('while a second client writes', async () => {
      const { events, lists, ended } = observe(observer.getRepository(Order));
      await Promise.all([write(writer), visit(other)]);
      await end();
      await ended;
      expectEvents(events);
      expectLists(lists);
    });

    it('through a reconnect and the catch-up behind it, while a second client writes', async () => {
      const { events, lists, ended } = observe(observer.getRepository(Order));
      proxy.refuse();
      proxy.cut();
      await firstValueFrom(observer.transport.status$.pipe(filter(({ state }) => state === 'degraded')));
      await Promise.all([write(writer), visit(other)]);
      const visiting = visit(other);
      proxy.refuse(false);
      await visiting;
      await end();
      await ended;
      expectEvents(events);
      expectLists(lists);
    });
  },
);
