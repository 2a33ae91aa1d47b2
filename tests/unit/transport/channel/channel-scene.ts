import { randomUUID } from 'node:crypto';
import { silentLogger } from '../../../../src/logging.js';
import type { ServeOptions } from '../../../../src/server/index.js';
import { DustServer, openStore } from '../../../../src/server/index.js';
import type { Store } from '../../../../src/store/index.js';
import type { ChannelTransport, ChannelTransportOptions } from '../../../../src/transport/channel/index.js';
import { EngineRegistry, createChannelTransport } from '../../../../src/transport/channel/index.js';

const STORE = 'acme/reading';

/** A server on this machine with one store, and clients of it over the channel. */
export interface Scene {
  readonly url: string;
  readonly token: string;
  readonly store: Store;
  readonly engines: EngineRegistry;
  /** A connected client. Those with the same options share an engine. */
  client(options?: Partial<ChannelTransportOptions>): Promise<ChannelTransport>;
  /** Ends the server. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function openScene(serverOptions: Pick<ServeOptions, 'imitate'> = {}): Promise<Scene> {
  const store = await openStore({});
  const token = `dust_tok_${randomUUID()}`;
  const server = new DustServer({
    ...serverOptions,
    stores: { [STORE]: store },
    tokens: [{ token }],
    rateLimits: false,
    logger: silentLogger,
  });
  const { url } = await server.listen({ port: 0 });
  const engines = new EngineRegistry();
  const clients: ChannelTransport[] = [];
  return {
    url,
    token,
    store,
    engines,
    client: async (options = {}) => {
      const transport = createChannelTransport(
        { url, token, store: STORE, logger: silentLogger, limits: { gapTimeout: 20 }, ...options },
        engines,
      );
      clients.push(transport);
      await transport.connect();
      return transport;
    },
    stop: () => server.close(),
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await server.close();
      await store.close();
    },
  };
}
