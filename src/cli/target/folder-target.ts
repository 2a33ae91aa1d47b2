import { formatDumpHeader, formatDumpLine, parseDump } from '../../protocol/wire/dump.js';
import type { Store } from '../../store/index.js';
import { exportLeaves, importLeaves, makeStore, wireIndex } from '../../store/index.js';
import { dataFolders, holdsStore, openLmdbStorage } from '../../store/lmdb/index.js';
import { EmbeddedTransport } from '../../transport/embedded/index.js';
import { noStoreFolder } from '../errors.js';
import type { OpenOptions, Target } from './target.js';

/** Opens the store in a folder, for as long as the command runs. */
export async function openFolderTarget(
  { path, takeOver, store: name }: { path: string; takeOver?: boolean; store?: string },
  { create, clock }: OpenOptions,
): Promise<Target> {
  if (!create) assertStoreIn(path);
  const store = await makeStore({ storage: await openLmdbStorage({ path, takeOver }), clock });
  const transport = new EmbeddedTransport({ store });
  await transport.connect();
  return {
    name: `the store in ${path}`,
    transport,
    dump: {
      exportLines: () => dumpOf(store, name),
      importLines: (lines) => importLeaves(store, parseDump(lines)),
    },
    indexes: {
      list: () => Promise.resolve(store.indexes().map(wireIndex)),
      drop: ({ prefix, parts, unique }) => store.dropIndex(prefix, { prefix, parts, unique }),
    },
    storedBytes: store.size().storedBytes,
    close: async () => {
      try {
        await transport.close();
      } finally {
        await store.close();
      }
    },
  };
}

/**
 * @param source where the folder was named, unless by a flag
 * @throws DustError `invalid_options` for a folder without a store
 */
export function assertStoreIn(path: string, source?: string): void {
  if (isStoreIn(path)) return;
  let below: string[];
  try {
    below = dataFolders(path);
  } catch {
    below = [];
  }
  throw noStoreFolder(path, below, source);
}

/** Whether the folder holds a store. What is no folder, or may not be read, holds none. */
export function isStoreIn(path: string): boolean {
  try {
    return holdsStore(path);
  } catch {
    return false;
  }
}

function* dumpOf(store: Store, name: string | undefined): Generator<string, void, undefined> {
  const { storeSeq } = store.status();
  yield formatDumpHeader({ store_seq: storeSeq, ...(name === undefined ? {} : { store: name }) });
  for (const leaf of exportLeaves(store)) yield formatDumpLine(leaf);
}
