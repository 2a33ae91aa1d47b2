import type { Leaf } from '../../src/protocol/values/value.js';
import { PATH_KEYS } from '../../src/store/lmdb/path-key.js';
import { openBeside } from '../unit/store/lmdb/behind-its-back.js';

export const OLD_LEAVES = { encoding: 'json', keyEncoder: PATH_KEYS } as const;

/** Adds leaves as a release of format 2 stored them, six for each of so many records, to a folder of that format. */
export async function addOldLeaves(path: string, records: number): Promise<Leaf[]> {
  const leaves: Leaf[] = [];
  for (let i = 0; i < records; i++) {
    for (let field = 0; field < 6; field++) {
      leaves.push({ path: `many/r${i}/f${field}`, value: i * field, type: 'integer', revision: 1 });
    }
  }
  const root = openBeside(path);
  const db = root.openDB('leaves', OLD_LEAVES);
  root.transactionSync(() => {
    for (const leaf of leaves) db.putSync(leaf.path, [leaf.revision, leaf.type, leaf.value]);
  });
  await root.close();
  return leaves;
}
