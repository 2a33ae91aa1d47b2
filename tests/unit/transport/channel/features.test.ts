import { randomUUID } from 'node:crypto';
import { filter, firstValueFrom } from 'rxjs';
import { FEATURES } from '../../../../src/protocol/wire/features.js';
import type { Imitate } from '../../../../src/server/index.js';
import { DustServer, openStore } from '../../../../src/server/index.js';
import { silentLogger } from '../../../../src/logging.js';
import { EngineRegistry, createChannelTransport } from '../../../../src/transport/channel/index.js';
import { capabilitiesOver } from '../../../../src/transport/channel/capabilities.js';
import type { TransportCapabilities } from '../../../../src/transport/transport.js';
import { EngineBench, calm } from '../../sync/engine-bench.js';
import type { Scene } from './channel-scene.js';
import { openScene } from './channel-scene.js';

const BY_FEATURE = ['batchIfAbsent', 'batchMerge', 'batchCounters', 'batchCheck', 'commits'] as const;
const those = (capabilities: TransportCapabilities): boolean[] =>
  BY_FEATURE.map((name) => capabilities[name]);
const ALL = BY_FEATURE.map(() => true);
const NONE = BY_FEATURE.map(() => false);

describe('what a server announces', () => {
  let scene: Scene;

  afterEach(async () => {
    await scene.close();
  });

  it.each(['json', 'messagepack'] as const)(
    'is what the channel can do: batches of every kind, told as one commit, %s',
    async (serialization) => {
      scene = await openScene();
      const [client, other] = [
        await scene.client({ serialization }),
        await scene.client({ serialization, deviceId: 'dev_b' }),
      ];
      expect(those(client.capabilities)).toEqual(ALL);
      await client.increment('l/a/n', 40);
      const told = [client, other].map((each) =>
        firstValueFrom(
          each.watch('l/**').pipe(filter(({ operations }) => operations.some(({ op }) => op === 'add'))),
        ),
      );
      const receipt = await client.batchWrite([
        { op: 'check', path: 'l/b', revision: 0 },
        { op: 'increment', path: 'l/a/n', value: 2 },
        { op: 'add', path: 'l/a/s', value: 'x' },
        { op: 'merge', path: 'l/a', value: { title: 'A' } },
        { op: 'set', path: 'l/b', value: 1, ifAbsent: true },
      ]);
      expect((await client.get('l/a'))?.value).toEqual({ n: 42, s: ['x'], title: 'A' });
      for (const commit of await Promise.all(told)) {
        expect(commit.operations.map(({ op, value }) => [op, value])).toEqual([
          ['increment', 42],
          ['add', ['x']],
          ['merge', { title: 'A' }],
          ['set', 1],
        ]);
      }
      // Nobody has to be nudged: the server tells of it.
      await client.set('l/c', 1);
      expect(scene.store.status().storeSeq).toBe(receipt.storeSeq + 1);
    },
  );

  it('is nothing for a server of version 0.1, which has to be nudged', async () => {
    scene = await openScene({ imitate: '0.1' });
    const client = await scene.client();
    expect(those(client.capabilities)).toEqual(NONE);
    const { storeSeq } = await client.batchWrite([{ op: 'set', path: 'l/a', value: 1 }]);
    await firstValueFrom(client.status$.pipe(filter((status) => status.storeSeq > storeSeq)));
  });
});

it('what a server announces counts from the last join on', async () => {
  const store = await openStore({});
  const token = `dust_tok_${randomUUID()}`;
  const serving = async (imitate: Imitate | undefined, port: number) => {
    const more = imitate === undefined ? {} : { imitate };
    const tokens = [{ token }];
    const logger = silentLogger;
    const server = new DustServer({ stores: { 'a/b': store }, tokens, rateLimits: false, logger, ...more });
    return { server, ...(await server.listen({ port })) };
  };
  const first = await serving(undefined, 0);
  const limits = { backoff: { base: 1, max: 10 } };
  const options = { url: first.url, token, store: 'a/b', logger: silentLogger, limits };
  const client = createChannelTransport(options, new EngineRegistry());
  await client.connect();
  expect(those(client.capabilities)).toEqual(ALL);
  await first.server.close();
  await firstValueFrom(client.status$.pipe(filter(({ state }) => state === 'degraded')));
  const next = await serving('0.1', Number(new URL(first.url).port));
  await firstValueFrom(client.status$.pipe(filter(({ state }) => state === 'live')));
  expect(those(client.capabilities)).toEqual(NONE);
  await client.close();
  await next.server.close();
  await store.close();
});

it('a batch that a server did not tell of is fetched', async () => {
  const bench = new EngineBench();
  await bench.goLive();
  const reached = bench.engine.reach(2);
  await bench.clock.advance(50);
  expect(bench.links).toHaveLength(2);
  bench.link.accept(2);
  await calm();
  for (const seq of [1, 2]) bench.link.event(seq, 'set', 'a', seq);
  bench.link.complete(2);
  await reached;
  expect(bench.engine.status.storeSeq).toBe(2);
  await bench.close();
});

describe('capabilities of the channel', () => {
  const http = {
    ...{ realtime: false, atomicBatch: true, merge: false, counters: false, leases: false, files: false },
    ...{ localReads: false, commits: false },
    ...{ batchIfAbsent: true, batchMerge: true, batchCounters: true, batchCheck: true },
  };
  const all = new Set(FEATURES);

  it('are those that both HTTP and the join know of', () => {
    expect(those(capabilitiesOver(http, all))).toEqual(ALL);
    expect(those(capabilitiesOver(http, undefined))).toEqual([true, true, true, true, false]);
    expect(those(capabilitiesOver(http, new Set()))).toEqual(NONE);
    expect(those(capabilitiesOver({ ...http, batchMerge: false }, all))).toEqual([
      ...[true, false, true, true, true],
    ]);
    expect(those(capabilitiesOver(http, new Set(['batch-merge'] as const)))).toEqual([
      ...[false, true, false, false, false],
    ]);
  });

  it('are none of batches where the server has no route for them', () => {
    const without = capabilitiesOver({ ...http, atomicBatch: false }, all);
    expect(without.atomicBatch).toBe(false);
    expect(those(without)).toEqual([false, false, false, false, true]);
  });
});
