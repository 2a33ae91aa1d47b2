import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import { isAlive, startOfProcess } from '../../../../../src/store/lmdb/ownership/process-identity.js';
import { Store } from '../../../../../src/store/index.js';
import type { StoreStorage } from '../../../../../src/store/storage.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const opened: StoreStorage[] = [];

const openStorage = async (path = folder.path, takeOver = false) => {
  const storage = await openLmdbStorage({ path, takeOver });
  opened.push(storage);
  return storage;
};
const storageError = (detail: string, message: string | RegExp = '') =>
  expect.objectContaining({ kind: 'storage', detail, message: expect.stringMatching(message) });
const write = (storage: StoreStorage, path: string) =>
  storage.commit(() => {
    storage.leaves.put({ path, value: 1, type: 'integer', revision: 1 });
  });
const paths = (storage: StoreStorage) => Array.from(storage.leaves.range({}), ({ path }) => path);

const openMeta = () => {
  const root = open({
    path: folder.path,
    pageSize: 8192,
    noSubdir: false,
    overlappingSync: false,
    noMetaSync: true,
  });
  return { root, meta: root.openDB('dust-orm', { encoding: 'json' }) };
};

/** Changes a fact of the store behind its back. */
const setMeta = async (key: string, value: unknown) => {
  const { root, meta } = openMeta();
  await meta.put(key, value);
  await root.close();
};

const getMeta = async (key: string): Promise<unknown> => {
  const { root, meta } = openMeta();
  const value: unknown = meta.get(key);
  await root.close();
  return value;
};

afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
});

