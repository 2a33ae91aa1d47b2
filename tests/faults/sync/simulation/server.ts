import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import { commitOf } from '../../../../src/protocol/requests/operation.js';
import type { WireWrite } from '../../../../src/protocol/wire/frames.js';
import type { Path } from '../../../../src/protocol/paths/path.js';
import type { JsonValue, Leaf } from '../../../../src/protocol/values/value.js';
import type { BatchRequest, StoreStorage } from '../../../../src/store/index.js';
import { applyChanges, changesOf, createMemoryStorage, Store } from '../../../../src/store/index.js';
import type { PushReply } from '../../../../src/sync/connection/link.js';
import type { ServerChannel } from './channel.js';
import { History } from './history.js';
import type { Random } from './random.js';
import type { Scheduler } from './scheduler.js';
import type { ServerLoad } from './server-load.js';
import type { ServerPace } from './server-pace.js';
import type { Trace } from './trace.js';
import { answerWrite } from './wire-writes.js';

/** What a {@link SimulatedServer} is made of. */
export interface ServerParts {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  readonly pace: ServerPace;
  /** Whether it says what was committed together, and tells its channels of batches, as no 0.1 server does. */
  readonly marksCommits: boolean;
  /** What wears it out. */
  readonly load: ServerLoad | undefined;
}

/** What a write of the channel came to. */
interface Written {
  readonly reply: PushReply;
  readonly committed: readonly CommittedOperation[];
}

/** A server (PROTOCOL §4, §5) over the real store: one writer, many channels, HTTP beside them. */
export class SimulatedServer {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  readonly marksCommits: boolean;
  readonly load: ServerLoad | undefined;
  pace: ServerPace;
  /** Whether connections are taken. */
  isUp = true;
  /** Whether writes wait: after a restore, until every mirror has noticed (PROTOCOL §5.7 tells it to nobody later). */
  isReadOnly = false;
  /** Messages in the mailboxes of channels, those whose connection is gone included. */
  waiting = 0;
  readonly #channels = new Set<ServerChannel>();
  readonly #processes = new Set<ServerChannel>();
  /** The histories that restores put an end to, oldest first. */
  readonly #lost: History[] = [];
  #history = new History();
  #storage: StoreStorage = createMemoryStorage();
  #store: Store;

  constructor({ scheduler, random, trace, pace, marksCommits, load }: ServerParts) {
    this.load = load;
    this.marksCommits = marksCommits;
    this.scheduler = scheduler;
    this.random = random;
    this.trace = trace;
    this.pace = pace;
    this.#store = this.#open();
  }

  /** Whether something that clients sent is still to be worked off. */
  get isBusy(): boolean {
    return this.waiting > 0;
  }

  get history(): History {
    return this.#history;
  }

  get lostHistories(): readonly History[] {
    return this.#lost;
  }

  get seq(): number {
    return this.#history.seq;
  }

