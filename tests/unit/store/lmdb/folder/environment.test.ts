import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type * as Lmdb from 'lmdb';
import { loadLmdb, openEnvironment } from '../../../../../src/store/lmdb/environment.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();

it('a new data file is closed before it is moved to its place', async () => {
  const lmdb = await loadLmdb();
  const inPlace = () => existsSync(join(folder.path, 'data.mdb'));
  const seen: boolean[] = [];
  let made: number | undefined;
  const open = (options: Lmdb.RootDatabaseOptionsWithPath) => {
    const root = lmdb.open<unknown, string>(options);
    if (options.path?.endsWith('making') !== true) return root;
    const close = root.close.bind(root);
    root.close = async () => {
      await turn();
      seen.push(inPlace());
      made = statSync(join(folder.path, 'making', 'data.mdb')).ino;
      await close();
    };
    return root;
  };
  const root = await openEnvironment(folder.path, { ...lmdb, open } as unknown as typeof Lmdb);
  expect([seen, inPlace()]).toEqual([[false], true]);
  expect(statSync(join(folder.path, 'data.mdb')).ino).toBe(made);
  expect(readdirSync(folder.path)).not.toContain('making');
  await root.close();
});
