import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import { Store } from '../../../../src/store/index.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import type { StoreStorage } from '../../../../src/store/storage.js';
import { EmbeddedTransport } from '../../../../src/transport/embedded/index.js';
import { useDataFolder } from './data-folder.js';

const folder = useDataFolder();
let storage: StoreStorage;
let store: Store;
let transport: EmbeddedTransport;

beforeEach(async () => {
  storage = await openLmdbStorage({ path: folder.path });
  store = new Store({ storage });
  transport = new EmbeddedTransport({ store });
  await transport.connect();
  await transport.set('p/a', 1);
});
afterEach(async () => {
  await transport.close();
  // A folder that was removed keeps the owner's record to itself.
  await store.close().catch(() => undefined);
});

describe('the status of a durable store', () => {
  it('is live while it can be read', async () => {
    expect(await transport.status()).toMatchObject({ state: 'live', storeSeq: 1 });
  });

  it('costs no reader, however often it is asked for', async () => {
    for (let i = 0; i < 200; i++) {
      await transport.status();
      await transport.set('p/a', i);
    }
    expect(await transport.status()).toMatchObject({ storeSeq: 201 });
  });

  it('fails when no reader is left, as every read does', async () => {
    const held: Iterator<Leaf>[] = [];
    // What a range has not come to yet keeps its reader.
    await transport.set('q/a', 0);
    await transport.set('r/a', 0);
    try {
      for (let i = 0; i < 1000; i++) {
        await transport.set('p/a', i);
        const leaves = storage.leaves.range({})[Symbol.iterator]();
        leaves.next();
        held.push(leaves);
      }
    } catch {
      // The table is full.
    }
    await transport.set('p/a', 0);
    await expect(transport.status()).rejects.toMatchObject({
      kind: 'storage',
      detail: 'exhausted',
    });
    for (const leaves of held) leaves.return?.();
    expect(await transport.status()).toMatchObject({ state: 'live' });
  });

  it.each([
    [
      'removed',
      (path: string) => {
        rmSync(path, { recursive: true });
      },
    ],
    [
      'replaced',
      (path: string) => {
        const file = join(path, 'data.mdb');
        cpSync(file, `${file}.copy`);
        renameSync(`${file}.copy`, file);
      },
    ],
  ])('fails when the folder was %s', async (_, damage) => {
    damage(folder.path);
    await expect(transport.status()).rejects.toMatchObject({ kind: 'storage', detail: 'gone' });
  });

  it('fails when the environment was closed beneath it', async () => {
    await storage.close();
    await expect(transport.status()).rejects.toThrow();
  });
});
