import { endAll } from '../end-all.js';
import type { EntityMetadata } from '../metadata/index.js';
import { ClaimingTransport } from '../transport/claims/index.js';
import type { Transport } from '../transport/transport.js';
import { createTransport } from './create-transport.js';
import { instanceForOneStore } from './errors.js';
import type { ResolvedOptions } from './resolve-options.js';

/** The open transports of a data source, one for each store. */
export class OpenTransports {
  readonly #byStore: ReadonlyMap<string, Transport>;

  constructor(byStore: ReadonlyMap<string, Transport>) {
    this.#byStore = byStore;
  }

  of(store: string): Transport {
    const transport = this.#byStore.get(store);
    if (transport === undefined) throw new TypeError(`There is no transport to the store ${store}.`);
    return transport;
  }

  /** All but the one to that store. */
  besides(store: string): ReadonlyMap<string, Transport> {
    return new Map([...this.#byStore].filter(([name]) => name !== store));
  }

  /** Closes all of them. @throws what the first of those fails with that does, when all are closed */
  async close(): Promise<void> {
    await endAll([...this.#byStore.values()].map((transport) => () => transport.close()));
  }
}

/**
 * Opens the data source's own store and those of its entities.
 *
 * @throws what a transport throws that cannot be opened; those that could are closed again
 */
export async function openTransports(
  options: ResolvedOptions,
  entities: readonly EntityMetadata[],
): Promise<OpenTransports> {
  const foreign = entities.find(({ store }) => store !== undefined && store !== options.store);
  if (foreign !== undefined && typeof options.transport === 'object') {
    throw instanceForOneStore(options.store, foreign);
  }
  const stores = new Set([options.store, ...entities.map(({ store }) => store ?? options.store)]);
  const byStore = new Map<string, Transport>();
  const transports = new OpenTransports(byStore);
  try {
    for (const store of stores) {
      const transport = claiming(createTransport(options, store, entities), store, options, entities);
      byStore.set(store, transport);
      await transport.connect();
    }
    return transports;
  } catch (error) {
    // Why it could not be opened says more.
    await transports.close().catch(() => undefined);
    throw error;
  }
}

/** Where something is to be unique and the store does not see to it by itself, or may stop doing so, claims do. */
function claiming(
  way: Transport,
  store: string,
  { store: ownStore, clock }: ResolvedOptions,
  entities: readonly EntityMetadata[],
): Transport {
  const isUnique = entities.some(
    (entity) =>
      (entity.store ?? ownStore) === store && entity.indexes.some(({ definition }) => definition.unique),
  );
  return isUnique && way.capabilities.uniqueIndexes !== true ? new ClaimingTransport({ way, clock }) : way;
}
