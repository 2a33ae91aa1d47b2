import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { backUpFolder, openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { Store } from '../../../src/store/store.js';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { useCompiledPackage } from '../compiled-sources.js';
import { itWithNamespaces } from '../namespaces.js';

const compiled = useCompiledPackage();
const folder = useDataFolder();
const at = (name: string): string => join(folder.path, name);

const open = async (name: string): Promise<Store> =>
  new Store({ storage: await openLmdbStorage({ path: at(name) }) });

/** Runs the command where the folder `medium` can only be read; says its exit code and all it printed. */
const run = (...argv: string[]): Promise<{ readonly code: number; readonly said: string }> => {
  const mount = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"';
  const command = [process.execPath, join(compiled.folder, 'cli/main.js'), ...argv];
  return new Promise((resolve) => {
    execFile('unshare', ['-m', 'sh', '-c', mount, 'sh', at('medium'), ...command], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: out + err });
    });
  });
};

describe('a folder on a disk that can only be read', () => {
  beforeEach(async () => {
    const store = await open('medium/data');
    await store.write({ op: 'set', path: 'a', value: 'kept' });
    await store.close();
    expect(readdirSync(at('medium/data'))).toContain('owner.lock');
    await backUpFolder(at('medium/data'), at('medium/copy'));
  });

  for (const name of ['data', 'copy']) {
    itWithNamespaces(`is verified, backed up and restored from (${name})`, async () => {
      const before = readdirSync(at(`medium/${name}`));
      const medium = at(`medium/${name}`);
      expect(await run('doctor', '--verify', '--data', medium)).toMatchObject({
        code: 0,
        said: expect.stringContaining('is whole: 1 leaves'),
      });
      expect(await run('backup', medium, at('second'))).toMatchObject({ code: 0 });
      expect(await run('restore', medium, at('third'))).toMatchObject({ code: 0 });
      expect(readdirSync(medium)).toEqual(before);
      expect(readdirSync(at('second')).sort()).toEqual(['FORMAT', 'data.mdb']);
      for (const made of ['second', 'third']) {
        const store = await open(made);
        expect(store.get('a')?.value).toBe('kept');
        await store.close();
      }
    });
  }

  itWithNamespaces('is not opened, and doctor says why and what to do', async () => {
    const { code, said } = await run('doctor', '--data', at('medium/data'));
    expect(code).toBe(1);
    expect(said).toMatch(/fail .*file system that can only be read.*--verify/);
  });

  itWithNamespaces('and that somebody has open elsewhere is in use', async () => {
    const store = await open('medium/data');
    try {
      for (const argv of [
        ['backup', at('medium/data'), at('second')],
        ['restore', at('medium/data'), at('third')],
      ]) {
        const { code, said } = await run(...argv);
        expect(code).toBe(1);
        expect(said).toContain('in use by process');
      }
      expect([existsSync(at('second')), existsSync(at('third'))]).toEqual([false, false]);
    } finally {
      await store.close();
    }
  });
});
