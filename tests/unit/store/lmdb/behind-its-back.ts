import type { Database, DatabaseOptions, RootDatabase } from 'lmdb';
import { open } from 'lmdb';
import { setTimeout as turnOfTheTimers } from 'node:timers/promises';

/** A store's environment, opened beside the store: what LMDB allows, and a store does not. */
export function openBeside(folder: string): RootDatabase {
  return open({ path: folder, pageSize: 8192, noSubdir: false, overlappingSync: false, noMetaSync: true });
}

/** Puts values into a database of a store behind its back. */
export async function putBehind(
  folder: string,
  name: string,
  options: DatabaseOptions,
  ...entries: readonly (readonly [key: any, value: unknown])[]
): Promise<void> {
  const root = openBeside(folder);
  const db: Database = root.openDB(name, options);
  for (const [key, value] of entries) await db.put(key, value);
  await root.close();
  // LMDB goes on reading as of one moment until a timer of no delay ends that, which was set before this one.
  await turnOfTheTimers(0);
}
