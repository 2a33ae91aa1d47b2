import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { steadyTime } from '../../clock.js';
import { WorkUnderWay } from '../../work-under-way.js';
import type { CommittedOperation } from '../../protocol/operation.js';
import type { ChangeHub, PendingNotification } from './change-hub.js';
import type { Command } from '../operations/commands.js';
import type { EntryChanges } from '../indexes/entry-changes.js';
import type { StoreIndexes } from '../indexes/store-indexes.js';
import { compactStorage, keepForSnapshot } from '../history/compaction.js';
import { findCommitted } from '../operations/deduplication.js';
import { assertFence } from '../operations/leases.js';
import type { LogLimits } from '../history/log-limits.js';
import { checkKeep } from '../history/log-limits.js';
import { applyChanges } from '../operations/operation-effects.js';
import type { IdentifiedCommand, PlannedOperation } from '../operations/planning.js';
import { planOperations } from '../operations/planning.js';
import type { Publication } from './publication-queue.js';
import { PublicationQueue } from './publication-queue.js';
import type { StoreHistory } from '../history/recent-history.js';
import { RecentHistory } from '../history/recent-history.js';
import { checkContext } from '../request-checks.js';
import type { WriteContext } from '../requests.js';
import type { StoreStorage } from '../storage.js';

/** What a committer works with. */
export interface CommitterParts {
  readonly storage: StoreStorage;
  readonly hub: ChangeHub;
  readonly clock: Clock;
  readonly log: LogLimits;
  readonly indexes: StoreIndexes;
}

/** What was committed: its operations in order, those that only checked left out, and the store's last seq then. */
export interface CommitOutcome {
  readonly operations: readonly CommittedOperation[];
  readonly storeSeq: number;
}

/** The one way in which operations get into a storage: planned whole, then written, then published once durable. */
export class Committer {
  readonly #storage: StoreStorage;
  readonly #hub: ChangeHub;
  readonly #indexes: StoreIndexes;
  readonly #clock: Clock;
  /** What leases go by. */
  readonly #steadyNow: () => number;
  readonly #log: LogLimits;
  readonly #publications: PublicationQueue<PendingNotification>;
  readonly #history = new RecentHistory();
  readonly #underWay = new WorkUnderWay();

