import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalPair } from '../../tests/cluster/parts/local-pair.js';

/** What nodes of a benchmark need. */
export interface Place {
  /** Of a primary with a synchronous standby. */
  readonly url: string;
  /** For their copies. */
  readonly folder: string;
}

/** A database's own are small, for small disks: with them it would be at its checkpoints. */
const SETTINGS = ['max_wal_size=1GB', 'shared_buffers=128MB'];

/** A PostgreSQL pair on this machine while `work` lasts. */
export async function whilePaired<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'dust-orm-bench-'));
  let pair: LocalPair | undefined;
  try {
    pair = await LocalPair.prepare({ home, settings: SETTINGS });
    await pair.make();
    const folder = join(home, 'copies');
    mkdirSync(folder);
    return await work({ url: pair.url, folder });
  } finally {
    await pair?.end();
    rmSync(home, { recursive: true, force: true });
  }
}
