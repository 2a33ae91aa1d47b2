import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { isDustError, messageOf } from '../../../src/errors.js';
import { openStore } from '../../../src/server/index.js';
import type { FolderOutcome } from './folder-reader.js';

// Answers the path of a folder with what came of it.
process.on('message', (path: string) => {
  void read(path).then((outcome) => process.send?.(outcome));
});
process.on('uncaughtException', (error) => process.send?.({ outcome: `raw ${messageOf(error)}` }));

async function read(path: string): Promise<FolderOutcome> {
  try {
    const store = await openStore({ path });
    try {
      let leaves = 0;
      let after: string | undefined;
      do {
        const page = store.list({ pattern: '**', limit: 1000, after });
        leaves += page.items.length;
        after = page.nextCursor ?? undefined;
      } while (after !== undefined && leaves < 100_000);
      store.log({ limit: 1000 });
      await store.write({ op: 'set', path: 'probe', value: 1 });
      return { outcome: 'read', leaves: String(leaves) };
    } finally {
      await store.close();
      await turnOfTheLoop();
    }
  } catch (error) {
    if (isDustError(error)) return { outcome: `${error.kind} ${error.detail ?? ''}`.trim() };
    return { outcome: `raw ${messageOf(error)}` };
  }
}
