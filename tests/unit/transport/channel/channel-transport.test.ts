import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { isDustError } from '../../../../src/errors.js';
import type { ChannelTransport } from '../../../../src/transport/channel/index.js';
import { SyncEngine } from '../../../../src/sync/index.js';
import { HttpTransport } from '../../../../src/transport/http/index.js';
import { createChannelTransport } from '../../../../src/transport/channel/index.js';
import { useDataFolder } from '../../store/lmdb/data-folder.js';
import { resources, settledTo } from '../../sync/phoenix/link-scene.js';
import type { Scene } from './channel-scene.js';
import { openScene } from './channel-scene.js';

const folder = useDataFolder();
let before: string[];
let scene: Scene;

beforeEach(() => {
  before = resources();
});

afterEach(async () => {
  await scene.close();
  await settledTo(before);
});

/** Until the client's mirror holds all that the store has committed. */
async function caughtUp(client: ChannelTransport): Promise<void> {
  const { storeSeq } = scene.store.status();
  await firstValueFrom(client.status$.pipe(filter((status) => status.storeSeq >= storeSeq)));
}

async function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe.each([
  ['json', undefined],
  ['messagepack', undefined],
  ['json', '0.1'],
  ['messagepack', '0.1'],
] as const)('the channel transport, %s, imitating %s', (serialization, imitate) => {
  beforeEach(async () => {
    scene = await openScene(imitate === undefined ? {} : { imitate });
  });

  it('reads what it has written, of every kind', async () => {
    const client = await scene.client({ serialization });
    await client.set('l/a', { title: 'A', tags: ['x'] });
    await client.merge('l/a', { note: 'N' });
    await client.increment('l/a/n', 2);
    await client.increment('l/a/n', 3);
    await client.add('l/a/s', 'm');
    await client.add('l/a/s', 'k');
    await client.remove('l/a/s', 'm');
    const value = { title: 'A', tags: ['x'], note: 'N', n: 5, s: ['k'] };
    expect((await client.get('l/a'))?.value).toEqual(value);
    expect(await client.subtree('l/a')).toEqual(scene.store.subtree('l/a'));
    expect((await client.list({ pattern: 'l/**' })).items).toHaveLength(5);
    expect((await client.listKeys({ from: 'l/a/', to: 'l/a0' })).items).toHaveLength(5);
    await client.delete('l/a/title');
    expect(await client.exists('l/a/title')).toBe(false);
    expect((await client.getMany(['l/a/note', 'l/a/title'])).size).toBe(1);
  });

  it('sees its own batches at once, and others soon', async () => {
    const [client, other] = [
      await scene.client({ serialization }),
      await scene.client({ deviceId: 'dev_b' }),
    ];
    const heard = firstValueFrom(other.watch('l/**').pipe(take(2), toArray()));
    const own = firstValueFrom(client.watchRecords('l').pipe(take(2), toArray()));
    await client.set('l/a/title', 'A');
    const receipt = await client.batchWrite([
      { op: 'set', path: 'l/b', value: { title: 'B' } },
      { op: 'delete', path: 'l/a' },
    ]);
    expect(receipt.operations).toHaveLength(2);
    expect((await client.get('l/b/title'))?.value).toBe('B');
    expect(await client.exists('l/a')).toBe(false);
    const told = (await heard).map(({ operations }) => operations.map(({ op, path }) => [op, path]));
    expect(told).toEqual([
      [['set', 'l/a/title']],
      [
        ['set', 'l/b'],
        ['delete', 'l/a'],
      ],
    ]);
    const written = (await own).flat().map(({ deviceId, records }) => [deviceId, records.length]);
    expect(written).toEqual([
      [client.deviceId, 1],
      [client.deviceId, 2],
    ]);
    await caughtUp(other);
    expect(await other.subtree('l')).toEqual(scene.store.subtree('l'));
  });

  it('guards single leaves over the channel, and refuses guarded maps', async () => {
    const client = await scene.client({ serialization });
    const { storeSeq } = await client.set('l/a', 1, { ifAbsent: true });
    expect(isDustError(await rejection(client.set('l/a', 2, { ifAbsent: true })), 'exists')).toBe(true);
    const conflict = await rejection(client.set('l/a', 2, { ifMatch: storeSeq + 10 }));
    expect(isDustError(conflict, 'conflict') && conflict.currentRevision).toBe(storeSeq);
    await client.set('l/a', 2, { ifMatch: storeSeq });
    const refused = await rejection(client.set('l/b', { x: 1 }, { ifAbsent: true }));
    expect(isDustError(refused, 'invalid_params') && refused.detail).toBe('if_absent_multi_leaf');
  });

  it('takes, renews and releases leases, and fences writes', async () => {
    const client = await scene.client({ serialization });
    const lease = await client.lease('locks/a', { ttl: 60_000, holder: 'me' });
    expect(lease).toMatchObject({ token: lease.storeSeq, holder: 'me' });
    expect(lease.expiresAt).toBeGreaterThan(Date.now() + 50_000);
    expect(isDustError(await rejection(client.lease('locks/a')), 'held')).toBe(true);
    const fence = { key: 'locks/a', token: lease.token };
    await client.set('l/a', 1, { fence });
    expect((await client.renew('locks/a', lease.token)).token).toBe(lease.token);
    expect(await client.release('locks/a', lease.token)).toBe(true);
    expect(await client.release('locks/a', lease.token)).toBe(false);
    expect(isDustError(await rejection(client.set('l/a', 2, { fence })), 'fenced')).toBe(true);
  });

  it('stores files and reads them again', async () => {
    const client = await scene.client({ serialization });
    const content = Buffer.from('file content');
    const receipt = await client.putFile('l/f', content, { filename: 'f.txt', contentType: 'text/plain' });
    expect(receipt.hash).toBe(`sha256:${createHash('sha256').update(content).digest('hex')}`);
    const file = await client.getFile(receipt.hash);
    expect(Buffer.from(file!.content).toString()).toBe('file content');
    expect(await client.getFile(`sha256:${'0'.repeat(64)}`).catch(() => null)).toBeNull();
    const fence = { key: 'k', token: 1 };
    expect(
      isDustError(await rejection(client.putFile('l/f', content, { filename: 'f', fence })), 'not_supported'),
    ).toBe(true);
  });

  it('shares an engine with clients of the same kind, and ends it with the last', async () => {
    const [a, b] = [await scene.client({ serialization }), await scene.client({ serialization })];
    const c = await scene.client({ serialization, prefixes: ['l'] });
    expect(scene.engines.size).toBe(1);
    expect(b.deviceId).toBe(a.deviceId);
    await a.set('l/a', 1);
    expect((await b.get('l/a'))?.value).toBe(1);
    await a.close();
    await c.close();
    await b.set('l/b', 2);
    expect(isDustError(await rejection(a.get('l/a')), 'closed')).toBe(true);
    await b.close();
    expect(scene.engines.size).toBe(0);
  });

  it('reads what it does not mirror over HTTP', async () => {
    const client = await scene.client({ serialization, prefixes: ['l'] });
    await client.set('other/a', 1);
    await client.set('l/a', 2);
    expect((await client.get('other/a'))?.value).toBe(1);
    expect((await client.list({ pattern: '**' })).items.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['l/a', 'other/a']),
    );
    expect((await client.list({ pattern: 'l/*' })).items.map(({ path }) => path)).toEqual(['l/a']);
    expect((await client.getMany(['l/a', 'other/a'])).size).toBe(2);
  });
});

