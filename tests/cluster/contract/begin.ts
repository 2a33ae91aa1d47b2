import { createJiti } from 'jiti';
import type * as Servers from '../postgres-server.js';

/** Begins one PostgreSQL server for all files of the contract: its address is in the environment (tests/contract/cluster-nodes.ts). */
export default async function begin(): Promise<void> {
  // Jest's mapping of names does not reach what begins before all tests.
  const { PostgresServer } = await createJiti(__filename).import<typeof Servers>('../postgres-server.ts');
  const server = await PostgresServer.start({ settings: ['fsync=off', 'max_connections=200'] });
  process.env.DUST_CONTRACT_POSTGRES = server.url;
  Reflect.set(globalThis, 'CONTRACT_SERVER', server);
}