describe('opening a data folder', () => {
  it('makes it, with the folders above it', async () => {
    const path = join(folder.path, 'a.b', 'c.mdb');
    await write(await openStorage(path), 'x');
    expect(existsSync(join(path, 'data.mdb'))).toBe(true);
  });

  it('finds what an earlier one left', async () => {
    const first = await openStorage();
    await write(first, 'a');
    await first.close();
    const second = await openStorage();
    expect(paths(second)).toEqual(['a']);
  });

  it('says what to do where the native package cannot be loaded', async () => {
    await jest.isolateModulesAsync(async () => {
      jest.doMock('lmdb', () => {
        throw new Error('no native build');
      });
      const isolated = await import('../../../../../src/store/lmdb/index.js');
      await expect(isolated.openLmdbStorage({ path: folder.path })).rejects.toEqual(
        storageError('unavailable', /npm install lmdb.*leave out `path`/),
      );
      jest.dontMock('lmdb');
    });
    expect(existsSync(join(folder.path, 'data.mdb'))).toBe(false);
  });

  it('refuses a path that is a file, or runs through one', async () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    await expect(openStorage(file)).rejects.toEqual(
      storageError('unreadable', /cannot be used: it is a file, not a folder\. Name a folder/),
    );
    await expect(openStorage(join(file, 'below'))).rejects.toEqual(
      storageError('unreadable', /cannot be used.*Name a folder/),
    );
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('refuses a folder whose data it cannot open', async () => {
    mkdirSync(join(folder.path, 'data.mdb'));
    await expect(openStorage()).rejects.toEqual(storageError('unreadable', 'data.mdb is not a file'));
  });

  it('refuses a file that is not LMDB, or that was cut off, without ending the process', async () => {
    const data = join(folder.path, 'data.mdb');
    for (const content of [Buffer.from('hello'), Buffer.alloc(50_000, 'garbage')]) {
      writeFileSync(data, content);
      await expect(openStorage()).rejects.toEqual(storageError('corrupt', 'data.mdb is not an LMDB file'));
      expect(readFileSync(data).equals(content)).toBe(true);
    }
    const sound = await openStorage(join(folder.path, 'sound'));
    for (let i = 0; i < 10; i++) await write(sound, `${i}`);
    await sound.close();
    for (const size of [16_384, 8192, 100]) {
      truncateSync(join(folder.path, 'sound', 'data.mdb'), size);
      await expect(openStorage(join(folder.path, 'sound'))).rejects.toEqual(
        storageError('corrupt', /cut off|not an LMDB/),
      );
    }
  });

  it('refuses an LMDB environment that holds something else, and leaves it alone', async () => {
    const other = open({
      path: folder.path,
      pageSize: 8192,
      noSubdir: false,
      overlappingSync: false,
      noMetaSync: true,
    });
    await other.openDB('theirs', {}).put('key', 'value');
    await other.close();
    await expect(openStorage()).rejects.toEqual(storageError('corrupt', 'not those of a store'));
    const again = open({
      path: folder.path,
      pageSize: 8192,
      noSubdir: false,
      overlappingSync: false,
      noMetaSync: true,
    });
    expect([...again.getKeys()]).toEqual(['theirs']);
    await again.close();
  });

  it('refuses a newer format, naming it, and leaves it alone', async () => {
    await (await openStorage()).close();
    await setMeta('format', 4);
    await expect(openStorage()).rejects.toEqual(
      storageError('newer_version', /format version 4; .* up to version 3\. Upgrade/),
    );
    await setMeta('format', 3);
    await openStorage();
  });

  it('takes up a folder of version 1 with its log, and raises it', async () => {
    const operations = [
      { op: 'set', path: 'a', value: 1 },
      { op: 'set', path: 'b', value: 2 },
    ] as const;
    const first = new Store({ storage: await openStorage() });
    await first.write({ op: 'set', path: 'old', value: 1 });
    await first.close();
    await setMeta('format', 1);
    writeFileSync(join(folder.path, 'FORMAT'), '1\n');
    const second = new Store({ storage: await openStorage() });
    await second.writeBatch({ operations });
    await second.close();
    expect(readFileSync(join(folder.path, 'FORMAT'), 'utf8')).toBe('3\n');
    expect(await getMeta('format')).toBe(3);
    const third = new Store({ storage: await openStorage() });
    const log = third.log().operations.map(({ path, commit }) => [path, commit]);
    await third.close();
    expect(log).toEqual([
      ['old', undefined],
      ['a', { first: 2, last: 3 }],
      ['b', { first: 2, last: 3 }],
    ]);
  });

  it('refuses a store whose format is lost', async () => {
    await (await openStorage()).close();
    await setMeta('format', 'x');
    await expect(openStorage()).rejects.toEqual(storageError('corrupt', 'format version is missing'));
  });
});

describe('a data folder that is open', () => {
  it('is refused to a second storage of this process, whatever the spelling of its path', async () => {
    const first = await openStorage();
    mkdirSync(join(folder.path, 'sub'));
    const locked = storageError(
      'locked',
      new RegExp(`in use by process ${process.pid}: another data source of this process`),
    );
    await expect(openStorage()).rejects.toEqual(locked);
    await expect(openStorage(join(folder.path, 'sub', '..'))).rejects.toEqual(locked);
    symlinkSync(folder.path, join(folder.path, 'sub', 'link'), 'junction');
    await expect(openStorage(join(folder.path, 'sub', 'link'))).rejects.toEqual(locked);
    await write(first, 'still works');
    expect(paths(first)).toEqual(['still works']);
    await first.close();
    expect(paths(await openStorage())).toEqual(['still works']);
  });

  it('is refused while another process is its owner, and taken over once that has ended', async () => {
    await write(await openStorage(), 'a');
    await opened.pop()?.close();
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    const exit = once(child, 'exit');
    try {
      const pid = child.pid ?? 0;
      await setMeta('owner', {
        pid,
        startedAt: startOfProcess(pid) ?? null,
        host: hostname(),
        instance: 'other',
      });
      await expect(openStorage()).rejects.toEqual(
        storageError('locked', `in use by process ${pid}: another process`),
      );
      await expect(openStorage(folder.path, true)).rejects.toEqual(storageError('locked'));
    } finally {
      child.kill('SIGKILL');
      await exit;
    }
    expect(paths(await openStorage())).toEqual(['a']);
  });

  it('is taken over from an earlier process with a pid that is in use again', async () => {
    await (await openStorage()).close();
    await setMeta('owner', {
      pid: process.pid,
      startedAt: 'an-earlier-boot/123',
      host: hostname(),
      instance: 'old',
    });
    const reopening = openStorage();
    if (startOfProcess(process.pid) === undefined) {
      await expect(reopening).rejects.toEqual(storageError('locked'));
    } else await write(await reopening, 'a');
  });

  it('on another host is taken over on demand only', async () => {
    await (await openStorage()).close();
    await setMeta('owner', { pid: 1, startedAt: null, host: 'elsewhere.example', instance: 'other' });
    await expect(openStorage()).rejects.toEqual(
      storageError(
        'locked',
        /process 1 on the host "elsewhere\.example".*open the folder once with `takeOver: true`/,
      ),
    );
    await write(await openStorage(folder.path, true), 'a');
  });

  it('names its owner while it is open, and nobody afterwards', async () => {
    const storage = await openStorage();
    expect(await getMeta('owner')).toMatchObject({ pid: process.pid });
    await storage.close();
    expect(await getMeta('owner')).toBeUndefined();
  });

  it('is written no more by an owner that lost it, who leaves the new owner in place', async () => {
    const first = await openStorage();
    await write(first, 'a');
    await setMeta('owner', { pid: 1, startedAt: null, host: 'elsewhere.example', instance: 'other' });
    await expect(write(first, 'b')).rejects.toEqual(
      storageError('locked', /taken over by process 1 on the host "elsewhere\.example"; nothing was written/),
    );
    await first.close();
    await expect(openStorage()).rejects.toEqual(storageError('locked'));
    expect(paths(await openStorage(folder.path, true))).toEqual(['a']);
  });
});

describe('the identity of a process', () => {
  it('tells the living from the dead', async () => {
    expect(isAlive(process.pid, startOfProcess(process.pid))).toBe(true);
    expect(isAlive(process.pid, undefined)).toBe(true);
    const child = spawn(process.execPath, ['-e', '']);
    const { pid } = child;
    await once(child, 'exit');
    expect(isAlive(pid ?? 0, undefined)).toBe(false);
    expect(startOfProcess(pid ?? 0)).toBeUndefined();
  });
});
