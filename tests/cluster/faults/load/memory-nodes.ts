import { ClusterNode } from '../../../../src/cluster/cluster-node.js';
import type { ReplicatedLog } from '../../../../src/cluster/log/replicated-log.js';
import { MemoryLog } from '../../../../src/cluster/logs/memory/memory-log.js';
import { silentLogger } from '../../../../src/logging.js';
import { DustServer } from '../../../../src/server/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import type { NodeAddress } from './balancer.js';

/** Servers of one process that share a store through a log in memory. */
export class MemoryNodes {
  readonly addresses: NodeAddress[] = [];
  readonly stores: Store[] = [];
  readonly #servers: DustServer[] = [];

  static async open(
    count: number,
    { store: name, token }: { readonly store: string; readonly token: string },
    lag?: () => Promise<unknown>,
  ): Promise<MemoryNodes> {
    const nodes = new MemoryNodes();
    const log = new MemoryLog();
    for (let i = 0; i < count; i++) {
      const store = new Store({
        storage: createMemoryStorage(),
        order: (copy) => new ClusterNode(copy, { log: behind(log.connect(), lag), logger: silentLogger }),
      });
      nodes.stores.push(store);
      const server = new DustServer({ stores: { [name]: store }, tokens: [{ token }], logger: silentLogger });
      nodes.#servers.push(server);
      const { port } = new URL((await server.listen({ port: 0 })).url);
      nodes.addresses.push({ host: '127.0.0.1', port: Number(port) });
    }
    return nodes;
  }

  get urls(): readonly string[] {
    return this.addresses.map(({ host, port }) => `http://${host}:${port}`);
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.close();
    for (const store of this.stores) await store.close();
  }
}

/** A log that is read later than it could be. */
function behind(log: ReplicatedLog, lag: () => Promise<unknown> = () => Promise.resolve()): ReplicatedLog {
  return {
    name: log.name,
    shelf: log.shelf,
    append: (...args) => log.append(...args),
    read: async (...args) => {
      await lag();
      return log.read(...args);
    },
    bounds: (...args) => log.bounds(...args),
    watch: (listener) => log.watch(listener),
    trim: (through) => log.trim(through),
    close: () => log.close(),
  };
}
