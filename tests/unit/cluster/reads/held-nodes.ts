import { randomUUID } from 'node:crypto';
import { ClusterNode } from '../../../../src/cluster/cluster-node.js';
import { MemoryLog } from '../../../../src/cluster/logs/memory/memory-log.js';
import { silentLogger } from '../../../../src/logging.js';
import { DustServer } from '../../../../src/server/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';

const STORE = 'acme/reads';

/** A node of a cluster that reads no more of the log while it is held. */
export class HeldNode {
  readonly store: Store;
  /** What its waits go by. */
  readonly clock = new TestClock();
  #held: Promise<void> | undefined;
  #letGo: () => void = () => undefined;

  constructor(log: MemoryLog) {
    const connection = log.connect();
    const { read } = connection;
    const held: typeof read = async (...args) => {
      await this.#held;
      const entries = await Reflect.apply(read, connection, args);
      // What was asked for before it was held has no answer yet.
      await this.#held;
      return entries;
    };
    this.store = new Store({
      storage: createMemoryStorage(),
      order: (copy) => {
        const parts = {
          log: Object.assign(connection, { read: held }),
          clock: this.clock,
          logger: silentLogger,
        };
        return new ClusterNode(copy, parts);
      },
    });
  }

  hold(): void {
    this.#held = new Promise((resolve) => (this.#letGo = resolve));
  }

  letGo(): void {
    this.#held = undefined;
    this.#letGo();
  }
}

/** Nodes over one log, and servers of them. */
export class HeldNodes {
  readonly log = new MemoryLog();
  readonly nodes: readonly HeldNode[];
  readonly #servers: DustServer[] = [];

  constructor(count: number) {
    this.nodes = Array.from({ length: count }, () => new HeldNode(this.log));
  }

  /** Serves a node. Resolves to what leads a client there. */
  async serve({ store }: HeldNode): Promise<{ url: string; store: string; token: string }> {
    const token = `dust_tok_${randomUUID()}`;
    const server = new DustServer({
      stores: { [STORE]: store },
      tokens: [{ token }],
      rateLimits: false,
      logger: silentLogger,
    });
    this.#servers.push(server);
    const { url } = await server.listen({ port: 0 });
    return { url, store: STORE, token };
  }

  async close(): Promise<void> {
    for (const node of this.nodes) node.letGo();
    for (const server of this.#servers) await server.close();
    for (const { store } of this.nodes) await store.close();
  }
}
