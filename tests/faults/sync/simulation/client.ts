import { isDustError } from '../../../../src/errors.js';
import { silentLogger } from '../../../../src/logging.js';
import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import type { SyncReceipt, SyncStatus, SyncWrite } from '../../../../src/sync/engine-types.js';
import type { Linker } from '../../../../src/sync/connection/link.js';
import type { SyncLimits } from '../../../../src/sync/options.js';
import { CommittedStates } from './committed-states.js';
import type { Disk } from './disk.js';
import type { CreateEngine, EngineUnderTest } from './engine-under-test.js';
import type { Access, SimulatedNetwork } from './network.js';
import { Process } from './process.js';
import type { Random } from './random.js';
import type { SimulatedServer } from './server.js';
import { RECORDS, slugOf, Subscriber } from './subscriber.js';
import type { Surroundings } from './workload.js';
import { drawBatch, drawWrite, LOCK } from './workload.js';
import type { Written } from './written.js';
import { outcomeOf } from './written.js';

/** What a {@link SimulatedClient} is made of. */
export interface ClientParts {
  readonly name: string;
  readonly server: SimulatedServer;
  readonly network: SimulatedNetwork;
  readonly disk: Disk;
  readonly random: Random;
  readonly limits: SyncLimits;
  readonly createEngine: CreateEngine;
  /** Where the writes of all clients are noted. */
  readonly writes: Written[];
}

