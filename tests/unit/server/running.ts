import type { Logger } from '../../../src/logging.js';
import type { AccessToken, DustServerOptions, RateLimits } from '../../../src/server/index.js';
import { DustServer, openStore } from '../../../src/server/index.js';
import type { Store } from '../../../src/store/index.js';
import type { Answer, Request } from './http.js';
import { http } from './http.js';

export const STORE = 'acme/demo';
export const BASE = `/api/stores/${STORE}`;
export const TOKEN = 'the-token-of-these-tests';

/** A server over one store in memory, on a free port, with all it said. */
export interface Running {
  readonly url: string;
  readonly store: Store;
  readonly server: DustServer;
  readonly logged: string[];
  /** One request with the token, on a connection of its own; `path` begins behind the store. */
  ask(method: string, path: string, request?: Omit<Request, 'method' | 'path'>): Promise<Answer>;
}

const running: { server: DustServer; store: Store }[] = [];

export async function start(
  options: Partial<DustServerOptions> & {
    tokens?: readonly AccessToken[];
    rateLimits?: RateLimits | false;
  } = {},
): Promise<Running> {
  const logged: string[] = [];
  const log = (message: string): void => {
    logged.push(message);
  };
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  const store = await openStore({ clock: options.clock, logger });
  const server = new DustServer({
    stores: { [STORE]: store },
    tokens: [{ token: TOKEN }],
    rateLimits: false,
    logger,
    ...options,
  });
  running.push({ server, store });
  const { url } = await server.listen({ port: 0 });
  return {
    url,
    store,
    server,
    logged,
    ask: (method, path, request = {}) =>
      http(url, {
        method,
        path: path.startsWith('/api') ? path : `${BASE}${path}`,
        token: TOKEN,
        ...request,
      }),
  };
}

/** To be called after each test. */
export async function stopAll(): Promise<void> {
  for (const { server, store } of running.splice(0)) {
    await server.close();
    await store.close();
  }
}
