import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Leaf } from '../../../src/protocol/values/value.js';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { expected, makeOldFolder } from '../../unit/store/lmdb/format-2/folder.js';
import { useCompiledStore } from '../compiled-sources.js';
import { itWithNamespaces } from '../namespaces.js';
import { addOldLeaves } from '../old-leaves.js';

const PROGRAM = join(__dirname, 'full-disk-opener.mjs');

interface Report {
  readonly first: string;
  readonly told: string;
  readonly leafCount: number;
  readonly leaves: readonly Leaf[];
}

const compiled = useCompiledStore();
const data = useDataFolder();

describe('a folder of format 2 on a disk', () => {
  for (const room of [24, 64, 128, 256, 512, 2048]) {
    itWithNamespaces(`with ${room} KiB of room is refused or carried over, and loses nothing`, async () => {
      const [folder, disk] = [join(data.path, 'old'), join(data.path, 'disk')];
      makeOldFolder('store', folder);
      mkdirSync(disk);
      const added = await addOldLeaves(folder, 2_000);
      const args = ['-m', process.execPath, PROGRAM, compiled.folder, folder, disk, String(room)];
      const { stdout } = await promisify(execFile)('unshare', args, { maxBuffer: 2 ** 26 });
      const { first, told, leafCount, leaves } = JSON.parse(stdout) as Report;
      expect(['opened', 'storage write_failed']).toContain(first);
      if (room === 24) expect(first).toBe('storage write_failed');
      if (room === 2048) expect(first).toBe('opened');
      expect(told).toMatch(
        first === 'opened' ? /^$/ : /was not carried over.*Check the space left on its disk/,
      );
      expect(leafCount).toBe(expected.leaves.length + added.length);
      const found = new Map(leaves.map((leaf) => [leaf.path, leaf]));
      expect([...expected.leaves, ...added].filter((leaf) => !isSame(leaf, found.get(leaf.path)))).toEqual(
        [],
      );
    });
  }
});

const isSame = (one: Leaf, other: Leaf | undefined): boolean =>
  one.revision === other?.revision &&
  one.type === other.type &&
  JSON.stringify(one.value) === JSON.stringify(other.value);
