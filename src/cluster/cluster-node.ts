import { randomUUID } from 'node:crypto';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { assertNotAborted, requestAborted, untilAborted } from '../abort-listener.js';
import type { Clock } from '../clock.js';
import { monotonicOf, systemClock } from '../clock.js';
import type { DustError } from '../errors.js';
import { isDustError } from '../errors.js';
import type { Logger } from '../logging.js';
import { consoleLogger } from '../logging.js';
import type { ClusterMember } from '../protocol/requests/cluster-member.js';
import type { CommittedOperation } from '../protocol/requests/operation.js';
import type { Path } from '../protocol/paths/path.js';
import type { IndexDefinition } from '../protocol/values/record-access.js';
import type {
  Command,
  CommitOutcome,
  LoggedBy,
  LoggedOutcome,
  RollbackRequest,
  StoreCopy,
  StoredBlob,
  UseIndexesOptions,
  WriteContext,
  WriteOrder,
} from '../store/index.js';
import { contentHash, identityOf } from '../store/index.js';
import { WorkUnderWay } from '../work-under-way.js';
import { Arrivals } from './apply/arrivals.js';
import type { ClusterMark } from './apply/cluster-mark.js';
import { FrameApplier } from './apply/frame-applier.js';
import { LogFollower } from './apply/log-follower.js';
import { clusterClosed, damagedFile, halted, lagging, notCurrent } from './errors.js';
import { readShelvedFile, shelvedFile } from './file-content.js';
import type { Proposal } from './frame/proposal.js';
import { LogFailures } from './log/log-failures.js';
import type { ReplicatedLog } from './log/replicated-log.js';
import { Announcer } from './members/announcer.js';
import type { ClusterParts } from './parts.js';
import { defaultClusterParts } from './parts.js';
import type { QueueLimits } from './propose/proposal-queue.js';
import { Proposer } from './propose/proposer.js';
import { restoring } from './snapshots/errors.js';
import { Restorer } from './snapshots/restorer.js';
import { Restoring } from './snapshots/restoring.js';
import type { SnapshotInterval, TakenSnapshot } from './snapshots/snapshot-taker.js';
import { SnapshotTaker } from './snapshots/snapshot-taker.js';

/** What a node of a cluster goes by. */
export interface ClusterNodeOptions {
  /** Opened already; the node closes it. */
  readonly log: ReplicatedLog;
  /** What waits are measured by. Default the machine's. */
  readonly clock?: Clock | undefined;
  /** What waits are drawn with. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** How long a write waits for its outcome, in milliseconds. Default 30,000. */
  readonly writeTimeout?: number | undefined;
  /** How much may be on its way through the log. Default 10,000 writes of 64 MiB. */
  readonly queue?: QueueLimits | undefined;
  /** Hears of failures of the log. Default the console. */
  readonly logger?: Logger | undefined;
  /** After how much of the log a snapshot is due. Default 100,000 operations or 64 MiB. */
  readonly snapshots?: SnapshotInterval | undefined;
  /** What the node is called when it makes itself known to the others. Left out, it does not. */
  readonly name?: string | undefined;
  /** Hears what the log's engine refuses, such as a password. Returns whether the node ends by that; without it, it asks again. */
  readonly onRefused?: ((refusal: DustError) => boolean) | undefined;
}

/** Where a node stands. */
export type NodeState =
  | { readonly name: 'following'; readonly position: number; readonly lag: number | undefined }
  | { readonly name: 'restoring' }
  | { readonly name: 'halted'; readonly cause: DustError }
  | { readonly name: 'closed' };

const WRITE_TIMEOUT = 30_000;
/** A node that has not read its log to the end for so many milliseconds is not ready. */
const LONGEST_LAG = 5_000;
/** How long a read waits for what another node has shown to come by itself, in milliseconds, before the log is asked. */
const ARRIVAL_TIME = 1_000;
const QUEUE: QueueLimits = { proposals: 10_000, bytes: 67_108_864 };
const SNAPSHOTS: SnapshotInterval = { operations: 100_000, bytes: 67_108_864 };

/**
 * One node of a cluster: the order of a store whose writes a log orders that all nodes share. What this node is asked for it proposes to the
 * log; what it reads there, of whatever node, it applies to its copy of the store. Reads are answered by the copy.
 */
