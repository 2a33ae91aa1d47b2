import type { PostgresServer } from '../postgres-server.js';

/** Ends what begin.ts began. */
export default async function end(): Promise<void> {
  const server = Reflect.get(globalThis, 'CONTRACT_SERVER') as PostgresServer | undefined;
  await server?.remove();
}
