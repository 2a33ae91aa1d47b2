import { filter, firstValueFrom } from 'rxjs';
import { silentLogger } from '../../../src/logging.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import type { ChannelTransport, ChannelTransportOptions } from '../../../src/transport/channel/index.js';
import { resources, settledTo } from '../../unit/sync/phoenix/link-scene.js';
import type { Scene } from '../../unit/transport/channel/channel-scene.js';
import { openScene } from '../../unit/transport/channel/channel-scene.js';
import { TcpProxy } from '../tcp-proxy.js';

/** HTTP goes to the server itself, the socket through a proxy that breaks. */
let scene: Scene;
let proxy: TcpProxy;
let before: string[];

beforeEach(async () => {
  before = resources();
  scene = await openScene();
  proxy = await TcpProxy.open(Number(new URL(scene.url).port));
});

afterEach(async () => {
  proxy.resume();
  proxy.refuse(false);
  await scene.close();
  await proxy.close();
  await settledTo(before);
});

function throughProxy(options: Partial<ChannelTransportOptions> = {}): Promise<ChannelTransport> {
  return scene.client({
    socketUrl: `ws://127.0.0.1:${proxy.port}/ws/sync/websocket`,
    ...options,
    limits: { heartbeatInterval: 50, gapTimeout: 20, backoff: { base: 10, max: 50 }, ...options.limits },
  });
}

function until(client: ChannelTransport, state: string, readsFrom: string): Promise<unknown> {
  return firstValueFrom(
    client.status$.pipe(filter((status) => status.state === state && status.readsFrom === readsFrom)),
  );
}

it('refuses a write that is longer than the server takes, once, and goes on', async () => {
  const client = await throughProxy();
  const large = client.set('l/large', 'x'.repeat(9_000_000));
  const counted = client.increment('l/n', 1);
  await expect(large).rejects.toMatchObject({
    kind: 'invalid_params',
    detail: 'too_large',
    retryable: false,
  });
  await counted;
  expect((await client.get('l/n'))?.value).toBe(1);
  expect(await client.get('l/large')).toBeNull();
});

it('applies each increment once, however often the connection is cut meanwhile', async () => {
  const client = await throughProxy();
  const writes: Promise<unknown>[] = [];
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 40; i++) writes.push(client.increment('l/n', 1));
    await writes[round * 40];
    if (round < 4) proxy.cut();
  }
  await Promise.all(writes);
  expect(scene.store.get('l/n')?.value).toBe(200);
  expect((await client.get('l/n'))?.value).toBe(200);
});

it('reads over HTTP while the channel is away for longer than staleAfter, and from the mirror again after', async () => {
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => warnings.push(message) };
  const client = await throughProxy({ staleAfter: 30, logger });
  await client.set('l/a', 1);
  proxy.refuse();
  proxy.cut();
  await until(client, 'degraded', 'channel');
  expect((await client.get('l/a'))?.value).toBe(1);
  await until(client, 'degraded', 'http');
  await scene.store.write({ op: 'set', path: 'l/a', value: 2 });
  expect((await client.get('l/a'))?.value).toBe(2);
  expect(warnings.filter((text) => text.includes('over HTTP'))).toHaveLength(1);
  proxy.refuse(false);
  await until(client, 'live', 'channel');
  expect((await client.get('l/a'))?.value).toBe(2);
});

it('sees its own batch at once, although the channel is away', async () => {
  const client = await throughProxy();
  await client.set('l/a', 1);
  proxy.refuse();
  proxy.cut();
  await until(client, 'degraded', 'channel');
  await client.batchWrite([{ op: 'set', path: 'l/a', value: 2 }]);
  expect((await client.get('l/a'))?.value).toBe(2);
  expect(await client.status()).toMatchObject({ state: 'degraded', readsFrom: 'channel' });
  proxy.refuse(false);
  await until(client, 'live', 'channel');
  expect((await client.get('l/a'))?.value).toBe(2);
});

it.each([[['up', 'down']], [['up']], [['down']]] as const)(
  'comes back from a connection that is half-open (%p)',
  async (directions) => {
    const client = await throughProxy();
    await client.set('l/a', 1);
    proxy.stall(...directions);
    const write = client.increment('l/n', 1);
    await until(client, 'degraded', 'channel');
    proxy.resume();
    await write;
    expect(scene.store.get('l/n')?.value).toBe(1);
  },
);

describe('closing while the connection is away', () => {
  /** A client whose time stands still, so that it does not come back by itself. */
  async function cutOff() {
    const clock = new TestClock();
    const client = await throughProxy({ clock, limits: { heartbeatInterval: 60_000 } });
    await client.increment('l/n', 1);
    proxy.refuse();
    proxy.cut();
    await until(client, 'degraded', 'channel');
    return { clock, client };
  }

  it('takes no time when nothing is under way', async () => {
    const { clock, client } = await cutOff();
    const before = clock.now();
    await client.close();
    expect(clock.now()).toBe(before);
    expect(scene.engines.size).toBe(0);
  });

  it('does not wait for other clients to hear of a batch', async () => {
    const { client } = await cutOff();
    await client.batchWrite([{ op: 'set', path: 'l/a', value: 1 }]);
    await client.close();
    expect(scene.store.get('l/a')?.value).toBe(1);
  });

  it('waits 5 seconds for what is under way, and not longer', async () => {
    const { clock, client } = await cutOff();
    const write = client.increment('l/n', 1);
    write.catch(() => undefined);
    let isClosed = false;
    const closing = client.close().then(() => (isClosed = true));
    // The attempts to connect in between are refused.
    await clock.advance(4999);
    expect(isClosed).toBe(false);
    await clock.advance(1);
    await closing;
    await expect(write).rejects.toMatchObject({ kind: 'closed' });
    expect(scene.store.get('l/n')?.value).toBe(1);
  });
});
