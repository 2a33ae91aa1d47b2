import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { DustError } from '../../../../../src/errors.js';
import { makeNewFolder } from '../../../../../src/store/lmdb/index.js';
import type { FolderProgress, FolderWork } from '../../../../../src/store/lmdb/index.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const at = (name: string): string => join(folder.path, name);
const failing = (error: Error): Promise<unknown> =>
  makeNewFolder(at('out'), [], (made) => {
    mkdirSync(made);
    return Promise.reject(error);
  }).catch((caught: unknown) => caught);

const progressOf = (of: string): FolderProgress => ({ stage: 'copy', folder: of, done: 1, total: 2 });

it('a new folder is under its name when all of it is there, and what made it is told', async () => {
  const made = await makeNewFolder(at('out'), [at('.')], async (under) => {
    mkdirSync(under);
    expect(existsSync(at('out'))).toBe(false);
    await Promise.resolve();
    writeFileSync(join(under, 'file'), 'x');
    return 'made';
  }).catch((error: unknown) => error);
  // What lies in the folder that it must not lie in is refused.
  expect(made).toMatchObject({ kind: 'invalid_options' });
  expect(
    await makeNewFolder(at('out'), [], (under) => {
      mkdirSync(under);
      writeFileSync(join(under, 'file'), 'x');
      return Promise.resolve('made');
    }),
  ).toBe('made');
  expect([readdirSync(folder.path), readdirSync(at('out'))]).toEqual([['out'], ['file']]);
});

describe('how far it is', () => {
  it('is told by the names that folders come to have, and of others by their own', async () => {
    const told: string[] = [];
    const signal = new AbortController().signal;
    const make = (under: string, work: FolderWork): Promise<void> => {
      mkdirSync(under);
      expect(work.signal).toBe(signal);
      for (const each of [under, `${under}${sep}stores`, `${under}2`, at('data')]) {
        work.onProgress?.(progressOf(each));
      }
      told.push(under.slice(at('').length));
      return Promise.resolve();
    };
    await makeNewFolder(at('out'), [], make, {
      signal,
      onProgress: ({ folder: of, ...rest }) => {
        expect(rest).toEqual({ stage: 'copy', done: 1, total: 2 });
        told.push(of);
      },
    });
    const under = told.pop();
    expect(told).toEqual([at('out'), at('out/stores'), at(`${under}2`), at('data')]);
  });

  it('is heard of by nobody where nobody asked', async () => {
    await makeNewFolder(at('out'), [], (under, work) => {
      mkdirSync(under);
      expect(work).toEqual({});
      return Promise.resolve();
    });
  });
});

describe('a folder that could not be made', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

  it.each<[string, Error]>([
    ['the system says', full],
    [
      'a part of it says that could not be written',
      new DustError('storage', 'The folder "out.tmp" is full', { detail: 'write_failed', cause: full }),
    ],
  ])('is named as what it was to be, with what %s', async (_, error) => {
    expect(await failing(error)).toMatchObject({
      kind: 'storage',
      detail: 'write_failed',
      message: expect.stringContaining(`"${at('out')}"`),
      cause: full,
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.each<[string, DustError]>([
    ['is damaged', new DustError('storage', 'damaged', { detail: 'corrupt', cause: full })],
    ['was called off', new DustError('aborted', 'called off', { cause: full })],
    [
      'could not be written, for no reason that is known',
      new DustError('storage', 'full', { detail: 'write_failed' }),
    ],
  ])('fails with what says that what it is made of %s', async (_, error) => {
    expect(await failing(error)).toBe(error);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('fails with what it was called off with, as it is', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const called = makeNewFolder(at('out'), [], () => Promise.reject(reason), { signal });
    await expect(called).rejects.toBe(reason);
    const failed = makeNewFolder(at('out'), [], () => Promise.reject(full), { signal });
    await expect(failed).rejects.toMatchObject({ kind: 'storage', cause: full });
  });

  it('gives way to one that somebody made meanwhile', async () => {
    const made = makeNewFolder(at('out'), [], (under) => {
      mkdirSync(under);
      mkdirSync(at('out'));
      return Promise.resolve();
    });
    await expect(made).rejects.toMatchObject({ kind: 'invalid_options' });
    expect([readdirSync(folder.path), readdirSync(at('out'))]).toEqual([['out'], []]);
  });
});