describe('the life of a channel transport', () => {
  beforeEach(async () => {
    scene = await openScene();
  });

  it('goes from connecting over live to closed, and completes what is watched', async () => {
    const client = await scene.client();
    const states: string[] = [];
    let isComplete = false;
    client.status$.subscribe({
      next: ({ state }) => states.push(state),
      complete: () => (isComplete = true),
    });
    const watched = firstValueFrom(client.watch('**'), { defaultValue: 'completed' });
    expect(await client.status()).toEqual({ state: 'live', readsFrom: 'channel', storeSeq: 0 });
    await client.close();
    await client.close();
    expect(await watched).toBe('completed');
    expect(states).toEqual(['live', 'closed']);
    expect(isComplete).toBe(true);
  });

  describe('is asked how it stands, and reads something', () => {
    it('from the mirror, which may have lost its folder', async () => {
      const client = await scene.client({ cache: { path: folder.path } });
      expect(await client.status()).toMatchObject({ state: 'live', readsFrom: 'channel' });
      rmSync(folder.path, { recursive: true });
      await expect(client.status()).rejects.toMatchObject({ kind: 'storage', detail: 'gone' });
    });

    it('over HTTP when the mirror is too old, and nobody may answer there', async () => {
      const client = await scene.client({ staleAfter: 0 });
      await scene.stop();
      await firstValueFrom(client.status$.pipe(filter(({ readsFrom }) => readsFrom === 'http')));
      await expect(client.status()).rejects.toMatchObject({ kind: 'network' });
    });
  });

  it('refuses what comes before it', async () => {
    const { url, token, engines } = scene;
    const client = createChannelTransport({ url, token, store: 'acme/reading' }, engines);
    expect(isDustError(await rejection(client.get('a')), 'not_initialized')).toBe(true);
    expect(isDustError(await rejection(firstValueFrom(client.watch('**'))), 'not_initialized')).toBe(true);
    await client.close();
  });

  it('fails to connect for a store or a token that is not known, and leaves nothing', async () => {
    expect(isDustError(await rejection(scene.client({ store: 'acme/none' })), 'store_not_found')).toBe(true);
    expect(isDustError(await rejection(scene.client({ token: 'dust_tok_none' })), 'unauthorized')).toBe(true);
    expect(scene.engines.size).toBe(0);
  });

  it('calls off what is aborted', async () => {
    const client = await scene.client();
    const signal = AbortSignal.abort();
    expect(isDustError(await rejection(client.get('a', { signal })), 'aborted')).toBe(true);
    expect(isDustError(await rejection(client.set('a', 1, { signal })), 'aborted')).toBe(true);
    expect(scene.store.status().storeSeq).toBe(0);
  });
});

