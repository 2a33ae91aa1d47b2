import { filter, firstValueFrom, map, ReplaySubject } from 'rxjs';
import type { EntityEvent, Repository } from '../../../src/index.js';
import { DataSource } from '../../../src/index.js';
import { silentLogger } from '../../../src/logging.js';
import { createChannelTransport } from '../../../src/transport/channel/index.js';
import type { Item } from '../../contract/entities.js';
import { defineItem } from '../../contract/entities.js';
import { resources, settledTo } from '../../unit/sync/phoenix/link-scene.js';
import type { Scene } from '../../unit/transport/channel/channel-scene.js';
import { openScene } from '../../unit/transport/channel/channel-scene.js';
import { TcpProxy } from '../tcp-proxy.js';

const SERIALISATIONS = ['json', 'messagepack'] as const;

/** HTTP goes to the server itself, the socket through a proxy that breaks. */
let scene: Scene;
let proxy: TcpProxy;
let dataSource: DataSource;
let items: Repository<Item>;
let before: string[];

async function open(
  serialization: (typeof SERIALISATIONS)[number],
  imitate: '0.1' | undefined,
): Promise<void> {
  scene = await openScene(imitate === undefined ? {} : { imitate });
  proxy = await TcpProxy.open(Number(new URL(scene.url).port));
  const entity = defineItem(['items']);
  dataSource = new DataSource({
    entities: [entity],
    logger: silentLogger,
    transport: ({ logger }) =>
      createChannelTransport(
        {
          url: scene.url,
          token: scene.token,
          store: 'acme/reading',
          socketUrl: `ws://127.0.0.1:${proxy.port}/ws/sync/websocket`,
          serialization,
          logger,
          limits: { gapTimeout: 20, backoff: { base: 10, max: 50 } },
        },
        scene.engines,
      ),
  });
  await dataSource.initialize();
  items = dataSource.getRepository(entity);
}

beforeEach(() => {
  before = resources();
});

afterEach(async () => {
  proxy.refuse(false);
  await dataSource.destroy();
  await scene.close();
  await proxy.close();
  await settledTo(before);
});

/** Another program writes both records in one commit, straight to the store. */
const both = (rank: number): Promise<unknown> =>
  scene.store.writeBatch({
    operations: ['b', 'a'].map((slug) => ({ op: 'set', path: `items/${slug}/rank`, value: rank }) as const),
  });

/** What observers see until the record `end` is written. */
function observe(): {
  lists: string[];
  events: EntityEvent<Item>[];
  ended: Promise<unknown>;
  stop: () => void;
} {
  const [lists, events]: [string[], EntityEvent<Item>[]] = [[], []];
  const slugs = new ReplaySubject<string>();
  const listing = items
    .live()
    .pipe(map((list) => list.filter(({ slug }) => slug !== 'end').map(({ rank }) => rank)))
    .subscribe((ranks) => lists.push([...new Set(ranks)].join(' ')));
  const eventing = items.events().subscribe((event) => {
    if (event.slug !== 'end') events.push(event);
    slugs.next(event.slug);
  });
  const stop = (): void => {
    listing.unsubscribe();
    eventing.unsubscribe();
  };
  return { lists, events, stop, ended: firstValueFrom(slugs.pipe(filter((slug) => slug === 'end'))) };
}

function expectWhole(lists: readonly string[], events: readonly EntityEvent<Item>[]): void {
  for (const ranks of lists) expect(ranks).toMatch(/^\d*$/);
  expect(events.length % 2).toBe(0);
  for (let i = 0; i < events.length; i += 2) {
    const pair = [events[i], events[i + 1]];
    expect(pair.map((event) => event?.slug)).toEqual(['a', 'b']);
    const [one, two] = pair.map((event) => event?.type === 'upserted' && event.entity.rank);
    expect([one, pair[0]?.storeSeq]).toEqual([two, pair[1]?.storeSeq]);
  }
}

describe.each(
  SERIALISATIONS.flatMap((serialization) => [
    [serialization, undefined] as const,
    [serialization, '0.1'] as const,
  ]),
)('over the channel, %s, imitating %s', (serialization, imitate) => {
  beforeEach(() => open(serialization, imitate));

  it('no commit of those made while the connection was away is seen in parts', async () => {
    await both(0);
    const { lists, events, ended, stop } = observe();
    await firstValueFrom(items.live().pipe(filter((list) => list.length === 2)));
    proxy.refuse();
    proxy.cut();
    await firstValueFrom(dataSource.transport.status$.pipe(filter(({ state }) => state === 'degraded')));
    for (let rank = 1; rank <= 12; rank++) await both(rank);
    await scene.store.write({ op: 'set', path: 'items/end', value: { rank: 0 } });
    proxy.refuse(false);
    await ended;
    stop();
    expectWhole(lists, events);
    expect(events.filter((event) => event.type === 'upserted' && event.entity.rank > 0)).toHaveLength(24);
    expect(lists.at(-1)).toBe('12');
  });

  it('no commit is seen in parts, however often the connection is cut in the midst of them', async () => {
    const { lists, events, ended, stop } = observe();
    for (let round = 1; round <= 5; round++) {
      const writes = Array.from({ length: 20 }, (_, i) => both(round * 100 + i));
      await writes[5];
      proxy.cut();
      await Promise.all(writes);
    }
    await scene.store.write({ op: 'set', path: 'items/end', value: { rank: 0 } });
    await ended;
    stop();
    expectWhole(lists, events);
    expect(events).toHaveLength(200);
  });
});
