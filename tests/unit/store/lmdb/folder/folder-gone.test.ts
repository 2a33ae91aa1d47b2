import { statSync, cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import type { StoreStorage } from '../../../../../src/store/storage.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const opened: StoreStorage[] = [];
const data = () => join(folder.path, 'data');
const openStorage = async () => {
  const storage = await openLmdbStorage({ path: data() });
  opened.push(storage);
  return storage;
};
const write = (storage: StoreStorage, path: string) =>
  storage.commit(() => {
    storage.leaves.put({ path, value: 1, type: 'integer', revision: 1 });
  });
const paths = (storage: StoreStorage) => Array.from(storage.leaves.range({}), ({ path }) => path);
const gone = expect.objectContaining({
  kind: 'storage',
  detail: 'gone',
  message: expect.stringContaining('nothing was written. Close this data source'),
});

afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
});

describe('a data folder that is open', () => {
  it.each([
    ['is removed', () => rmSync(data(), { recursive: true })],
    ['is moved', () => renameSync(data(), join(folder.path, 'elsewhere'))],
    [
      'is replaced by a file',
      () => {
        renameSync(data(), join(folder.path, 'elsewhere'));
        cpSync(join(folder.path, 'elsewhere', 'data.mdb'), data());
      },
    ],
    ['loses its data file', () => rmSync(join(data(), 'data.mdb'))],
    [
      'has its data file replaced',
      () => {
        cpSync(join(data(), 'data.mdb'), join(data(), 'copy'));
        renameSync(join(data(), 'copy'), join(data(), 'data.mdb'));
      },
    ],
  ])('and %s takes no writes, answers from what was there, and closes', async (_, remove) => {
    const storage = await openStorage();
    await write(storage, 'a');
    remove();
    await expect(write(storage, 'b')).rejects.toEqual(gone);
    await expect(write(storage, 'c')).rejects.toEqual(gone);
    expect(paths(storage)).toEqual(['a']);
    expect(storage.measure?.().leafCount).toBe(1);
    await storage.close();
  });

  it('and is removed may be opened anew, and the first owner writes to neither', async () => {
    const first = await openStorage();
    await write(first, 'a');
    rmSync(data(), { recursive: true });
    const second = await openStorage();
    await write(second, 'b');
    await expect(write(first, 'c')).rejects.toEqual(gone);
    await first.close();
    await write(second, 'd');
    expect(paths(second)).toEqual(['b', 'd']);
  });

  it('goes on when it is put back', async () => {
    const storage = await openStorage();
    renameSync(data(), join(folder.path, 'elsewhere'));
    await expect(write(storage, 'a')).rejects.toEqual(gone);
    renameSync(join(folder.path, 'elsewhere'), data());
    await write(storage, 'b');
    expect(paths(storage)).toEqual(['b']);
  });

  it('loses its lock to somebody who removed the lock file, and is told so', async () => {
    const first = await openStorage();
    await write(first, 'a');
    rmSync(join(data(), 'owner.lock'));
    const second = await openStorage();
    await write(second, 'b');
    await expect(write(first, 'c')).rejects.toEqual(
      expect.objectContaining({ kind: 'storage', detail: 'locked' }),
    );
    expect(paths(second)).toEqual(['a', 'b']);
  });

  it('is one whose data file the system gave no bytes to spare', async () => {
    mkdirSync(data());
    await openStorage();
    const { size, blocks } = statSync(join(data(), 'lock.mdb'));
    expect(size).toBeGreaterThanOrEqual(12_288);
    expect(blocks * 512).toBeGreaterThanOrEqual(size);
  });
});