  /** All leaves in store order. */
  leaves(): Leaf[] {
    return [...this.#storage.leaves.range({})];
  }

  getMany(paths: readonly Path[]): ReadonlyMap<Path, Leaf> {
    return this.#store.getMany(paths);
  }

  status(): Readonly<Record<string, JsonValue>> {
    const { storeSeq, snapshotSeq, operationCount } = this.#store.status();
    return {
      current_seq: storeSeq,
      entry_count: this.leaves().length,
      op_count: operationCount,
      latest_snapshot_seq: snapshotSeq,
      permissions: { read: true, write: true },
      scopes: ['read', 'write'],
    };
  }

  /** The snapshot that a reader at `seq` is sent, if it is too far behind. */
  snapshotFor(seq: number): { readonly seq: number; readonly entries: readonly Leaf[] } | undefined {
    return this.#store.catchUp(seq).snapshot;
  }

  subscribe(channel: ServerChannel): void {
    this.#channels.add(channel);
  }

  unsubscribe(channel: ServerChannel): void {
    this.#channels.delete(channel);
  }

  /** Commits a write of the channel; the caller broadcasts it. */
  write(write: WireWrite, deviceId: string): Promise<Written> {
    const work = (): Promise<Written> => this.#write(write, deviceId);
    return this.load === undefined ? work() : this.load.inTurn(work);
  }

  async #write(write: WireWrite, deviceId: string): Promise<Written> {
    const reply = await answerWrite(this.#store, write, deviceId);
    return { reply, committed: this.#record([write.value], write.fence !== undefined) };
  }

  /** An operation as it is sent. */
  told({ commit, ...operation }: CommittedOperation): CommittedOperation {
    return this.marksCommits && commit !== undefined ? { ...operation, commit } : operation;
  }

  broadcast(operation: CommittedOperation): void {
    for (const channel of this.#channels) channel.tell(operation);
  }

  /** A batch over HTTP: on a 0.1 server nobody hears of it (PROTOCOL §5.4). */
  batch(request: BatchRequest): Promise<readonly CommittedOperation[]> {
    const work = (): Promise<readonly CommittedOperation[]> => this.#batch(request);
    return this.load === undefined ? work() : this.load.inTurn(work);
  }

  async #batch(request: BatchRequest): Promise<readonly CommittedOperation[]> {
    await this.#store.writeBatch({ ...request, deduplicate: false });
    const committed = this.#record(
      request.operations.map((operation) => ('value' in operation ? operation.value : undefined)),
    );
    for (const operation of committed) this.trace.add('http', 'commit', operation);
    if (this.marksCommits) void this.#announce(committed);
    return committed;
  }

  /** Whoever listens hears of the operations one after the other, and others may speak between them. */
  async #announce(committed: readonly CommittedOperation[]): Promise<void> {
    const history = this.#history;
    this.waiting++;
    for (const operation of committed) {
      const delay = this.random.int(0, this.pace.broadcast);
      await new Promise<void>((resolve) => {
        this.scheduler.schedule(resolve, delay);
      });
      if (this.#history === history) this.broadcast(operation);
    }
    this.waiting--;
  }

  async compact(keep: number): Promise<void> {
    this.trace.add('server', 'compact', { seq: this.seq, keep });
    await this.#store.compact({ keep });
  }

  /** The whole server ends: what waited in its mailboxes is gone. It takes connections again when `isUp` is set. */
  crash(): void {
    this.trace.add('server', 'crash');
    this.isUp = false;
    for (const channel of this.#processes) {
      channel.crash({ reason: 'the connection was closed (code 1000)', isCrash: false });
    }
    this.#processes.clear();
  }

  /** A channel has begun: it goes on without its connection, but not without the server. */
  began(channel: ServerChannel): void {
    this.#processes.add(channel);
  }

  /** Puts the backup of the commit that holds `wanted`, or of the one before it, in place of the store (PROTOCOL §5.7). */
  async restore(wanted: number): Promise<void> {
    const seq = this.#history.endUntil(wanted);
    this.trace.add('server', 'restore', { from: this.seq, to: seq });
    this.crash();
    if (this.load !== undefined) {
      // What its writer was asked for before is of the history that ends here.
      this.isReadOnly = true;
      await this.load.inTurn(() => Promise.resolve());
      // Whoever has connected meanwhile has joined it, too.
      this.crash();
    }
    this.#lost.push(this.#history);
    this.#history = this.#history.until(seq);
    this.#storage = createMemoryStorage();
    this.#store = this.#open();
    await this.#storage.commit(() => {
      for (const { operation } of this.#history.operations) {
        applyChanges(changesOf(operation, this.#storage.leaves), this.#storage.leaves);
        this.#storage.log.append(operation);
      }
      this.#storage.writeCounters({ storeSeq: seq, snapshotSeq: 0 });
    });
    this.isUp = true;
    this.isReadOnly = true;
  }

  #open(): Store {
    return new Store({ storage: this.#storage, clock: this.scheduler });
  }

  #record(asked: readonly (JsonValue | undefined)[], isFenced = false): CommittedOperation[] {
    const committed = [...this.#storage.log.since(this.#history.seq)];
    for (const [i, operation] of committed.entries()) {
      const isEnd = commitOf(operation).last === operation.storeSeq;
      this.#history.append({ operation, asked: asked[i], isFenced, isEnd });
    }
    return committed;
  }
}