  constructor({ storage, hub, clock, log, indexes }: CommitterParts) {
    this.#indexes = indexes;
    this.#storage = storage;
    this.#hub = hub;
    this.#clock = clock;
    this.#steadyNow = steadyTime(clock, storage.readCounters().leasedAt);
    this.#log = log;
    this.#publications = new PublicationQueue((notification) => {
      hub.publish([notification]);
    });
  }

  /** Commits one command, or finds what it was committed as before. */
  async commit(context: WriteContext, command: Command): Promise<CommittedOperation> {
    checkContext(context);
    const { deviceId = null, clientOpId = randomUUID() } = context;
    const { operations } = await this.#underWay.track(
      this.#run(context, () => [{ command, deviceId, clientOpId }]),
    );
    const [operation] = operations;
    if (operation === undefined) throw new TypeError('a command was committed as no operation');
    return operation;
  }

  /** Commits all commands or none, or finds what they were committed as before. */
  async commitBatch(context: WriteContext, commands: readonly Command[]): Promise<CommitOutcome> {
    checkContext(context);
    const { deviceId = null, clientOpId = randomUUID() } = context;
    // Only what is logged is numbered, so that the ids of a commit have no hole.
    let logged = 0;
    const identified = commands.map((command) => ({
      command,
      deviceId,
      clientOpId: `${clientOpId}:${command.op === 'check' ? logged : logged++}`,
    }));
    return this.#underWay.track(this.#run(context, () => identified));
  }

  /** Commits what `make` makes of the state that it finds in its turn, all or nothing. */
  async commitMade(
    context: Pick<WriteContext, 'deviceId' | 'announce'>,
    make: () => readonly IdentifiedCommand[],
  ): Promise<CommitOutcome> {
    checkContext(context);
    return this.#underWay.track(this.#run({ announce: context.announce }, make));
  }

  /** What happened lately. */
  recentHistory(): StoreHistory {
    const { snapshotSeq } = this.#storage.readCounters();
    return { operations: this.#history.operations, compactedAt: this.#history.compactedAt(snapshotSeq) };
  }

  async compact(keep = this.#log.keep): Promise<void> {
    checkKeep(keep);
    await this.#underWay.track(
      this.#storage.commit(() => {
        this.#compact(keep);
      }),
    );
  }

  /** Resolves when everything begun so far has been committed and published, or refused. */
  async settled(): Promise<void> {
    await this.#underWay.all();
  }

  async #run(
    { fence, clientOpId, announce = true, deduplicate = true }: WriteContext,
    make: () => readonly IdentifiedCommand[],
  ): Promise<CommitOutcome> {
    let publication: Publication | undefined;
    let committedAt: number | undefined;
    try {
      const outcome = await this.#storage.commit((): CommitOutcome => {
        const commands = make();
        const mayBeRepeated = clientOpId !== undefined && deduplicate;
        const committed = mayBeRepeated ? findCommitted(commands, this.#storage.log) : undefined;
        if (committed !== undefined) return { operations: committed, storeSeq: lastSeqOf(committed) };
        const now = this.#clock.now();
        const steadyNow = this.#steadyNow();
        if (fence !== undefined) assertFence(this.#storage.leaves, fence, steadyNow);
        const { storeSeq } = this.#storage.readCounters();
        const moment = { storeSeq: storeSeq + 1, now, steadyNow };
        const planned = planOperations(commands, this.#storage.leaves, moment);
        if (planned.length === 0) return { operations: [], storeSeq };
        const entries = this.#planEntries(commands, planned);
        publication = this.#write(commands, planned, entries, announce, steadyNow);
        committedAt = now;
        const operations = planned.map(({ operation }) => operation);
        return { operations, storeSeq: lastSeqOf(operations) };
      });
      if (committedAt !== undefined) this.#history.noteOperations(outcome.operations, committedAt);
      publication?.settle(true);
      return outcome;
    } catch (error) {
      publication?.settle(false);
      if (committedAt !== undefined) this.#indexes.held.giveUp();
      throw error;
    }
  }

  /** @throws DustError `exists` where a unique index does not admit it */
  #planEntries(
    commands: readonly IdentifiedCommand[],
    planned: readonly PlannedOperation[],
  ): EntryChanges | undefined {
    const entries = this.#indexes.plan(planned, this.#storage.leaves);
    if (entries === undefined) return undefined;
    this.#indexes.assertUnique(entries, (operation) => {
      const written = commands.filter(({ command }) => command.op !== 'check');
      return written[operation]?.command.opIndex;
    });
    return entries;
  }

  /** Nothing in here may fail but for the medium: see {@link StoreStorage.commit}. */
  #write(
    commands: readonly IdentifiedCommand[],
    planned: readonly PlannedOperation[],
    entries: EntryChanges | undefined,
    announce: boolean,
    steadyNow: number,
  ): Publication | undefined {
    const { leaves, log, blobs } = this.#storage;
    const counters = this.#storage.readCounters();
    const { snapshotSeq, storeSeq } = counters;
    for (const { command } of commands) {
      if (command.op === 'put_file' && !blobs.has(command.file.hash)) {
        blobs.put(command.file.hash, command.file.blob);
      }
    }
    for (const { operation, changes } of planned) {
      keepForSnapshot(changes, this.#storage, snapshotSeq);
      this.#indexes.held.noteLeaves(changes);
      applyChanges(changes, leaves);
      log.append(operation);
    }
    if (entries !== undefined) this.#indexes.write(entries);
    const notification = announce ? this.#hub.collect(planned, leaves) : undefined;
    const hasLease = commands.some(({ command: { op } }) => op === 'lease' || op === 'renew');
    const leased = hasLease ? { leasedAt: steadyNow } : {};
    this.#storage.writeCounters({ ...counters, ...leased, storeSeq: storeSeq + planned.length });
    if (log.size > this.#log.limit) this.#compact(this.#log.keep);
    return notification && this.#publications.enqueue(notification);
  }

  #compact(keep: number): void {
    compactStorage(this.#storage, keep);
    this.#history.noteCompaction(this.#storage.readCounters().snapshotSeq, this.#clock.now());
  }
}

function lastSeqOf(operations: readonly CommittedOperation[]): number {
  const last = operations.at(-1);
  if (last === undefined) throw new TypeError('a commit without operations was asked for its last one');
  return last.storeSeq;
}
