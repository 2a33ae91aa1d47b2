import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../src/clock.js';
import { ClusterNode } from '../../../src/cluster/cluster-node.js';
import type { ReplicatedLog } from '../../../src/cluster/log/replicated-log.js';
import { MemoryLog } from '../../../src/cluster/logs/memory/memory-log.js';
import { openPostgresLog } from '../../../src/cluster/logs/postgres/index.js';
import { EmbeddedTransport } from '../../../src/index.js';
import { silentLogger } from '../../../src/logging.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import type { Transport } from '../../../src/transport/transport.js';
import { announcingWrites } from './announcing-writes.js';
import type { StoreUnderTest } from './row.js';
import { stateOfStore } from './store-state.js';

/** Makes the connection of one more node to one log. */
export type Connect = () => Promise<ReplicatedLog>;

/** A log in memory that goes by `clock`. */
export function memoryLog(clock: Clock): Connect {
  const log = new MemoryLog({ clock });
  return () => Promise.resolve(log.connect());
}

/** A new log on the PostgreSQL server that tests/cluster/contract/begin.ts began. Its time is the server's. */
export function postgresLog(): Connect {
  const { DUST_CONTRACT_POSTGRES: url = '' } = process.env;
  const store = `contract/${randomUUID()}`;
  return () => openPostgresLog({ url, store });
}

/** The nodes of a cluster, all of them in this process. */
export class ClusterNodes {
  readonly stores: readonly Store[];
  #taken = 0;

  private constructor(stores: readonly Store[]) {
    this.stores = stores;
  }

  static async open(count: number, connect: Connect): Promise<ClusterNodes> {
    const logs = await Promise.all(Array.from({ length: count }, connect));
    const stores = logs.map(
      (log) =>
        new Store({
          storage: createMemoryStorage(),
          order: (copy) => new ClusterNode(copy, { log, logger: silentLogger }),
        }),
    );
    return new ClusterNodes(stores);
  }

  /** A client in the process of a node, which is another one each time. Its writes resolve when every node has them. */
  embedded(deviceId: string | undefined): Transport {
    const store = this.stores[this.#taken++ % this.stores.length];
    if (store === undefined) throw new Error('a cluster without nodes');
    return this.announcing(new EmbeddedTransport({ store, deviceId }));
  }

  /** The same way, whose writes resolve when every node has them: tests go on with what other clients then read. */
  announcing<T extends Transport>(transport: T): T {
    return announcingWrites(transport, async (storeSeq) => {
      await Promise.all(this.stores.map((store) => store.barrier({ minSeq: storeSeq })));
    });
  }

  /** How each node stands. */
  readonly state: StoreUnderTest['state'] = async (paths) => {
    await Promise.all(this.stores.map((store) => store.barrier()));
    return Promise.all(this.stores.map((store) => stateOfStore(store)(paths)));
  };

  async close(): Promise<void> {
    await Promise.all(this.stores.map((store) => store.close()));
  }
}
