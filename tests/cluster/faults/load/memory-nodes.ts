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
    { change = () => ({}), writeTimeout }: MemoryNodesOptions = {},
  ): Promise<MemoryNodes> {
    const nodes = new MemoryNodes();
    const log = new MemoryLog();
    for (let i = 0; i < count; i++) {
      const store = new Store({
        storage: createMemoryStorage(),
        order: (copy) => {
          const connected = changed(log.connect(), (each) => change(each, i));
          return new ClusterNode(copy, { log: connected, writeTimeout, logger: silentLogger });
        },
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

/** What is not as it should be. */
export interface MemoryNodesOptions {
  /** What a node's connection to the log does otherwise. */
  readonly change?: (log: ReplicatedLog, node: number) => Partial<ReplicatedLog>;
  /** Milliseconds. */
  readonly writeTimeout?: number;
}

function changed(log: ReplicatedLog, change: (log: ReplicatedLog) => Partial<ReplicatedLog>): ReplicatedLog {
  return {
    name: log.name,
    shelf: log.shelf,
    append: (...args) => log.append(...args),
    read: (...args) => log.read(...args),
    bounds: (...args) => log.bounds(...args),
    watch: (listener) => log.watch(listener),
    trim: (through) => log.trim(through),
    close: () => log.close(),
    ...change(log),
  };
}
