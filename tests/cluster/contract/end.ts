import type { FolderPrograms } from '../../shared-folder/folder-programs.js';
import type { PostgresServer } from '../postgres-server.js';

/** Ends what begin.ts began. */
export default async function end(): Promise<void> {
  const server = Reflect.get(globalThis, 'CONTRACT_SERVER') as PostgresServer | undefined;
  const programs = Reflect.get(globalThis, 'CONTRACT_PROGRAMS') as FolderPrograms | undefined;
  await Promise.all([server?.remove(), programs?.stop()]);
}
