import * as fs from 'node:fs';
import { join } from 'node:path';
import type { LockFile } from '../../../../../src/store/lmdb/ownership/lock-file.js';
import { newOwnerRecord } from '../../../../../src/store/lmdb/ownership/owner-record.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const path = () => join(folder.path, 'owner.lock');

afterEach(() => {
  jest.dontMock('node:fs');
});

/** Uses the file where the system is as it is, but for some of its calls. */
async function withLockFile(calls: Partial<typeof fs>, work: (file: LockFile) => void): Promise<void> {
  await jest.isolateModulesAsync(async () => {
    jest.doMock('node:fs', () => ({ ...fs, ...calls }));
    const isolated = await import('../../../../../src/store/lmdb/ownership/lock-file.js');
    const file = new isolated.LockFile(folder.path, { readOnly: false });
    try {
      work(file);
    } finally {
      file.close();
    }
  });
}

const refused = (): never => {
  throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
};

describe('the file of a lock', () => {
  it('says who the owner is, and nothing of the one before', async () => {
    const owner = newOwnerRecord();
    fs.writeFileSync(path(), 'x'.repeat(1_000));
    await withLockFile({}, (file) => {
      expect(file.read()).toBeUndefined();
      file.write(owner);
      expect(file.read()).toEqual(owner);
      file.clear();
      expect(file.read()).toBeUndefined();
    });
    expect(fs.readFileSync(path(), 'utf8')).toBe('');
  });

  it.each<[string, Partial<typeof fs>]>([
    ['nothing of it', { writeSync: refused }],
    ['a part of it', { writeSync: (file: number) => fs.writeSync(file, '{"pid"', 0) }],
    ['it, and does not keep it', { fsyncSync: refused }],
  ])('names nobody where the disk takes %s', async (_, calls) => {
    fs.writeFileSync(path(), JSON.stringify({ ...newOwnerRecord(), host: 'of-before' }));
    await withLockFile(calls, (file) => {
      file.write(newOwnerRecord());
    });
    expect(fs.readFileSync(path(), 'utf8')).toBe('');
  });

  it('keeps its words where the disk refuses to forget them', async () => {
    fs.writeFileSync(path(), 'of before');
    await withLockFile({ ftruncateSync: refused }, (file) => {
      file.clear();
    });
    expect(fs.readFileSync(path(), 'utf8')).toBe('of before');
  });

  it('is known not to be in its place any more', async () => {
    await withLockFile({}, (file) => {
      expect(file.isInPlace).toBe(true);
      fs.rmSync(path());
      expect(file.isInPlace).toBe(false);
      fs.writeFileSync(path(), '');
      expect(file.isInPlace).toBe(false);
    });
  });
});