/** A program that works with an engine: writes, listens, dies and starts again on the same disk. */
export class SimulatedClient {
  readonly name: string;
  readonly #parts: ClientParts;
  readonly #slowDisk: number;
  /** What the mirror keeps; undefined is everything. */
  readonly #prefixes: readonly string[] | undefined;
  /** The greatest seq of a snapshot that ever reached this disk. */
  snapshotSeq = 0;
  readonly faults: string[] = [];
  readonly #states: CommittedStates;
  #process: Process;
  #access!: Access;
  #engine!: EngineUnderTest;
  #subscriber!: Subscriber;
  #lease: Surroundings['lease'];
  #count = 0;
  #hard = 0;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.#slowDisk = parts.random.pick([0, 0, 3, 30]);
    this.#prefixes = parts.random.pick([undefined, undefined, ['links', 'counts']]);
    this.#states = new CommittedStates(parts.server);
    this.#process = new Process(parts.server.scheduler);
  }

  get subscriber(): Subscriber {
    return this.#subscriber;
  }

  get status(): SyncStatus {
    return this.#engine.status;
  }

  get isRunning(): boolean {
    return this.#process.isAlive;
  }

  /** Whether something is being written to the mirror. */
  get isCommitting(): boolean {
    return this.#process.isCommitting;
  }

  /** The seq that a start on this disk would go by. */
  get persistedSeq(): number {
    return this.#parts.disk.storage.readCounters().storeSeq;
  }

  /** Whether the mirror is to hold what lies at this path. */
  keeps({ path }: Leaf): boolean {
    return this.#prefixes?.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)) ?? true;
  }

  leaves(): Leaf[] {
    return [...this.#parts.disk.storage.leaves.range({})];
  }

  /** Makes the disk ready for the next process. */
  reopen(): Promise<void> {
    return this.#parts.disk.reopen();
  }

  start(): void {
    const { server, network, disk, random, limits, createEngine, name } = this.#parts;
    this.#trace('starts');
    const process = new Process(server.scheduler);
    const access = network.access(process, name);
    this.#process = process;
    this.#access = access;
    this.#engine = createEngine({
      store: 'acme/main',
      linker: this.#listenedTo(access.linker),
      reader: access.reader,
      storage: process.mount(
        disk.storage,
        () => random.int(0, this.#slowDisk),
        () => {
          this.#checkStanding();
        },
      ),
      deviceId: name,
      prefixes: this.#prefixes,
      limits,
      clock: process.clock,
      logger: silentLogger,
      random: random.fork().next,
    });
    this.#subscribe();
    // Rejects when the engine is closed before it was whole: `close` is told enough.
    this.#engine.start().catch(() => undefined);
  }

  /** The process is killed; nobody hears of its writes again. */
  kill(): void {
    this.#trace('is killed');
    this.#process.kill();
    this.#parts.network.abandon(this.#access);
    for (const written of this.#parts.writes) {
      if (written.client === this.name && written.outcome.kind === 'pending') {
        written.outcome = { kind: 'unknown' };
      }
    }
    this.#lease = undefined;
  }

  /** Ends the engine as a program does; what it leaves behind is a fault. */
  async close(): Promise<void> {
    await this.#engine.close();
    const { timers } = this.#process;
    if (timers > 0) this.faults.push(`${this.name} left ${timers} timers`);
    if (this.#access.links.size > 0) this.faults.push(`${this.name} left ${this.#access.links.size} links`);
    if (this.#access.reads() > 0) this.faults.push(`${this.name} left reads`);
    if (this.status.state !== 'closed') this.faults.push(`${this.name} is ${this.status.state} after close`);
  }

  /** Writes a batch beside the channel and hands its operations in, as a transport does; they come in late at times. */
  async writeBatch(): Promise<void> {
    if (!this.isRunning) return;
    const { random, server, network } = this.#parts;
    const process = this.#process;
    const wait = (): Promise<void> =>
      new Promise((resolve) => {
        server.scheduler.schedule(resolve, random.int(0, network.latency));
      });
    await wait();
    if (server.isReadOnly || !server.isUp) return;
    const clientOpId = `${this.name}-batch-${++this.#count}`;
    const committed = await server.batch({ operations: drawBatch(random), clientOpId, deviceId: this.name });
    const timeline = server.lostHistories.length;
    await wait();
    const last = committed.at(-1)?.storeSeq ?? 0;
    if (!process.isAlive || this.status.state === 'closed' || server.lostHistories.length > timeline) return;
    this.#trace(
      'hands in',
      committed.map(({ storeSeq }) => storeSeq),
    );
    await this.#engine.submitCommitted(asAnswered(committed, clientOpId));
    this.#trace('has taken in', last);
    if (process.isAlive && server.lostHistories.length === timeline && this.status.storeSeq < last) {
      this.faults.push(`${clientOpId} was taken in as ${last} with the mirror at ${this.status.storeSeq}`);
    }
  }

  /** Makes one write of the workload. */
  write(): void {
    if (!this.isRunning) return;
    const { random, disk } = this.#parts;
    const clientOpId = `${this.name}-${++this.#count}`;
    const leaf = (path: string): Leaf | undefined => disk.storage.leaves.get(path);
    const drawn = drawWrite({ random, leaf, holder: clientOpId, lease: this.#lease });
    this.#make({ ...drawn, clientOpId, signal: this.#signal() });
  }

  /** Makes a write that a server cannot bear, or others cannot hear of. */
  writeHard(drawn: SyncWrite): void {
    if (this.isRunning) this.#make({ ...drawn, clientOpId: `${this.name}-hard-${++this.#hard}` });
  }

  #make(write: SyncWrite & { readonly clientOpId: string }): void {
    const { writes } = this.#parts;
    const { clientOpId, signal: _, ...drawn } = write;
    const written: Written = { client: this.name, clientOpId, write, outcome: { kind: 'pending' } };
    writes.push(written);
    this.#trace('writes', { ...drawn, clientOpId });
    const process = this.#process;
    this.#engine.write(write).then(
      (receipt) => {
        if (process.isAlive) this.#onAcknowledged(written, receipt);
      },
      (error: unknown) => {
        if (process.isAlive) this.#onRejected(written, error);
      },
    );
  }

  #onAcknowledged(written: Written, receipt: SyncReceipt): void {
    const { storeSeq } = receipt;
    this.#trace('acknowledged', [written.clientOpId, storeSeq]);
    const { op } = written.write;
    if (op === 'lease') this.#lease = { key: LOCK, token: Number(receipt.response.token) };
    if (op === 'release') this.#lease = undefined;
    if (receipt.response.released === false) {
      written.outcome = { kind: 'refused', error: 'not_held' };
      return;
    }
    written.outcome = { kind: 'acknowledged', storeSeq };
    // What a restore has undone is in no mirror any more.
    const isStanding = this.#parts.server.history.has(written.clientOpId);
    if (isStanding && this.status.storeSeq < storeSeq) {
      this.faults.push(
        `${written.clientOpId} was acknowledged as ${storeSeq} with the mirror at ${this.status.storeSeq}`,
      );
    }
  }

  #onRejected(written: Written, error: unknown): void {
    const said = isDustError(error) ? error.kind : String(error);
    written.outcome = outcomeOf(error);
    this.#trace(written.outcome.kind, [written.clientOpId, said]);
    if (!isDustError(error)) this.faults.push(`${written.clientOpId} failed with ${said}`);
    if (said === 'fenced' || said === 'not_held') this.#lease = undefined;
  }

  /** Now and then somebody has no patience. */
  #signal(): AbortSignal | undefined {
    const { random, server } = this.#parts;
    if (!random.chance(0.05)) return undefined;
    const controller = new AbortController();
    server.scheduler.schedule(
      () => {
        controller.abort();
      },
      random.int(0, 2_000),
    );
    return controller.signal;
  }

  #subscribe(): void {
    const subscriber = new Subscriber({
      leaves: this.leaves(),
      restores: () => this.#parts.server.lostHistories.length,
      states: this.#states,
      prefixes: this.#prefixes,
    });
    this.#subscriber = subscriber;
    this.#engine.watch(Pattern.parse('**'), (commit) => {
      for (const { storeSeq, op, path } of commit.operations) this.#trace('tells', [storeSeq, op, path]);
      subscriber.onCommit(commit);
      this.look();
    });
    this.#engine.watchRecords(RECORDS, subscriber.onRecords);
  }

  /** Reads the mirror as a program does, at any moment: it is to show what was committed, all of it. */
  readonly look = (): void => {
    if (!this.isRunning) return;
    const { persistedSeq } = this;
    // At 0 it may show what stood before it began again.
    if (persistedSeq === 0) return;
    const records = this.leaves().filter(({ path }) => slugOf(path) !== undefined);
    if (this.#states.holds(persistedSeq, records)) return;
    this.faults.push(`${this.name} read at ${persistedSeq} what was never committed`);
  };

  /** What a kill at this moment would leave on the disk. */
  #checkStanding(): void {
    const { persistedSeq } = this;
    if (!this.#states.isEnd(persistedSeq)) {
      this.faults.push(`${this.name}'s mirror stands at ${persistedSeq}, inside a commit`);
    }
  }

  /** Notes the snapshots that come by: they blur revisions (PROTOCOL §5.6). */
  #listenedTo(linker: Linker): Linker {
    return {
      open: ({ onMessage, onEnd }) =>
        linker.open({
          onMessage: (event, payload: any) => {
            if (event === 'snapshot') this.snapshotSeq = Math.max(this.snapshotSeq, payload.snapshot_seq);
            onMessage(event, payload);
          },
          onEnd,
        }),
    };
  }

  #trace(what: string, detail?: unknown): void {
    this.#parts.server.trace.add(this.name, what, detail);
  }
}

/** Operations as the answer to their batch tells them: all under its id, and known to belong together. */
function asAnswered(committed: readonly CommittedOperation[], clientOpId: string): CommittedOperation[] {
  return committed.map((operation) => ({ ...operation, clientOpId }));
}
