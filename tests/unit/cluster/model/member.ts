import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import type { Clock } from '../../../../src/clock.js';
import { ClusterNode } from '../../../../src/cluster/cluster-node.js';
import type { ReplicatedLog } from '../../../../src/cluster/log/replicated-log.js';
import type { ClusterParts } from '../../../../src/cluster/parts.js';
import { defaultClusterParts } from '../../../../src/cluster/parts.js';
import type { Compression } from '../../../../src/cluster/snapshots/snapshot-bytes.js';
import { silentLogger } from '../../../../src/logging.js';
import type { Commit } from '../../../../src/protocol/requests/operation.js';
import type { StoreCopy, StoreStorage, WriteOrder } from '../../../../src/store/index.js';
import { Store } from '../../../../src/store/index.js';
import type { MortalStorage } from './mortal-storage.js';
import { mortalStorage } from './mortal-storage.js';
import type { MortalConnection, ScriptedLog } from './scripted-log.js';

/** A node with something that is wrong. */
export interface Mutation {
  readonly parts?: Partial<ClusterParts>;
  readonly copy?: (copy: StoreCopy, member: MemberParts) => StoreCopy;
  readonly order?: (node: ClusterNode) => WriteOrder;
  readonly log?: (log: ReplicatedLog, member: MemberParts) => ReplicatedLog;
}

/** What a member is made of. */
export interface MemberParts {
  readonly index: number;
  readonly log: ScriptedLog;
  readonly clock: Clock;
  readonly random: () => number;
  /** Opens what the member keeps, as it was left. */
  readonly open: () => Promise<StoreStorage>;
  /** From now on it opens something empty. */
  readonly wipe: () => void;
  readonly mutation: Mutation;
}

/** A process that is a node, from its start to its end. */
export interface Life {
  readonly store: Store;
  readonly node: ClusterNode;
  /** Where the store stood when its watcher began; undefined as long as it shows no state that is whole. */
  begunAt: number | undefined;
  /** How often a snapshot took the place of its state since. */
  restored: number;
  /** Whether it began where another one had ended while it took a snapshot. */
  readonly isInterrupted: boolean;
  /** What its watcher heard. */
  readonly heard: Commit[];
  readonly storage: MortalStorage;
  readonly connection: MortalConnection;
  state: 'open' | 'closing' | 'dead' | 'closed';
}

/** Threads would end in whatever turn. */
const none: Compression = { compress: (source) => source, expand: (source) => source };

function watch(life: Life): void {
  const { store, heard } = life;
  life.begunAt = store.status().storeSeq;
  store.watch(Pattern.parse('**'), (commit) => heard.push(commit));
  store.onAnew(() => life.restored++);
}

function never(): void {
  // It was closed, or is as good as dead.
}

/** One of the nodes, with all its lives on one storage. */
export class Member {
  readonly parts: MemberParts;
  readonly lives: Life[] = [];
  #base: StoreStorage | undefined;

  private constructor(parts: MemberParts) {
    this.parts = parts;
  }

  static async start(parts: MemberParts): Promise<Member> {
    const member = new Member(parts);
    await member.begin();
    return member;
  }

  get life(): Life {
    return this.lives.at(-1)!;
  }

  get isOpen(): boolean {
    return this.life.state === 'open';
  }

  async begin(): Promise<void> {
    const { log, clock, random, mutation } = this.parts;
    const connection = log.connect();
    const heard: Commit[] = [];
    let node: ClusterNode | undefined;
    this.#base = await this.parts.open();
    const storage = mortalStorage(this.#base, () => {
      this.die();
    });
    const store = new Store({
      storage: storage.storage,
      clock,
      // Of no effect: how much a cluster keeps is no matter of one process.
      log: { keep: this.parts.index, limit: 10 + 3 * this.parts.index },
      order: (copy) => {
        node = new ClusterNode(
          mutation.copy?.(copy, this.parts) ?? copy,
          {
            log: mutation.log?.(connection, this.parts) ?? connection,
            clock,
            random,
            logger: silentLogger,
            snapshots: { operations: 20, bytes: 10_000 },
          },
          { ...defaultClusterParts, compression: none, ...mutation.parts },
        );
        return mutation.order?.(node) ?? node;
      },
    });
    const life: Life = {
      store,
      node: node!,
      begunAt: undefined,
      restored: 0,
      isInterrupted: node!.state.name === 'restoring',
      heard,
      storage,
      connection,
      state: 'open',
    };
    this.lives.push(life);
    if (life.isInterrupted) void node!.restored().then(() => watch(life), never);
    else watch(life);
  }

  /** As a process that is killed: nothing of it answers any more. */
  die(): void {
    const { life } = this;
    life.connection.kill();
    life.state = 'dead';
  }

  /** As a process that is asked to end. */
  close(): void {
    const { life } = this;
    life.state = 'closing';
    void life.store.close().then(() => {
      if (life.state === 'closing') life.state = 'closed';
    });
  }

  /** Gives back what a killed process had open. */
  async bury(): Promise<void> {
    await this.#base?.close();
  }
}
