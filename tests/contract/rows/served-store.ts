import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../src/clock.js';
import { silentLogger } from '../../../src/logging.js';
import type { DustServerOptions, Store } from '../../../src/server/index.js';
import { DustServer, openStore } from '../../../src/server/index.js';

const STORE = 'contract/suite';

/** A store in memory on a server in this process. */
export interface ServedStore {
  /** The store itself, beside the server. */
  readonly store: Store;
  /** What leads a client there. */
  readonly destination: { readonly url: string; readonly store: string; readonly token: string };
  close(): Promise<void>;
}

/** Serves a new store over loopback, without rate limits. */
export async function serveStore(
  clock: Clock,
  serverOptions: Pick<DustServerOptions, 'imitate'>,
): Promise<ServedStore> {
  const store = await openStore({ clock });
  const token = `dust_tok_${randomUUID()}`;
  const server = new DustServer({
    ...serverOptions,
    stores: { [STORE]: store },
    tokens: [{ token }],
    rateLimits: false,
    clock,
    logger: silentLogger,
  });
  const { url } = await server.listen({ port: 0 });
  return {
    store,
    destination: { url, store: STORE, token },
    close: async () => {
      await server.close();
      await store.close();
    },
  };
}
