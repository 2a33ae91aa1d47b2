import { getEventListeners } from 'node:events';
import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { DustError } from '../../../../src/errors.js';
import { silentLogger } from '../../../../src/logging.js';
import type { SharedTransport } from '../../../../src/transport/channel/index.js';
import { HttpTransport } from '../../../../src/transport/http/index.js';
import { EngineRegistry, createSharedTransport } from '../../../../src/transport/channel/index.js';
import { TestClock } from '../../../../src/testing/index.js';
import { resources, settledTo } from '../../sync/phoenix/link-scene.js';
import type { Scene } from './channel-scene.js';
import { openScene } from './channel-scene.js';

let before: string[];
let scene: Scene;
let shared: SharedTransport;

beforeEach(async () => {
  before = resources();
  scene = await openScene();
  shared = sharing(scene.engines);
  await shared.connect();
});

afterEach(async () => {
  await shared.close();
  await scene.close();
  await settledTo(before);
});

function sharing(engines: EngineRegistry, clock?: TestClock): SharedTransport {
  const { url, token } = scene;
  return createSharedTransport({ url, token, store: 'acme/reading', clock, logger: silentLogger }, engines);
}

/** Until reads are answered in the given way. */
function reading(way: 'http' | 'channel', transport = shared): Promise<unknown> {
  return firstValueFrom(transport.status$.pipe(filter(({ readsFrom }) => readsFrom === way)));
}

describe('a shared transport', () => {
  it('goes over HTTP while nobody runs an engine, and opens none', async () => {
    await shared.set('l/a', 'A');
    expect((await shared.get('l/a'))?.value).toBe('A');
    expect(await shared.status()).toMatchObject({ readsFrom: 'http', storeSeq: 1 });
    expect(shared.capabilities.realtime).toBe(false);
    expect(scene.engines.size).toBe(0);
    await expect(firstValueFrom(shared.watch('l/**'))).rejects.toMatchObject({ kind: 'not_supported' });
  });

  it('goes over the engine that somebody else opens, and sees what it wrote before', async () => {
    await shared.set('l/a', 'A');
    const owner = await scene.client();
    await reading('channel');
    expect(scene.engines.size).toBe(1);
    expect(shared.deviceId).toBe(owner.deviceId);
    expect(shared.capabilities.realtime).toBe(true);
    expect((await shared.get('l/a'))?.value).toBe('A');
    const heard = firstValueFrom(shared.watch('l/**').pipe(take(2), toArray()));
    await owner.increment('l/n', 2);
    await shared.increment('l/n', 3);
    expect((await heard).flatMap(({ operations }) => operations.map(({ op, path }) => [op, path]))).toEqual([
      ['increment', 'l/n'],
      ['increment', 'l/n'],
    ]);
    expect((await shared.get('l/n'))?.value).toBe(5);
  });

  it('says nothing more of how it stands when it is closed', async () => {
    const said = lastValueFrom(shared.status$.pipe(toArray()));
    await shared.close();
    expect((await said).length).toBeGreaterThan(0);
  });

  it('keeps the engine when those who opened it are gone', async () => {
    const owner = await scene.client();
    await reading('channel');
    await owner.close();
    await shared.add('l/s', 'x');
    expect((await shared.get('l/s'))?.value).toEqual(['x']);
    await shared.close();
    expect(scene.engines.size).toBe(0);
  });

  it('closes what it went over until then too', async () => {
    const closes = jest.spyOn(HttpTransport.prototype, 'close');
    await scene.client();
    await reading('channel');
    await shared.close();
    // Its own, and that of its way over the channel. The engine's stays open for its owner.
    expect(new Set(closes.mock.contexts).size).toBe(2);
    closes.mockRestore();
  });

  it('stays with HTTP beside an engine that mirrors something else', async () => {
    await scene.client({ prefixes: ['other'] });
    await new Promise(setImmediate);
    expect((await shared.status()).readsFrom).toBe('http');
  });

  it('reads over HTTP until the mirror holds what a write over HTTP was acknowledged with', async () => {
    const write = shared.set('l/late', 'L');
    await scene.client();
    await Promise.all([write, reading('channel')]);
    expect((await shared.get('l/late'))?.value).toBe('L');
  });

  it('tries again later when an engine could not be joined', async () => {
    const clock = new TestClock();
    const closes = jest.spyOn(HttpTransport.prototype, 'close');
    const engines = new EngineRegistry();
    const failing = jest
      .spyOn(engines, 'join')
      .mockResolvedValueOnce({
        engine: refusingEngine(),
        deviceId: 'refused',
        prefixes: undefined,
        release: () => Promise.resolve(),
      })
      .mockImplementation((wish, signal) => scene.engines.join(wish, signal));
    const patient = sharing(engines, clock);
    await patient.connect();
    await scene.client();
    while (clock.pending === 0) await new Promise(setImmediate);
    expect(failing).toHaveBeenCalledTimes(1);
    // What would have gone beside that engine.
    expect(new Set(closes.mock.contexts).size).toBe(1);
    closes.mockRestore();
    expect((await patient.status()).readsFrom).toBe('http');
    await clock.advance(30_000);
    await reading('channel', patient);
    expect(getEventListeners(failing.mock.calls[0]![1], 'abort')).toEqual([]);
    await patient.close();
  });

  it('closes while it waits', async () => {
    const statuses = firstValueFrom(shared.status$.pipe(toArray()));
    await shared.close();
    await shared.close();
    expect((await statuses).map(({ state }) => state)).toEqual(['live', 'closed']);
    await expect(shared.get('l/a')).rejects.toMatchObject({ kind: 'closed' });
  });
});

function refusingEngine(): never {
  return { start: () => Promise.reject(new DustError('unauthorized', 'no')) } as never;
}
