import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { useCompiledPackage } from '../compiled-sources.js';
import { itWithNamespaces } from '../namespaces.js';

const PROGRAM = join(__dirname, '../../drives/parts/full-disk-program.mjs');
const WRITE_FAILED = 'DustError storage write_failed';

const compiled = useCompiledPackage();
const disk = useDataFolder();

const onDiskOf = async (kibibytes: number) => {
  const entry = join(compiled.folder, 'index.js');
  const args = ['-m', process.execPath, PROGRAM, entry, disk.path, String(kibibytes)];
  const { stdout } = await promisify(execFile)('unshare', args);
  return JSON.parse(stdout) as { readonly writing: object };
};

describe('a disk without room', () => {
  for (const size of [4, 8, 12, 16, 24, 32, 64, 96, 128]) {
    itWithNamespaces(`of ${size} KiB takes no new store, and does when it has room`, async () => {
      expect(await onDiskOf(size)).toMatchObject({
        opening: WRITE_FAILED,
        later: 'opened',
        lost: 0,
        notes: 1500,
      });
    });
  }

  for (const size of [168, 512, 4096]) {
    itWithNamespaces(
      `of ${size} KiB takes what it can, loses nothing, and goes on when it has room`,
      async () => {
        const report = await onDiskOf(size);
        expect(report).toMatchObject({ opening: 'opened', closing: 'closed', later: 'opened' });
        expect(Object.keys(report.writing)).toEqual([WRITE_FAILED]);
        expect(report).toMatchObject({
          lostWhileFull: 0,
          lostWhenOpenedFull: 0,
          newKindsWithRoom: 0,
          lost: 0,
        });
      },
    );
  }
});
