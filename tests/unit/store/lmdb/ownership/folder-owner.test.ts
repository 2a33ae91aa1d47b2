import fs, { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import { folderOwner, isElsewhere } from '../../../../../src/store/lmdb/ownership/folder-owner.js';
import type { OwnerRecord } from '../../../../../src/store/lmdb/ownership/owner-record.js';
import {
  isGone,
  isSameProcess,
  newOwnerRecord,
  ownerRecordOf,
} from '../../../../../src/store/lmdb/ownership/owner-record.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const lockFile = () => join(folder.path, 'owner.lock');

describe('the owner of a folder', () => {
  it('is who has it open, and nobody before and after', async () => {
    expect(folderOwner(folder.path)).toBeUndefined();
    const storage = await openLmdbStorage({ path: folder.path });
    expect(folderOwner(folder.path)).toMatchObject({ pid: process.pid, host: newOwnerRecord().host });
    await storage.close();
    expect(folderOwner(folder.path)).toBeUndefined();
  });

  it('is known to those who may only read the folder', async () => {
    const storage = await openLmdbStorage({ path: folder.path });
    const openSync = fs.openSync;
    jest.spyOn(fs, 'openSync').mockImplementation((path, flags, ...rest) => {
      const { O_RDWR, O_WRONLY } = fs.constants;
      if ((Number(flags) & (O_RDWR | O_WRONLY)) !== 0) throw new Error('EROFS: read-only file system');
      return openSync(path, flags, ...rest);
    });
    expect(folderOwner(folder.path)).toMatchObject({ pid: process.pid });
    jest.restoreAllMocks();
    await storage.close();
  });

  it('is nobody where none is named, and nothing is made to find that out', () => {
    expect(folderOwner(join(folder.path, 'nowhere'))).toBeUndefined();
    expect(folderOwner(folder.path)).toBeUndefined();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['a folder', () => mkdirSync(lockFile())],
    ['no record', () => writeFileSync(lockFile(), 'noise')],
    ['a link to nowhere', () => symlinkSync(join(folder.path, 'nowhere'), lockFile())],
  ])('is nobody where %s stands in the place of its name', (_, make) => {
    make();
    expect(folderOwner(folder.path)).toBeUndefined();
  });

  it('is elsewhere when neither its host nor the boot of its kernel is that of this machine', () => {
    const here = newOwnerRecord();
    const elsewhere = { ...here, host: 'elsewhere', boot: 'another' };
    expect(isElsewhere(here)).toBe(false);
    expect(isElsewhere({ ...here, host: 'in-a-container' })).toBe(here.boot === null);
    expect(isElsewhere({ ...here, boot: 'before a restart' })).toBe(false);
    expect(isElsewhere(elsewhere)).toBe(true);
    expect(isElsewhere({ ...elsewhere, boot: null })).toBe(true);
  });
});

/** As 0.1.0 wrote it, as it is now, and as it is of one who shares the folder. */
const OLD: OwnerRecord = { pid: 7, startedAt: 'then', host: 'h', instance: 'i' };
const UNSHARED: OwnerRecord = { ...OLD, boot: 'b', thread: 2 };
const RECORD: OwnerRecord = { ...UNSHARED, share: '/s' };

describe('the record of an owner', () => {
  it.each<[string, unknown, OwnerRecord | undefined]>([
    ['all that it may say', RECORD, RECORD],
    ['more than that', { ...RECORD, more: 1 }, RECORD],
    ['that it is shared with nobody', UNSHARED, UNSHARED],
    ['what is no place to share it at', { ...RECORD, share: 7 }, UNSHARED],
    ['nothing of the boot', { ...RECORD, boot: null }, { ...RECORD, boot: null }],
    ['a boot that is no text', { ...RECORD, boot: 7 }, { ...RECORD, boot: null }],
    ['a beginning that is no text', { ...RECORD, startedAt: 7 }, { ...RECORD, startedAt: null }],
    ['what 0.1.0 did', OLD, OLD],
    ['a boot without a thread', { ...OLD, boot: 'b' }, OLD],
    ['a thread without a boot', { ...OLD, thread: 2 }, OLD],
    ['a thread that is none', { ...RECORD, thread: 'x' }, OLD],
    ['a process that is none', { ...RECORD, pid: '7' }, undefined],
    ['a host that is none', { ...RECORD, host: 7 }, undefined],
    ['an instance that is none', { ...RECORD, instance: 7 }, undefined],
    ['no beginning', { pid: 7, host: 'h', instance: 'i' }, undefined],
    ['nothing', null, undefined],
    ['a text', 'text', undefined],
  ])('may say %s', (_, stored, expected) => {
    expect(ownerRecordOf(stored)).toEqual(expected);
  });

  it('names where the folder is shared, or says nothing of that', () => {
    expect(newOwnerRecord('/place').share).toBe('/place');
    expect(newOwnerRecord()).not.toHaveProperty('share');
  });

  it('is of one process with another one by pid, beginning and host', () => {
    const here = newOwnerRecord();
    expect(isSameProcess(newOwnerRecord(), here)).toBe(true);
    expect(isSameProcess({ ...here, pid: here.pid + 1 }, here)).toBe(false);
    expect(isSameProcess({ ...here, startedAt: 'another time' }, here)).toBe(false);
    expect(isSameProcess({ ...here, host: 'elsewhere' }, here)).toBe(false);
  });

  it('is of one that has ended only where that can be known', () => {
    const here = newOwnerRecord();
    // No process has such a number.
    const ended = { ...here, pid: 2 ** 30 };
    expect(isGone(ended, here)).toBe(true);
    expect(isGone({ ...ended, host: 'elsewhere' }, here)).toBe(false);
    expect(isGone(here, here)).toBe(false);
  });
});
