import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Logger } from '../logging.js';
import type { Imitate } from '../server/index.js';
import { createMemoryStorage, Store } from '../store/index.js';

/** What a {@link TestServer} serves. */
export interface TestServerOptions {
  /** The name of the store, `org/name`. */
  readonly name: string;
  /** What its leases go by. */
  readonly clock: Clock;
  readonly logger: Logger;
  readonly imitate: Imitate | undefined;
}

/** A server of this package on loopback, with one store in memory, in this process. */
export interface TestServer {
  readonly url: string;
  readonly token: string;
  /** The store itself, beside the server. */
  readonly store: Store;
  close(): Promise<void>;
}

/**
 * Starts a server on a free port, without rate limits. Its connections go by the machine's time: a clock that stands still
 * must not keep them waiting, and one that leaps must not end them.
 *
 * @throws DustError `network` when there is no port to be had, `invalid_options` for a name that is none on a server
 */
export async function openTestServer({
  name,
  clock,
  logger,
  imitate,
}: TestServerOptions): Promise<TestServer> {
  // Only the tests that ask for a server wait until one is loaded.
  const { DustServer } = await import('../server/index.js');
  const store = new Store({ storage: createMemoryStorage(), clock });
  const token = `dust_tok_${randomBytes(24).toString('base64url')}`;
  try {
    const server = new DustServer({
      stores: { [name]: store },
      tokens: [{ token, name: 'the data source under test' }],
      rateLimits: false,
      imitate,
      logger,
    });
    const { url } = await server.listen({ port: 0 });
    return { url, token, store, close: () => server.close().then(() => store.close()) };
  } catch (error) {
    await store.close();
    throw error;
  }
}
