import { EventEmitter } from 'node:events';
import type { Observable } from 'rxjs';
import { firstValueFrom } from 'rxjs';
import { EventBridge, sseStream, toAsyncIterable, writeSse } from '../../../src/index.js';
import { silentLogger } from '../../../src/logging.js';
import { FakeResponse } from '../fake-response.js';
import type { Drives, World } from '../world.js';
import { refused, slugOf, whereAble } from '../world.js';

/** Subscribed to and left; every third time only after something came. */
async function tasted<T>(world: World, lane: number, turn: number, source: Observable<T>): Promise<void> {
  if (!world.capabilities.realtime) {
    await refused(firstValueFrom(source), 'not_supported');
    return;
  }
  if (turn % 3 !== 0) {
    source.subscribe().unsubscribe();
    return;
  }
  const first = firstValueFrom(source);
  await world.notes.update(slugOf(lane), { text: `told ${turn}` });
  await first;
}

/** The Observables of a repository, by their names. */
export const WATCHES: Drives = {
  events: (world, lane, turn) => tasted(world, lane, turn, world.notes.events()),
  rawEvents: (world, lane, turn) => tasted(world, lane, turn, world.notes.rawEvents('notes/*/text')),
  live: (world, lane, turn) => {
    const where = { rank: lane };
    const populate = ['above.above'] as const;
    const { notes } = world;
    return tasted<unknown>(
      world,
      lane,
      turn,
      turn % 2 === 0 ? notes.live({ where }) : notes.live({ where, populate }),
    );
  },
  liveOne: (world, lane, turn) =>
    tasted(
      world,
      lane,
      turn,
      world.notes.liveOne(slugOf(lane), turn % 2 === 0 ? {} : { populate: ['above'] }),
    ),
};

/** What is made of Observables. */
export const STREAMS: Drives = {
  toAsyncIterable: ({ notes, capabilities }, lane) =>
    whereAble(
      capabilities.realtime,
      (async () => {
        for await (const note of toAsyncIterable(notes.liveOne(slugOf(lane)))) if (note !== null) break;
      })(),
    ),
  /** Left by the server, left by the client, and ended by an error of the source. */
  writeSse: async ({ notes, capabilities }, lane, turn) => {
    const response = new FakeResponse();
    const subscription = writeSse(response, notes.events(), { onError: () => undefined });
    if (turn % 2 === 0) response.destroy();
    else subscription.unsubscribe();
    await notes.findOneBy({ id: slugOf(lane) });
    if (capabilities.realtime && !subscription.closed) throw new Error('the stream goes on');
  },
  sseStream: ({ notes }) => {
    sseStream(notes.live({ take: 1 }))
      .subscribe({ error: () => undefined })
      .unsubscribe();
  },
  'EventBridge.start': async ({ notes, capabilities }, lane, turn) => {
    const bus = new EventEmitter();
    const bridge = new EventBridge({ source: notes, bus, topic: 'note', logger: silentLogger });
    bridge.start();
    if (capabilities.realtime && turn % 3 === 0) {
      const heard = new Promise((resolve) => bus.once('note', resolve));
      await notes.update(slugOf(lane), { text: `bridged ${turn}` });
      await heard;
    }
    bridge.stop();
    if (bridge.state === 'running') throw new Error('the bridge goes on');
  },
};
