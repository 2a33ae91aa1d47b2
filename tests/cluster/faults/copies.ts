import { join } from 'node:path';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import type { ServedNode } from '../parts/served-node.js';
import { STORE } from './scene.js';

/** What nodes that have ended remember of the log, where it is not the same: the place, and the hash of all that led there. */
export async function differencesOf(nodes: readonly ServedNode[]): Promise<string[]> {
  const marks: string[] = [];
  for (const { data } of nodes) {
    const storage = await openLmdbStorage({ path: join(data, ...STORE.split('/')) });
    try {
      const { position, digest } = storage.readCounters().logged?.mark ?? {};
      marks.push(JSON.stringify({ position, digest }));
    } finally {
      await storage.close();
    }
  }
  return new Set(marks).size === 1 ? [] : [`the nodes ended at different places: ${marks.join('; ')}`];
}
