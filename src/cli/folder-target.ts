import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatDumpHeader, formatDumpLine, parseDump } from '../protocol/dump.js';
import { Store, exportLeaves, importLeaves } from '../store/index.js';
import { openLmdbStorage } from '../store/lmdb/index.js';
import { EmbeddedTransport } from '../transport/embedded/index.js';
import { noStoreFolder } from './errors.js';
import type { OpenOptions, Target } from './target.js';

/** The file that every data folder holds. */
const DATA_FILE = 'data.mdb';

/** Opens the store in a folder, for as long as the command runs. */
export async function openFolderTarget(
  { path, takeOver, store: name }: { path: string; takeOver?: boolean; store?: string },
  { create, clock }: OpenOptions,
): Promise<Target> {
  if (!create && !existsSync(join(path, DATA_FILE))) throw noStoreFolder(path);
  const store = new Store({ storage: await openLmdbStorage({ path, takeOver }), clock });
  const transport = new EmbeddedTransport({ store });
  await transport.connect();
  return {
    name: `the store in ${path}`,
    transport,
    dump: {
      exportLines: () => dumpOf(store, name),
      importLines: (lines) => importLeaves(store, parseDump(lines)),
    },
    close: async () => {
      await transport.close();
      await store.close();
    },
  };
}

function* dumpOf(store: Store, name: string | undefined): Generator<string, void, undefined> {
  const { storeSeq } = store.status();
  yield formatDumpHeader({ store_seq: storeSeq, ...(name === undefined ? {} : { store: name }) });
  for (const leaf of exportLeaves(store)) yield formatDumpLine(leaf);
}
