import { checkOptionNames } from '../options/index.js';
import { SERVE_OPTIONS } from './option-names.js';
import { endAll } from '../end-all.js';
import type { Store } from '../store/index.js';
import type { ListeningAt } from './dust-server.js';
import { DustServer } from './dust-server.js';
import { invalidOption } from './errors.js';
import { isLoopback } from './loopback.js';
import { openStore } from './stores/open-store.js';
import { checkServeValues } from './option-values.js';
import type { AccessToken, RunningServer, ServeOptions } from './options.js';
import { storeFolder } from './stores/store-folder.js';
import { checkStoreNames } from './stores/store-name.js';
import { newToken } from './access/tokens.js';

const DEFAULT_STORES = ['local/default'];

/**
 * Opens stores and serves them. When anything fails, what was opened is closed again.
 *
 * @example
 * const server = await serve({ stores: ['acme/reading'], data: './data' });
 * console.log(server.url);
 *
 * @throws DustError `invalid_options`, also for a host that other machines can reach when no tokens are given; `storage`
 * when a folder cannot be opened; `network` when the address cannot be had; with `cluster`, what opening a node throws
 */
export async function serve(options: ServeOptions = {}): Promise<RunningServer> {
  return (await serveOpen(options)).running;
}

/** A server that runs, and what it is made of. */
export interface OpenServer {
  readonly running: RunningServer;
  readonly server: DustServer;
  /** By name, `org/name`. They are closed with the server. */
  readonly stores: ReadonlyMap<string, Store>;
}

/** As {@link serve}, for who works with the stores in the same process. @throws DustError as {@link serve} does */
export async function serveOpen(options: ServeOptions): Promise<OpenServer> {
  checkOptionNames('serve', options, SERVE_OPTIONS);
  checkServeValues(options);
  const { data, stores: names = DEFAULT_STORES, host, port, cluster, ...rest } = options;
  const tokens = tokensOf(options);
  checkStoreNames(names);
  const stores = new Map<string, Store>();
  const closeStores = (): Promise<void> => endAll([...stores.values()].map((store) => () => store.close()));
  try {
    for (const name of names) {
      const path = data === undefined ? undefined : storeFolder(data, name);
      const shared = cluster && { ...cluster, name };
      stores.set(name, await openStore({ path, cluster: shared, clock: rest.clock, logger: rest.logger }));
    }
    const server = new DustServer({ ...rest, tokens, stores: Object.fromEntries(stores) });
    const at = await server.listen({ host, port });
    return { running: running(server, at, names, tokens, closeStores), server, stores };
  } catch (error) {
    await closeStores().catch(() => undefined);
    throw error;
  }
}

function tokensOf({ tokens, host = 'localhost' }: ServeOptions): readonly AccessToken[] {
  if (tokens !== undefined) return tokens;
  if (isLoopback(host)) return [{ token: newToken(), name: 'made up at start' }];
  throw invalidOption(
    `host ${JSON.stringify(host)} can be reached from other machines, so give the server "tokens" of your own, or let it listen on 127.0.0.1.`,
  );
}

function running(
  server: DustServer,
  { url, metricsUrl }: ListeningAt,
  stores: readonly string[],
  tokens: readonly AccessToken[],
  closeStores: () => Promise<void>,
): RunningServer {
  let closing: Promise<void> | undefined;
  return {
    url,
    stores,
    token: tokens[0]?.token ?? '',
    metricsUrl,
    close: () => {
      closing ??= server.close().finally(closeStores);
      return closing;
    },
  };
}
