import 'reflect-metadata';
import type { Subscription } from 'rxjs';
import { DataSource, DustEntity, Field, Index, Slug } from '../../../../src/index.js';
import { silentLogger } from '../../../../src/logging.js';
import { DustServer } from '../../../../src/server/index.js';
import { EmbeddedTransport } from '../../../../src/transport/embedded/index.js';
import { DustError } from '../../../../src/errors.js';
import { goOn } from '../model/turns.js';
import { World, isCurrent } from './world.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Index() @Field('integer') rank!: number;
  @Field('string') text?: string | null;
}

const STORE = 'acme/app';
const TOKEN = 'the-token-of-these-tests';
const lost = (): DustError => new DustError('network', 'cut off');

it('a node that takes a snapshot in the middle of its life: those who look at it see the new state, and nobody half of one', async () => {
  const world = new World();
  let isCut = false;
  let openGate: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (openGate = resolve));
  const one = world.join();
  const late = world.join({
    log: (log) => ({
      read: (from, options) => (isCut ? Promise.reject(lost()) : log.read(from, options)),
    }),
    shelf: (shelf) => ({
      get: async (name) => {
        await gate;
        return shelf.get(name);
      },
    }),
  });
  const server = new DustServer({
    stores: { [STORE]: late.store },
    tokens: [{ token: TOKEN }],
    rateLimits: false,
    logger: silentLogger,
  });
  const { url } = await server.listen({ port: 0 });
  const open = (store: typeof late.store): Promise<DataSource> =>
    new DataSource({
      store: STORE,
      entities: [Note],
      logging: false,
      transport: ({ deviceId }) => new EmbeddedTransport({ store, deviceId }),
    }).initialize();
  const [writer, reader] = [await open(one.store), await open(late.store)];
  const remote = await new DataSource({
    store: STORE,
    entities: [Note],
    logging: false,
    url,
    token: TOKEN,
    channel: { backoff: { base: 1, max: 20 } },
  }).initialize();
  const subscriptions: Subscription[] = [];
  const seen: Record<string, string[]> = {};
  const events: string[] = [];
  const errors: unknown[] = [];
  const look = (name: string, source: DataSource, take?: number): void => {
    const options = take === undefined ? {} : { take, order: { rank: 'DESC' as const } };
    const live = source.getRepository(Note).live(options);
    subscriptions.push(
      live.subscribe({
        next: (notes) => (seen[name] = notes.map(({ id, text }) => `${id} ${text}`).sort()),
        error: (error: unknown) => errors.push(error),
      }),
    );
  };
  try {
    const notes = writer.getRepository(Note);
    for (let i = 0; i < 6; i++) await notes.insert({ id: `n${i}`, rank: i, text: 'old' });
    await world.untilSome(() => isCurrent(late, world));
    look('all', reader);
    look('top', reader, 3);
    look('remote', remote);
    subscriptions.push(
      reader
        .getRepository(Note)
        .events()
        .subscribe({
          next: ({ type, slug }) => events.push(`${type} ${slug}`),
          error: (error) => errors.push(error),
        }),
    );
    await world.untilSome(
      () => seen.all?.length === 6 && seen.top?.length === 3 && seen.remote?.length === 6,
    );
    isCut = true;
    await notes.update('n1', { text: 'new' });
    await notes.delete('n5');
    await notes.delete('n4');
    await one.node.snapshot();
    await notes.insert({ id: 'n9', rank: 9, text: 'new' });
    await one.node.snapshot();
    events.length = 0;
    isCut = false;
    await world.untilSome(() => late.node.state.name === 'restoring');
    const headers = { authorization: `Bearer ${TOKEN}` };
    const [ready, health, dump] = await Promise.all([
      fetch(`${url}/readyz`),
      fetch(`${url}/healthz`),
      fetch(`${url}/api/stores/${STORE}/export`, { headers }),
    ]);
    expect([ready.status, health.status, dump.status]).toEqual([503, 503, 503]);
    expect(await dump.json()).toEqual({ error: 'storage', detail: 'restoring' });
    expect(await ready.json()).toMatchObject({ reason: 'storage (restoring)' });
    expect(seen.all).toHaveLength(6);
    expect(events).toEqual([]);
    openGate();
    const all = ['n0 old', 'n1 new', 'n2 old', 'n3 old', 'n9 new'];
    await world.untilSome(() => [seen.all, seen.remote].every((each) => each?.join() === all.join()));
    await world.untilSome(() => seen.top?.join() === 'n2 old,n3 old,n9 new');
    expect(events.sort()).toEqual(['deleted n4', 'deleted n5', 'upserted n1', 'upserted n9']);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    // And it goes on.
    await notes.insert({ id: 'n8', rank: 8, text: 'later' });
    await world.untilSome(() => [seen.all, seen.remote].every((each) => each?.includes('n8 later')));
    expect(seen.top).toEqual(['n3 old', 'n8 later', 'n9 new']);
    expect(errors).toEqual([]);
  } finally {
    for (const subscription of subscriptions) subscription.unsubscribe();
    for (const source of [writer, reader, remote]) await source.destroy();
    await server.close();
    await goOn();
    await world.close();
  }
}, 60_000);
