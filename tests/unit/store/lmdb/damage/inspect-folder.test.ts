import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectFolder } from '../../../../../src/store/lmdb/damage/inspect-folder.js';
import { PageFile } from '../../../../../src/store/lmdb/damage/page-file.js';
import { FORMAT_VERSION } from '../../../../../src/store/lmdb/format.js';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import { Store } from '../../../../../src/store/store.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const at = (name: string) => join(folder.path, name);

/** A store of more pages than one turn looks at. */
async function fill(): Promise<void> {
  const store = new Store({ storage: await openLmdbStorage({ path: folder.path }) });
  const operations = Array.from({ length: 400 }, (_, i) => ({
    op: 'set' as const,
    path: `p/${i}`,
    value: 'x'.repeat(3_000),
  }));
  await store.writeBatch({ operations });
  await store.close();
}

afterEach(() => {
  jest.restoreAllMocks();
});

it('where no store is and none was there is nothing to tell', async () => {
  expect(await inspectFolder(folder.path)).toBeUndefined();
});

it('a folder is walked, and free again', async () => {
  await fill();
  expect(await inspectFolder(folder.path)).toMatchObject({
    leaves: 400,
    operations: 400,
    storeSeq: 400,
    format: FORMAT_VERSION,
    lost: { count: 0 },
  });
  await (await openLmdbStorage({ path: folder.path })).close();
});

it.each([
  [FORMAT_VERSION + 1, 'newer_version', /has format version/],
  [FORMAT_VERSION, 'corrupt', /data\.mdb is missing/],
])('a folder of format %i without data is refused: %s', async (format, detail, message) => {
  writeFileSync(at('FORMAT'), `${format}\n`);
  await expect(inspectFolder(folder.path)).rejects.toMatchObject({
    kind: 'storage',
    detail,
    message: expect.stringMatching(message),
  });
});

it('what is no file is told as it is', async () => {
  mkdirSync(at('data.mdb'));
  await expect(inspectFolder(folder.path)).rejects.toMatchObject({
    detail: 'unreadable',
    message: expect.stringMatching(/data\.mdb is not a file/),
  });
});

it('what the system refuses is told as the folder being unusable', async () => {
  writeFileSync(at('data.mdb'), 'x');
  const refused = Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
  jest.spyOn(PageFile, 'open').mockImplementation(() => {
    throw refused;
  });
  await expect(inspectFolder(folder.path)).rejects.toMatchObject({
    detail: 'unreadable',
    message: expect.stringContaining('EIO: i/o error'),
    cause: refused,
  });
});

it('what is called off ends with the reason, before it looks and on its way, and lets the folder go', async () => {
  const reason = new Error('enough');
  const look = jest.spyOn(PageFile, 'open');
  await expect(inspectFolder(folder.path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(look).not.toHaveBeenCalled();
  await fill();
  const controller = new AbortController();
  const walk = inspectFolder(folder.path, { signal: controller.signal });
  setImmediate(() => {
    controller.abort(reason);
  });
  await expect(walk).rejects.toBe(reason);
  await (await openLmdbStorage({ path: folder.path })).close();
});
