import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type * as Lmdb from 'lmdb';
import { backUpFolder } from '../../../../../src/store/lmdb/backup/back-up-folder.js';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();

/** What an environment waits for before it closes. */
let beforeClosing: () => Promise<void> = () => Promise.resolve();

jest.mock('lmdb', () => {
  const lmdb = jest.requireActual<typeof Lmdb>('lmdb');
  return {
    ...lmdb,
    open: (options: Lmdb.RootDatabaseOptionsWithPath) => {
      const root = lmdb.open<unknown, string>(options);
      const close = root.close.bind(root);
      root.close = async () => {
        await beforeClosing();
        await close();
      };
      return root;
    },
  };
});

/** Has the next environments wait before they close. Resolves when one does, with what lets it go on. */
async function closing(): Promise<() => void> {
  let end: (() => void) | undefined;
  beforeClosing = () =>
    new Promise((resolve) => {
      end = resolve;
    });
  while (end === undefined) await turn();
  beforeClosing = () => Promise.resolve();
  return end;
}

it('a folder is taken until LMDB has closed it', async () => {
  const storage = await openLmdbStorage({ path: folder.path });
  const [goOn, closed] = [closing(), storage.close()];
  const end = await goOn;
  await expect(openLmdbStorage({ path: folder.path })).rejects.toMatchObject({ detail: 'locked' });
  end();
  await closed;
  await (await openLmdbStorage({ path: folder.path })).close();
});

it('a folder that was backed up is given back before that is said', async () => {
  const source = join(folder.path, 'source');
  await (await openLmdbStorage({ path: source })).close();
  const goOn = closing();
  let isDone = false;
  const backup = backUpFolder(source, join(folder.path, 'copy')).then(() => {
    isDone = true;
  });
  const end = await goOn;
  for (let i = 0; i < 20; i++) await turn();
  expect(isDone).toBe(false);
  end();
  await backup;
});