export class ClusterNode implements WriteOrder {
  /** Of its process; random. */
  readonly #id = randomUUID();
  readonly #copy: StoreCopy;
  readonly #log: ReplicatedLog;
  readonly #logger: Logger;
  readonly #applier: FrameApplier;
  readonly #proposer: Proposer;
  readonly #follower: LogFollower;
  readonly #taker: SnapshotTaker;
  readonly #announcer: Announcer | undefined;
  readonly #underWay = new WorkUnderWay();
  readonly #arrivals: Arrivals;
  /** Nothing arrives any more. */
  readonly #end = new AbortController();
  /** Until the copy has a state that may be shown. */
  #restoring: Restoring | undefined;
  #halted: DustError | undefined;
  /** One that is not on its way yet. */
  #barrier: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Follows the log at once.
   *
   * @throws DustError `storage` with detail `not_a_copy` for a store with a past of its own, `unknown_level` for one that a later version wrote
   */
  constructor(
    copy: StoreCopy,
    {
      log,
      clock = systemClock,
      random = Math.random,
      writeTimeout = WRITE_TIMEOUT,
      queue = QUEUE,
      logger = consoleLogger,
      snapshots = SNAPSHOTS,
      name,
      onRefused,
    }: ClusterNodeOptions,
    parts: ClusterParts = defaultClusterParts,
  ) {
    this.#copy = copy;
    this.#log = log;
    this.#logger = logger;
    this.#arrivals = new Arrivals(clock);
    this.#applier = new FrameApplier(copy, parts);
    if (copy.isRestoring) this.#restoring = new Restoring();
    const warn = (message: string): void => {
      this.#tell('warn', message);
    };
    const failures = new LogFailures({ clock, warn, onRefused });
    const onFailure = (error: unknown): void => {
      failures.failed(error);
    };
    const onUnreadable = (error: unknown): void => {
      failures.tell('an older snapshot is looked for', error);
    };
    this.#proposer = new Proposer({
      log,
      clock,
      random,
      writeTimeout,
      limits: queue,
      // What a later version means is understood by nobody until all are told.
      level: () => this.#applier.mark.level,
      applied: () => this.#applier.mark,
      lastFailure: () => failures.within(writeTimeout),
      onFailure,
    });
    this.#follower = new LogFollower({
      log,
      applier: this.#applier,
      clock,
      random,
      restorer: new Restorer({
        log,
        copy,
        parts,
        position: () => this.#applier.mark.position,
        onFailure: onUnreadable,
      }),
      onRestoring: () => {
        this.#beginRestoring();
      },
      onRestored: () => {
        this.#endRestoring();
      },
      onApplied: (applied) => {
        this.#taker.applied();
        this.#proposer.applied(applied);
        this.#arrivals.reach(copy.storeSeq);
      },
      onHalt: (error) => {
        this.#halt(error);
      },
      onFailure: (error) => {
        this.#restoring?.failed(error, writeTimeout, monotonicOf(clock));
        onFailure(error);
      },
    });
    this.#taker = new SnapshotTaker({
      log,
      copy,
      clock,
      random,
      node: this.#id,
      every: snapshots,
      parts,
      mark: () => this.#applier.mark,
      isCurrent: () => this.#isCurrent,
      propose: (proposal) => this.#settle(this.#proposer.propose(proposal)),
      onFailure: (error) => {
        failures.tell('a snapshot of the cluster failed, and is tried again', error);
      },
    });
    this.#announcer =
      name === undefined
        ? undefined
        : new Announcer({
            clock,
            id: this.#id,
            name,
            level: parts.knownLevel,
            position: () => this.#applier.mark.position,
            isFollowing: () => this.#halted === undefined && this.#restoring === undefined,
            propose: (proposal) => this.#proposer.propose(proposal),
          });
  }

  /** What this node has applied, and what it knows of the others. */
  get mark(): ClusterMark {
    return this.#applier.mark;
  }

  /** See {@link WriteOrder.lag}. */
  get lag(): number | undefined {
    return this.#follower.lag;
  }

  /** See {@link WriteOrder.members}. */
  get members(): readonly ClusterMember[] {
    return this.#applier.mark.members.map(({ id, name, level, position, time }) => ({
      name,
      isSelf: id === this.#id,
      level,
      position,
      heardAt: time,
    }));
  }

  /** Where this node stands. */
  get state(): NodeState {
    if (this.#closing !== undefined) return { name: 'closed' };
    if (this.#halted !== undefined) return { name: 'halted', cause: this.#halted };
    if (this.#restoring !== undefined) return { name: 'restoring' };
    return { name: 'following', position: this.#applier.mark.position, lag: this.#follower.lag };
  }

  async commit(context: WriteContext, command: Command): Promise<CommittedOperation> {
    const { operations } = await this.#underWay.track(this.#commit(context, command));
    const [operation] = operations;
    if (operation === undefined) throw new TypeError('a command was committed as no operation');
    return operation;
  }

  commitBatch(context: WriteContext, commands: readonly Command[]): Promise<CommitOutcome> {
    return this.#propose({ kind: 'commit', by: byOf(context), commands, isBatch: true });
  }

  rollback({ toSeq, path, deviceId, announce }: RollbackRequest): Promise<CommitOutcome> {
    return this.#propose({ kind: 'rollback', request: { toSeq, path, deviceId, announce } });
  }

  async compact(keep: number | undefined): Promise<void> {
    await this.#propose({ kind: 'compact', keep });
  }

  async keepIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    { signal }: UseIndexesOptions = {},
  ): Promise<void> {
    assertNotAborted(signal);
    const kept = this.#underWay.track(this.#keepIndexes(prefix, definitions, signal));
    await untilAborted(kept, signal, requestAborted);
  }

  async dropIndex(prefix: Path, definition: IndexDefinition): Promise<boolean> {
    this.#assertOpen();
    const outcome = await this.#underWay.track(
      this.#proposer.propose({ kind: 'dropIndex', prefix, definition }),
    );
    if ('refused' in outcome) throw outcome.refused;
    return outcome.wasThere === true;
  }

  /** Unique indexes are the cluster's: they refuse writes, so every node must have them from the same place of the log on. */
  async ownIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: UseIndexesOptions = {},
  ): Promise<readonly IndexDefinition[]> {
    const unique = definitions.filter((definition) => definition.unique);
    if (!unique.every((definition) => this.#isStanding(definition))) {
      await this.keepIndexes(prefix, unique, options);
    }
    return definitions.filter((definition) => !definition.unique);
  }

  /** @throws DustError `storage` with detail `damaged_file`, and what the shelf fails with */
  async file(hash: string): Promise<StoredBlob | null> {
    const own = this.#copy.file(hash);
    if (own !== undefined) return own;
    this.#assertOpen();
    return this.#underWay.track(this.#fetchFile(hash));
  }

  /** @throws DustError `timeout` with detail `not_current` when the log does not answer within the time of a write; `storage`, `closed` */
  async barrier(minSeq?: number): Promise<void> {
    if (minSeq !== undefined) {
      this.#assertOpen();
      if (this.#copy.storeSeq < minSeq) await this.#arrivals.wait(minSeq, ARRIVAL_TIME, this.#end.signal);
      if (this.#copy.storeSeq >= minSeq) return;
    }
    await this.#throughLog();
  }

  /**
   * Takes a snapshot of the store, so that the log before the one before it can go.
   *
   * @throws DustError `held` when another node takes one; `indeterminate`, `timeout` or `network` when the log or what lies beside it does not
   * answer; `storage`, `closed`
   */
  async snapshot(): Promise<TakenSnapshot> {
    this.#assertOpen();
    return this.#taker.take();
  }

  /**
   * Resolves when this node shows a state that is whole: at once, but while it takes a snapshot.
   *
   * @throws DustError what kept it from that for as long as a write waits, or for good
   */
  async restored(): Promise<void> {
    await this.#restoring?.done;
  }

  assertReadable(): void {
    if (this.#halted !== undefined) throw halted(this.#halted);
    if (this.#restoring !== undefined) throw restoring();
  }

  /** @throws DustError `storage` with detail `halted`, `restoring`, or `lagging` when the log was not read to its end for 5 seconds */
  assertCurrent(): void {
    this.assertReadable();
    if (!this.#isCurrent) throw lagging(this.#follower.lag);
  }

  async settled(): Promise<void> {
    await this.#underWay.all();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  get #isCurrent(): boolean {
    const { lag } = this.#follower;
    return this.state.name === 'following' && lag !== undefined && lag <= LONGEST_LAG;
  }

  async #close(): Promise<void> {
    this.#end.abort();
    this.#restoring?.fail(clusterClosed());
    try {
      await Promise.all([this.#taker.close(), this.#underWay.all()]);
      await this.#announcer?.leave();
      await this.#proposer.close();
      await this.#announcer?.ended();
      await this.#follower.close();
    } finally {
      await this.#log.close();
    }
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw clusterClosed();
    this.assertReadable();
  }

  /** Those who wait in one turn of the event loop share one. */
  #throughLog(): Promise<void> {
    this.#barrier ??= turnOfTheLoop().then(async () => {
      this.#barrier = undefined;
      this.#assertOpen();
      try {
        // It writes nothing, so that nobody who closes the store waits for it.
        await this.#proposer.propose({ kind: 'barrier' });
      } catch (error) {
        this.#assertOpen();
        const isUnanswered = isDustError(error, 'timeout') || isDustError(error, 'indeterminate');
        throw isUnanswered ? notCurrent(error) : error;
      }
    });
    return this.#barrier;
  }

  async #commit(context: WriteContext, command: Command): Promise<CommitOutcome> {
    this.#assertOpen();
    const prepared = await this.#withFileShelved(command);
    // Begun before the node was closed, and so to be ended.
    return this.#settle(this.#proposer.propose({ kind: 'commit', by: byOf(context), commands: [prepared] }));
  }

  async #propose(proposal: Proposal): Promise<CommitOutcome> {
    this.#assertOpen();
    return this.#settle(this.#underWay.track(this.#proposer.propose(proposal)));
  }

  async #settle(proposed: Promise<LoggedOutcome>): Promise<CommitOutcome> {
    const outcome = await proposed;
    if ('refused' in outcome) throw outcome.refused;
    return outcome.done;
  }

  /** The content goes to where all nodes can read it before anybody hears of it. */
  async #withFileShelved(command: Command): Promise<Command> {
    if (command.op !== 'put_file' || command.file.blob === undefined) return command;
    const { blob, ...file } = command.file;
    const letGo = this.#proposer.holdAhead(blob.content.byteLength);
    try {
      await this.#log.shelf.put(shelfName(file.hash), shelvedFile(blob));
      await this.#copy.keepFile(file.hash, blob);
    } finally {
      letGo();
    }
    return { ...command, file };
  }

  async #fetchFile(hash: string): Promise<StoredBlob | null> {
    const shelved = await this.#log.shelf.get(shelfName(hash));
    if (shelved === null) return null;
    const blob = await readShelvedFile(shelved);
    if (blob === undefined || contentHash(blob.content) !== hash) throw damagedFile(hash);
    await this.#copy.keepFile(hash, blob);
    return blob;
  }

  /** An index may take longer than a write may: while it is being built here, it is asked for again, which does nothing more. */
  async #keepIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (;;) {
      try {
        this.#assertOpen();
        await this.#settle(this.#proposer.propose({ kind: 'keepIndexes', prefix, definitions }));
        return;
      } catch (error) {
        const isLate = isDustError(error, 'indeterminate') || isDustError(error, 'timeout');
        if (!isLate || signal?.aborted === true || !this.#isBuilding(definitions)) throw error;
      }
    }
  }

  #isBuilding(definitions: readonly IndexDefinition[]): boolean {
    const wanted = new Set(definitions.map(identityOf));
    return this.#copy.indexes.some((index) => !index.isComplete && wanted.has(identityOf(index.definition)));
  }

  #isStanding(definition: IndexDefinition): boolean {
    const identity = identityOf(definition);
    return this.#copy.indexes.some(
      (index) => index.isKept && index.isComplete && identityOf(index.definition) === identity,
    );
  }

  #beginRestoring(): void {
    this.#restoring ??= new Restoring();
    this.#proposer.hold(restoring());
    // An empty copy has nothing that it no longer shows.
    if (this.#applier.mark.position > 0) this.#tell('warn', restoring().message);
  }

  #endRestoring(): void {
    const ended = this.#restoring;
    this.#restoring = undefined;
    this.#arrivals.reach(this.#copy.storeSeq);
    this.#proposer.goOn();
    ended?.end();
  }

  #halt(error: DustError): void {
    // The store is being closed, and stopped in the middle of an index: it goes on there when it is opened again.
    if (this.#closing !== undefined && isDustError(error, 'closed')) return;
    this.#halted = error;
    this.#end.abort();
    this.#restoring?.fail(halted(error));
    this.#proposer.end(halted(error));
    this.#tell('error', `this node of the cluster has halted: ${error.message}`);
  }

  #tell(level: 'warn' | 'error', message: string): void {
    try {
      this.#logger[level](message);
    } catch {
      // A logger that fails must not end the node.
    }
  }
}

function byOf({ deviceId = null, clientOpId, fence, announce, deduplicate = true }: WriteContext): LoggedBy {
  return {
    deviceId,
    clientOpId: clientOpId ?? randomUUID(),
    ...(clientOpId !== undefined && deduplicate ? { mayBeRepeated: true } : {}),
    ...(fence === undefined ? {} : { fence }),
    ...(announce === false ? { announce } : {}),
  };
}

function shelfName(hash: string): string {
  return `file/${hash}`;
}
