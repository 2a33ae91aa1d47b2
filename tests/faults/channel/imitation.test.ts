import { distinctUntilChanged, filter, map } from 'rxjs';
import type { Scene } from '../../unit/transport/channel/channel-scene.js';
import { openScene } from '../../unit/transport/channel/channel-scene.js';

/** What a server of version 0.1 does, met over real sockets (PROTOCOL §8). */
let scene: Scene;

beforeEach(async () => {
  scene = await openScene({ imitate: '0.1' });
});

afterEach(async () => {
  await scene.close();
});

it.each(['json', 'messagepack'] as const)(
  'a second file is given up by its name after two crashes, and 100 increments beside it count once each, %s',
  async (serialization) => {
    const client = await scene.client({ serialization });
    const file = (path: string) => client.putFile(path, Buffer.from('a picture'), { filename: 'cover.txt' });
    await file('l/a/cover');
    let crashes = 0;
    const watching = client.status$
      .pipe(
        map(({ state }) => state),
        distinctUntilChanged(),
        filter((state) => state === 'degraded'),
      )
      .subscribe(() => crashes++);
    const before = Array.from({ length: 50 }, (_, n) => client.increment(`l/c/${n % 5}`, 1));
    const second = file('l/b/cover').catch((error: unknown) => error);
    const behind = Array.from({ length: 50 }, (_, n) => client.increment(`l/c/${n % 5}`, 1));
    const receipts = await Promise.all([...before, ...behind]);
    expect(await second).toMatchObject({
      kind: 'indeterminate',
      detail: 'channel_crashed',
      path: 'l/b/cover',
      message: expect.stringContaining('put_file "l/b/cover"'),
    });
    expect(new Set(receipts.map(({ storeSeq }) => storeSeq)).size).toBe(100);
    const counts = Array.from({ length: 5 }, (_, n) => scene.store.get(`l/c/${n}`)?.value);
    expect(counts).toEqual(counts.map(() => 20));
    expect(await client.exists('l/b')).toBe(false);
    watching.unsubscribe();
    expect(crashes).toBe(2);
  },
);

it.each(['json', 'messagepack'] as const)(
  'a float that looks like a large integer breaks no MessagePack catch-up, written in %s',
  async (serialization) => {
    const client = await scene.client({ serialization });
    await client.set('l/a', { channel: 9e20, small: 1 });
    await client.merge('l/a', { merged: -9e20 });
    await client.batchWrite([{ op: 'set', path: 'l/a/batch', value: 2 ** 66 }]);
    const reader = await scene.client({ serialization: 'messagepack', deviceId: 'reader' });
    expect((await reader.get('l/a'))?.value).toEqual({
      ...{ channel: 9e20, small: 1, merged: -9e20, batch: 2 ** 66 },
    });
    const status = await reader.status();
    expect([status.state, status.readsFrom]).toEqual(['live', 'channel']);
  },
);
