import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Store } from '../../../../../src/store/index.js';
import { copyDataFile, soundLeaves } from '../../../../../src/store/lmdb/backup/copy-data-file.js';
import type { FolderProgress } from '../../../../../src/store/lmdb/index.js';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
const [data, copy] = ['data', 'copy'];
const at = (name: string): string => join(folder.path, name);

beforeEach(async () => {
  const store = new Store({ storage: await openLmdbStorage({ path: at(data) }) });
  for (const path of ['a', 'b', 'c']) await store.write({ op: 'set', path, value: 'x'.repeat(20_000) });
  await store.close();
});

it('a data file is copied as it is, and both the copying and the walk over the copy are told of', async () => {
  const told: FolderProgress[] = [];
  await copyDataFile(at(data), at(copy), { onProgress: (progress) => told.push(progress) });
  const bytes = readFileSync(join(at(data), 'data.mdb'));
  expect(Buffer.compare(readFileSync(join(at(copy), 'data.mdb')), bytes)).toBe(0);
  const all = { stage: 'copy', folder: at(data), done: bytes.length, total: bytes.length };
  expect(told).toContainEqual({ ...all, done: 0 });
  expect(told).toContainEqual(all);
  const last = told.at(-1)!;
  expect(last).toMatchObject({ stage: 'verify', folder: at(copy) });
  expect(last.done).toBe(last.total);
  expect(await soundLeaves(at(copy), {})).toBe(3);
});

it('a copy that is not what was copied is told of as damaged', async () => {
  const copying = copyDataFile(at(data), at(copy), {
    onProgress: ({ stage, done, total }) => {
      if (stage === 'copy' && done === total) truncateSync(join(at(copy), 'data.mdb'), total / 2);
    },
  });
  await expect(copying).rejects.toMatchObject({ kind: 'storage', detail: 'corrupt' });
});
