import { getEventListeners } from 'node:events';
import { randomUUID } from 'node:crypto';
import { BehaviorSubject, Subject, filter, firstValueFrom } from 'rxjs';
import { DustError } from '../../../../src/errors.js';
import { CounterField, DataSource, DustEntity, Field, Slug, silentLogger } from '../../../../src/index.js';
import { DustServer, openStore } from '../../../../src/server/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { Patience } from '../../../../src/transport/channel/patience.js';
import type { ReadState } from '../../../../src/transport/channel/read-choice.js';
import { calm } from '../../sync/engine-bench.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field({ required: true }) text!: string;
  @CounterField() reads!: number;
}

@DustEntity({ prefix: 'maps', mode: 'map' })
class MapNote {
  @Slug() id!: string;
  @Field({ required: true }) text!: string;
}

const away = new DustError('network', 'nothing reached the server', { detail: 'connection_refused' });

describe('a read that a write depends on', () => {
  const scene = (failures: number, error: Error = away) => {
    const clock = new TestClock(0);
    const states$ = new BehaviorSubject<ReadState>({ isLive: false, readsFrom: 'http' });
    const closed$ = new Subject<undefined>();
    const patience = new Patience({ clock, writeTimeout: 10_000, states$, closed$ });
    let reads = 0;
    const read = (): Promise<string> =>
      ++reads <= failures ? Promise.reject(error) : Promise.resolve('read');
    const outcome: { value?: string; error?: unknown } = {};
    const begin = (signal?: AbortSignal): void => {
      patience.read(read, signal).then(
        (value) => (outcome.value = value),
        (thrown: unknown) => (outcome.error = thrown),
      );
    };
    return { clock, states$, closed$, begin, outcome, reads: () => reads };
  };

  it('is made again until the server is reached', async () => {
    const { clock, begin, outcome, reads } = scene(3);
    begin();
    await clock.advance(2999);
    expect([outcome, reads()]).toEqual([{}, 3]);
    await clock.advance(1);
    expect(outcome).toEqual({ value: 'read' });
    expect(clock.pending).toBe(0);
  });

  it('is made again as soon as the mirror is live', async () => {
    const { clock, states$, begin, outcome } = scene(1);
    begin();
    await calm();
    states$.next({ isLive: true, readsFrom: 'channel' });
    await calm();
    expect(outcome).toEqual({ value: 'read' });
    expect(clock.pending).toBe(0);
  });

  it('is not made again and again while the mirror is live and HTTP is not', async () => {
    const { clock, states$, begin, reads } = scene(100);
    states$.next({ isLive: true, readsFrom: 'channel' });
    begin();
    await clock.advance(2500);
    expect(reads()).toBe(3);
    await clock.advance(10_000);
  });

  it('fails with what it met when the time of a write is up', async () => {
    const { clock, begin, outcome } = scene(100);
    begin();
    await clock.advance(9999);
    expect(outcome).toEqual({});
    await clock.advance(1);
    expect(outcome).toEqual({ error: away });
    expect(clock.pending).toBe(0);
  });

  it.each([
    new DustError('forbidden', 'no'),
    new DustError('http', 'broken', { retryable: true }),
    new DustError('network', 'a wrong certificate', { detail: 'tls', retryable: false }),
  ])('does not wait when the server was reached: %s', async (error) => {
    const { begin, outcome, clock } = scene(1, error);
    begin();
    await calm();
    expect(outcome).toEqual({ error });
    expect(clock.pending).toBe(0);
  });

  it('ends its wait when it is called off, and leaves nobody listening', async () => {
    const { clock, begin, reads } = scene(100);
    const controller = new AbortController();
    begin(controller.signal);
    await calm();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    await calm();
    expect(reads()).toBeGreaterThan(1);
    await clock.advance(10_000);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});

it.each<[string, (dataSource: DataSource) => Promise<unknown>]>([
  ['update', (it) => it.getRepository(Note).update('a', { text: 'new' })],
  ['update where', (it) => it.getRepository(Note).update({ text: 'old' }, { text: 'new' })],
  ['update of a map', (it) => it.getRepository(MapNote).update('a', { text: 'new' })],
  ['increment', (it) => it.getRepository(Note).increment('a', 'reads', 2)],
  ['delete', (it) => it.getRepository(Note).delete('a')],
  ['save', (it) => it.getRepository(Note).save({ id: 'a', text: 'new', reads: 0 })],
  [
    'a batch',
    (it) =>
      it.manager.batch((batch) => {
        batch.insert(Note, { id: 'b', text: 'x' });
      }),
  ],
  [
    'insert of several',
    (it) =>
      it.getRepository(Note).insert([
        { id: 'b', text: 'x' },
        { id: 'c', text: 'y' },
      ]),
  ],
  [
    'a guarded batch',
    (it) => it.transport.batchWrite([{ op: 'set', path: 'notes/a/text', value: 'new', ifMatch: 1 }]),
  ],
  ['single flight', (it) => it.manager.singleFlight('keys/flight', () => 1)],
  ['insert if absent', (it) => it.getRepository(Note).insert({ id: 'b', text: 'x' }, { ifAbsent: true })],
])(
  '%s waits for the server like the write itself when the mirror is not trusted any more',
  async (_name, write) => {
    const store = await openStore({});
    const token = `dust_tok_${randomUUID()}`;
    const serving = async (port: number) => {
      const tokens = [{ token }];
      const server = new DustServer({
        stores: { 'a/b': store },
        tokens,
        rateLimits: false,
        logger: silentLogger,
      });
      return { server, ...(await server.listen({ port })) };
    };
    const first = await serving(0);
    const dataSource = await new DataSource({
      ...{ url: first.url, token, store: 'a/b', logger: silentLogger },
      entities: [Note, MapNote],
      staleAfter: 0,
      channel: { backoff: { base: 5, max: 20 } },
    }).initialize();
    await dataSource.getRepository(Note).insert({ id: 'a', text: 'old', reads: 1 });
    await dataSource.getRepository(MapNote).insert({ id: 'a', text: 'old' });
    const before = store.status().storeSeq;
    const isStale = firstValueFrom(
      dataSource.transport.status$.pipe(filter((s) => s.state === 'degraded' && s.readsFrom === 'http')),
    );
    await first.server.close();
    await isStale;
    const written = write(dataSource);
    // A read that no write depends on does not wait. Behind it, the write has met the outage, too.
    await expect(dataSource.getRepository(Note).findOneBy({ id: 'a' })).rejects.toMatchObject({
      kind: 'network',
    });
    const next = await serving(Number(new URL(first.url).port));
    await written;
    expect(store.status().storeSeq).toBeGreaterThan(before);
    await dataSource.destroy();
    await next.server.close();
    await store.close();
  },
);
