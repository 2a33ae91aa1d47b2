import { createJiti } from 'jiti';
import type * as Programs from '../../shared-folder/folder-programs.js';
import type * as Servers from '../postgres-server.js';

/**
 * Begins what all files of the contract use: a PostgreSQL server (tests/contract/rows/cluster-nodes.ts), and processes that share folders
 * (tests/contract/rows/shared-rows.ts). Where they are is in the environment.
 */
export default async function begin(): Promise<void> {
  // Jest's mapping of names does not reach what begins before all tests.
  const jiti = createJiti(__filename);
  const { PostgresServer } = await jiti.import<typeof Servers>('../postgres-server.ts');
  const { FolderPrograms } = await jiti.import<typeof Programs>('../../shared-folder/folder-programs.ts');
  const server = await PostgresServer.start({ settings: ['fsync=off', 'max_connections=200'] });
  process.env.DUST_CONTRACT_POSTGRES = server.url;
  Reflect.set(globalThis, 'CONTRACT_SERVER', server);
  const programs = await FolderPrograms.start();
  process.env.DUST_CONTRACT_PROGRAMS = JSON.stringify(programs.sockets);
  Reflect.set(globalThis, 'CONTRACT_PROGRAMS', programs);
}
