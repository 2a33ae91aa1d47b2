import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import { newOwnerRecord } from '../../../../../src/store/lmdb/ownership/owner-record.js';
import type { StoreStorage } from '../../../../../src/store/storage.js';
import { putBehind } from '../behind-its-back.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const opened: StoreStorage[] = [];
const lockFile = () => join(folder.path, 'owner.lock');
const openStorage = async (takeOver = false) => {
  const storage = await openLmdbStorage({ path: folder.path, takeOver });
  opened.push(storage);
  return storage;
};
const storageError = (detail: string, message: string | RegExp = '') =>
  expect.objectContaining({ kind: 'storage', detail, message: expect.stringMatching(message) });
const write = (storage: StoreStorage, path: string) =>
  storage.commit(() => {
    storage.leaves.put({ path, value: 1, type: 'integer', revision: 1 });
  });

/** Somebody else who has the folder, and `record` for a name. */
const holdAs = (record: string) => {
  writeFileSync(lockFile(), record);
  const file = openSync(lockFile(), 'r+');
  expect(tryLock(file)).toBe(true);
  return () => closeSync(file);
};

afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
});

describe('the lock of a data folder', () => {
  it('names its owner while it is held, and nobody when it was given back', async () => {
    const storage = await openStorage();
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({
      pid: process.pid,
      host: hostname(),
      thread: 0,
    });
    await storage.close();
    expect(readFileSync(lockFile(), 'utf8')).toBe('');
  });

  it('refuses everybody while it is held, `takeOver` or not, and names the holder', async () => {
    const owner = { ...newOwnerRecord(), pid: 4_000_000, startedAt: null, host: 'web-7' };
    const letGo = holdAs(JSON.stringify(owner));
    for (const takeOver of [false, true]) {
      await expect(openStorage(takeOver)).rejects.toEqual(
        storageError('locked', /in use by process 4000000 on the host "web-7": another process\. Stop it/),
      );
    }
    expect(existsSync(join(folder.path, 'data.mdb'))).toBe(false);
    letGo();
    await write(await openStorage(), 'a');
  });

  it('names the thread of this process that holds it', async () => {
    const letGo = holdAs(JSON.stringify({ ...newOwnerRecord(), thread: 9 }));
    await expect(openStorage()).rejects.toEqual(
      storageError('locked', /another data source of this process in thread 9\. Close/),
    );
    letGo();
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['something else', '{"pid":"x"}'],
    ['megabytes', 'x'.repeat(3_000_000)],
  ])('says "another process" where the file holds %s', async (_, record) => {
    const letGo = holdAs(record);
    await expect(openStorage()).rejects.toEqual(storageError('locked', /in use by another process\. Stop/));
    letGo();
    await openStorage();
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('is not a matter of pids and host names: a record without a lock stands in nobody’s way', async () => {
    await (await openStorage()).close();
    writeFileSync(lockFile(), JSON.stringify({ ...newOwnerRecord(), instance: 'other' }));
    await (await openStorage()).close();
    const { boot } = newOwnerRecord();
    // Another container on this kernel, or this machine before it was started again.
    const others = boot === null ? [] : [{ host: 'another-container' }, { boot: 'before', host: hostname() }];
    for (const other of others) {
      writeFileSync(lockFile(), JSON.stringify({ ...newOwnerRecord(), ...other }));
      await (await openStorage()).close();
    }
  });

  it('of another machine is taken on demand only, and once it was given back by anybody', async () => {
    await (await openStorage()).close();
    const elsewhere = { ...newOwnerRecord(), pid: 12, host: 'elsewhere.example', boot: 'another' };
    writeFileSync(lockFile(), JSON.stringify(elsewhere));
    await expect(openStorage()).rejects.toEqual(
      storageError(
        'locked',
        /process 12 on the host "elsewhere\.example".*open the folder once with `takeOver: true`/,
      ),
    );
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toEqual(elsewhere);
    await (await openStorage(true)).close();
    await openStorage();
  });

  it('is let go when the folder turns out to be unusable', async () => {
    writeFileSync(join(folder.path, 'data.mdb'), 'hello');
    await expect(openStorage()).rejects.toEqual(storageError('corrupt'));
    const file = openSync(lockFile(), 'r+');
    expect(tryLock(file)).toBe(true);
    closeSync(file);
  });

  it('takes a store whose record beside the data is that of a copy', async () => {
    await write(await openStorage(), 'a');
    await opened.pop()?.close();
    await putBehind(folder.path, 'dust-orm', { encoding: 'json' }, [
      'owner',
      { ...newOwnerRecord(), host: 'elsewhere.example', boot: 'another' },
    ]);
    await write(await openStorage(), 'b');
  });
});

describe('what stands where the lock file should', () => {
  it('is refused when it is a folder', async () => {
    mkdirSync(lockFile());
    await expect(openStorage()).rejects.toEqual(storageError('unreadable', /EISDIR/));
  });

  it('is refused, and left alone, when it is a link to another file', async () => {
    writeFileSync(join(folder.path, 'precious'), 'kept');
    symlinkSync('precious', lockFile());
    await expect(openStorage()).rejects.toEqual(storageError('unreadable', /ELOOP/));
    expect(readFileSync(join(folder.path, 'precious'), 'utf8')).toBe('kept');
  });

  it('is refused, and not waited for, when it is a pipe', async () => {
    execFileSync('mkfifo', [lockFile()]);
    await expect(openStorage()).rejects.toEqual(storageError('unreadable', 'owner.lock is not a file'));
  });
});

describe('locks that cannot be had', () => {
  afterEach(() => {
    jest.dontMock('fs-native-extensions');
  });

  const openWith = async (locks: () => unknown) => {
    let outcome: unknown;
    await jest.isolateModulesAsync(async () => {
      jest.doMock('fs-native-extensions', locks);
      const isolated = await import('../../../../../src/store/lmdb/index.js');
      outcome = await isolated.openLmdbStorage({ path: folder.path }).catch((error: unknown) => error);
    });
    return outcome;
  };

  it('are named where the native package cannot be loaded', async () => {
    const error = await openWith(() => {
      throw new Error('no native build');
    });
    expect(error).toEqual(storageError('unavailable', /npm install fs-native-extensions.*leave out `path`/));
  });

  it.each(['ENOLCK', 'EOPNOTSUPP', 'EINVAL', 'ENOSYS'])('are refused with %s', async (code) => {
    const error = await openWith(() => ({
      tryLock: () => {
        throw Object.assign(new Error(`${code}: no locks here`), { code });
      },
    }));
    expect(error).toEqual(storageError('unreadable', /file system cannot lock a file \(.*no locks here\)/));
    expect(existsSync(join(folder.path, 'data.mdb'))).toBe(false);
  });
});
