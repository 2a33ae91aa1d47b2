import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { useCompiledPackage } from '../compiled-sources.js';
import { itWithNamespaces } from '../namespaces.js';

const PROGRAM = join(__dirname, 'shared-full-disk.mjs');

const compiled = useCompiledPackage();
const disk = useDataFolder();

describe('a disk without room below a shared folder', () => {
  itWithNamespaces(
    'is told to each process that shares it as to one that has it for itself, and writes go on when there is room',
    async () => {
      const args = ['-m', process.execPath, PROGRAM, compiled.folder, disk.path];
      const { stdout } = await promisify(execFile)('unshare', args);
      const refused = { kind: 'storage', detail: 'write_failed', retryable: false, isTold: true };
      const refusals = { insert: refused, increment: refused, lease: refused };
      expect(JSON.parse(stdout)).toEqual({
        ...{ owner: 'owner', asked: 'member', counted: 1 },
        ...{ inMember: refusals, inOwner: refusals },
      });
    },
  );
});
