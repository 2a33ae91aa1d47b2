import { join } from 'node:path';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import type { ServedNode } from '../parts/served-node.js';

/**
 * Of nodes that have ended at the same place of the log, whether they remember another hash of all that led there. They say of themselves that
 * they live, so that not all need stand at the same place.
 */
export async function differencesOf(nodes: readonly ServedNode[], store: string): Promise<string[]> {
  const digests = new Map<unknown, unknown>();
  const differences: string[] = [];
  for (const [i, { data }] of nodes.entries()) {
    const storage = await openLmdbStorage({ path: join(data, ...store.split('/')) });
    try {
      const { position, digest } = storage.readCounters().logged?.mark ?? {};
      if (digest === undefined || (digests.get(position) ?? digest) !== digest) {
        differences.push(
          `at position ${JSON.stringify(position)} node ${i} has another hash than those before`,
        );
      }
      digests.set(position, digest);
    } finally {
      await storage.close();
    }
  }
  return differences;
}
