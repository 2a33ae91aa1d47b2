import type { ClusterNodeOptions } from '../../../../src/cluster/cluster-node.js';
import { ClusterNode } from '../../../../src/cluster/cluster-node.js';
import type { ReplicatedLog } from '../../../../src/cluster/log/replicated-log.js';
import { MemoryLog } from '../../../../src/cluster/logs/memory/memory-log.js';
import type { Shelf } from '../../../../src/cluster/log/shelf.js';
import { defaultClusterParts } from '../../../../src/cluster/parts.js';
import type { Compression } from '../../../../src/cluster/snapshots/snapshot-bytes.js';
import { SNAPSHOTS } from '../../../../src/cluster/snapshots/snapshot-name.js';
import { silentLogger } from '../../../../src/logging.js';
import type { StoreStorage } from '../../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { goOn } from '../model/turns.js';

export interface Member {
  readonly store: Store;
  readonly node: ClusterNode;
  readonly storage: StoreStorage;
  /** Warnings and errors. */
  readonly told: string[];
}

export interface JoinOptions extends Partial<Pick<ClusterNodeOptions, 'snapshots' | 'writeTimeout'>> {
  readonly storage?: StoreStorage;
  readonly log?: (log: ReplicatedLog) => Partial<ReplicatedLog>;
  readonly shelf?: (shelf: Shelf) => Partial<Shelf>;
}

/** Threads would end in whatever turn. */
const none: Compression = { compress: (source) => source, expand: (source) => source };

/** Nodes over a log in memory, with one clock for all. */
export class World {
  readonly clock = new TestClock();
  readonly memory = new MemoryLog({ clock: this.clock });
  readonly members: Member[] = [];

  join({ storage = createMemoryStorage(), log, shelf, ...options }: JoinOptions = {}): Member {
    const connection = this.memory.connect();
    const told: string[] = [];
    const logger = {
      ...silentLogger,
      warn: (message: string) => told.push(message),
      error: (message: string) => told.push(message),
    };
    const wrapped: ReplicatedLog = {
      ...methodsOf<ReplicatedLog>(connection, ['append', 'read', 'bounds', 'watch', 'trim', 'close']),
      name: connection.name,
      shelf: {
        ...methodsOf<Shelf>(connection.shelf, ['put', 'get', 'list', 'remove']),
        ...shelf?.(connection.shelf),
      },
      ...log?.(connection),
    };
    let node: ClusterNode | undefined;
    const store = new Store({
      storage,
      order: (copy) =>
        (node = new ClusterNode(
          copy,
          { log: wrapped, clock: this.clock, random: () => 0.5, logger, ...options },
          { ...defaultClusterParts, compression: none },
        )),
    });
    const member = { store, node: node!, storage, told };
    this.members.push(member);
    return member;
  }

  /** The names of the snapshots on the shelf. */
  async snapshots(): Promise<string[]> {
    return (await this.memory.shelf.list(SNAPSHOTS)).map(({ name }) => name);
  }

  /** Lets the nodes do what they do by themselves, until something is so. */
  async until(isSo: () => boolean | Promise<boolean>, ms = 500): Promise<void> {
    for (let i = 0; i < 2_000; i++) {
      if (await isSo()) return;
      await this.clock.advance(ms);
      await goOn();
    }
    throw new Error('it never came about');
  }

  /** As {@link until}, where other processes or threads take their time, until the test has none left. */
  async untilSome(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await this.clock.advance(10);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async close(): Promise<void> {
    for (const { store } of this.members) await store.close();
  }
}

/** Whether a node follows the log, and has read it to its end. */
export function isCurrent({ node }: Member, { memory }: World): boolean {
  const { state } = node;
  return state.name === 'following' && state.position === memory.bounds.last;
}

function methodsOf<T extends object>(of: T, names: readonly (keyof T & string)[]): T {
  const methods: Record<string, unknown> = {};
  for (const name of names) {
    const method = of[name];
    if (typeof method === 'function') methods[name] = (method as (...args: unknown[]) => unknown).bind(of);
  }
  return methods as T;
}