it('closes its connections of both kinds, while the server goes on', async () => {
  scene = await openScene();
  const open = resources();
  const client = await scene.client();
  await client.batchWrite([{ op: 'set', path: 'l/a', value: 1 }]);
  await client.close();
  // Much less than a connection that is kept for the next request.
  for (let turn = 0; turn < 500 && resources().length > open.length; turn++) {
    await new Promise(setImmediate);
  }
  expect(resources()).toEqual(open);
});

it('closes its way over HTTP and that of its engine', async () => {
  scene = await openScene();
  const client = await scene.client();
  const closes = jest.spyOn(HttpTransport.prototype, 'close');
  await client.close();
  expect(new Set(closes.mock.contexts).size).toBe(2);
  closes.mockRestore();
});

it('leaves no index to the engine that it alone used', async () => {
  scene = await openScene();
  const [one, two] = [await scene.client(), await scene.client()];
  const by = (path: string) => [{ prefix: 'a', parts: [{ path, type: 'string' }], unique: false }] as const;
  const present = () => two.localRecords('a')?.indexes.map(({ parts }) => parts[0]?.path);
  await one.useIndexes('a', by('name'));
  await two.useIndexes('a', by('year'));
  expect(present()).toEqual(['name', 'year']);
  await one.close();
  // What nobody uses goes with the next use.
  await two.useIndexes('a', by('title'));
  expect(present()).toEqual(['title']);
});

it('calls the nudge off that is under way when it closes, and sends no other', async () => {
  scene = await openScene({ imitate: '0.1' });
  const client = await scene.client();
  const signals: (AbortSignal | undefined)[] = [];
  const write = jest.spyOn(SyncEngine.prototype, 'write').mockImplementation(({ signal }) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  for (const path of ['l/a', 'l/b']) await client.batchWrite([{ op: 'set', path, value: 1 }]);
  expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
  await client.close();
  expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  write.mockRestore();
});

describe('closing a channel transport that connects', () => {
  it.each([0, 1, 2, 5, 10])('after %d ms leaves nothing', async (ms) => {
    scene = await openScene();
    const { url, token, engines } = scene;
    const client = createChannelTransport({ url, token, store: 'acme/reading' }, engines);
    const connecting = rejection(client.connect());
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    await client.close();
    const error = await connecting;
    if (error !== undefined) expect(isDustError(error, 'closed')).toBe(true);
    expect(engines.size).toBe(0);
  });
});
