import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { steadyTime } from '../../clock.js';
import { WorkUnderWay } from '../../work-under-way.js';
import type { CommittedOperation, Fence } from '../../protocol/requests/operation.js';
import type { ChangeHub, PendingNotification } from './change-hub.js';
import type { Command } from '../operations/commands.js';
import type { EntryChanges } from '../indexes/entry-changes.js';
import type { StoreIndexes } from '../indexes/store-indexes.js';
import { compactStorage, keepForSnapshot } from '../history/compaction.js';
import { findCommitted } from '../operations/deduplication.js';
import { assertFence } from '../operations/leases.js';
import type { LogLimits } from '../history/log-limits.js';
import { checkKeep, resolveLogLimits } from '../history/log-limits.js';
import { marksAt, operationsInWindow } from '../logged/dedupe-window.js';
import type { LoggedState } from '../logged/logged-state.js';
import type { LoggedFrame, LoggedOutcome, LoggedWork } from '../logged/logged-work.js';
import { isRefusal } from '../logged/logged-work.js';
import { applyChanges } from '../operations/operation-effects.js';
import type { CommitOutcome, IdentifiedCommand, PlannedOperation } from '../operations/planning.js';
import { identifyBatch, planOperations } from '../operations/planning.js';
import type { Publication } from './publication-queue.js';
import { PublicationQueue } from './publication-queue.js';
import type { StoreHistory } from '../history/recent-history.js';
import { RecentHistory } from '../history/recent-history.js';
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

/** Work as it is tried in a commit. */
interface AttemptedWork {
  readonly fence: Fence | undefined;
  readonly announce: boolean;
  /** Whether the commands may have been committed before, under the same ids. */
  readonly mayBeRepeated: boolean;
  readonly make: () => readonly IdentifiedCommand[];
}

/** Work that is certain to succeed. */
interface PlannedWork {
  readonly commands: readonly IdentifiedCommand[];
  readonly planned: readonly PlannedOperation[];
  readonly entries: EntryChanges | undefined;
  readonly announce: boolean;
  readonly steadyNow: number;
  /** Whether a log outside of the store has ordered it. */
  readonly isLogged: boolean;
}

interface Attempt {
  readonly outcome: CommitOutcome;
  /** Left out when it wrote nothing. */
  readonly written: { readonly at: number; readonly publication: Publication | undefined } | undefined;
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
    const { deviceId = null, clientOpId = randomUUID() } = context;
    const identified = identifyBatch(commands, { deviceId, clientOpId });
    return this.#underWay.track(this.#run(context, () => identified));
  }

  /** Commits what `make` makes of the state that it finds in its turn, all or nothing. */
  async commitMade(
    context: Pick<WriteContext, 'deviceId' | 'announce'>,
    make: () => readonly IdentifiedCommand[],
  ): Promise<CommitOutcome> {
    return this.#underWay.track(this.#run({ announce: context.announce }, make));
  }

  /** What happened lately. */
  recentHistory(): StoreHistory {
    const { snapshotSeq } = this.#storage.readCounters();
    return { operations: this.#history.operations, compactedAt: this.#history.compactedAt(snapshotSeq) };
  }

  /**
   * Applies what a log outside of the store has ordered, by its time: all of the frame, each work with its own outcome, and what is to be
   * remembered, or nothing.
   *
   * @throws what the medium fails with
   */
  async applyLogged(frame: LoggedFrame<LoggedWork>): Promise<readonly LoggedOutcome[]> {
    const { time, requests, markOf } = frame;
    const attempts: Attempt[] = [];
    const commit = (): Promise<readonly LoggedOutcome[]> =>
      this.#storage.commit(() => {
        const { storeSeq, logged } = this.#storage.readCounters();
        const now = Math.max(logged?.time ?? 0, time);
        this.#changeLogged({ time: now, marks: marksAt(logged?.marks ?? [], { storeSeq, time: now }) });
        const outcomes = requests.map((work) => this.#applyWork(work, now, attempts));
        this.#changeLogged({ mark: markOf(outcomes) });
        return outcomes;
      });
    return this.#underWay.track(this.#settling(attempts, commit));
  }

  async compact(keep = this.#log.keep): Promise<void> {
    checkKeep(keep);
    await this.#underWay.track(
      this.#storage.commit(() => {
        // A copy that is written to by itself is none any more, and must not be taken for one.
        const { logged: _, ...counters } = this.#storage.readCounters();
        this.#storage.writeCounters(counters);
        this.#compact(keep);
      }),
    );
  }

  /** Resolves when everything begun so far has been committed and published, or refused. */
  async settled(): Promise<void> {
    await this.#underWay.all();
  }

  async #run(context: WriteContext, make: () => readonly IdentifiedCommand[]): Promise<CommitOutcome> {
    const { fence, clientOpId, announce = true, deduplicate = true } = context;
    const mayBeRepeated = clientOpId !== undefined && deduplicate;
    const attempts: Attempt[] = [];
    return this.#settling(attempts, () =>
      this.#storage.commit(() => {
        const attempt = this.#attempt({ fence, announce, mayBeRepeated, make });
        attempts.push(attempt);
        return attempt.outcome;
      }),
    );
  }

  /** Publishes what was attempted when it is certain, or takes it back. */
  async #settling<T>(attempts: readonly Attempt[], commit: () => Promise<T>): Promise<T> {
    try {
      const result = await commit();
      for (const { outcome, written } of attempts) {
        if (written === undefined) continue;
        this.#history.noteOperations(outcome.operations, written.at);
        written.publication?.settle(true);
      }
      return result;
    } catch (error) {
      for (const { written } of attempts) written?.publication?.settle(false);
      if (attempts.some(({ written }) => written !== undefined)) this.#indexes.held.giveUp();
      throw error;
    }
  }

  /** Plans and writes, as part of a commit of the storage; what it throws was thrown before the first write. */
  #attempt({ fence, announce, mayBeRepeated, make }: AttemptedWork, time?: number): Attempt {
    const commands = make();
    const committed = mayBeRepeated ? findCommitted(commands, this.#storage.log) : undefined;
    if (committed !== undefined) {
      return { outcome: { operations: committed, storeSeq: lastSeqOf(committed) }, written: undefined };
    }
    const now = time ?? this.#clock.now();
    const steadyNow = time ?? this.#steadyNow();
    if (fence !== undefined) assertFence(this.#storage.leaves, fence, steadyNow);
    const { storeSeq } = this.#storage.readCounters();
    const moment = { storeSeq: storeSeq + 1, now, steadyNow };
    const planned = planOperations(commands, this.#storage.leaves, moment);
    if (planned.length === 0) return { outcome: { operations: [], storeSeq }, written: undefined };
    const entries = this.#planEntries(commands, planned);
    const isLogged = time !== undefined;
    const publication = this.#write({ commands, planned, entries, announce, steadyNow, isLogged });
    const operations = planned.map(({ operation }) => operation);
    return {
      outcome: { operations, storeSeq: lastSeqOf(operations) },
      written: { at: now, publication },
    };
  }

  /** @throws what the medium fails with, after which nothing of the frame is there */
  #applyWork(work: LoggedWork, time: number, attempts: Attempt[]): LoggedOutcome {
    try {
      return { done: this.#carryOut(work, time, attempts) };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { refused: error };
    }
  }

  #carryOut(work: LoggedWork, time: number, attempts: Attempt[]): CommitOutcome {
    if (work.kind === 'write') {
      const { context, mayBeRepeated, make } = work;
      const { fence, announce = true } = context;
      const attempt = this.#attempt({ fence, announce, mayBeRepeated, make }, time);
      attempts.push(attempt);
      return attempt.outcome;
    }
    const { storeSeq, logged } = this.#storage.readCounters();
    if (work.kind === 'limits') {
      this.#changeLogged({ limits: resolveLogLimits(work.limits) });
    } else {
      const keep = work.keep ?? logged?.limits.keep ?? this.#log.keep;
      checkKeep(keep);
      this.#compact(this.#keptAtLeast(keep));
    }
    return { operations: [], storeSeq };
  }

  #changeLogged(change: Partial<LoggedState>): void {
    const counters = this.#storage.readCounters();
    // Not those of this process: all copies keep the same.
    const present = counters.logged ?? { time: 0, marks: [], limits: resolveLogLimits({}), mark: {} };
    this.#storage.writeCounters({ ...counters, logged: { ...present, ...change } });
  }

  /** How many operations a compaction leaves: those that somebody may still ask for again, too. */
  #keptAtLeast(keep: number): number {
    const { storeSeq, logged } = this.#storage.readCounters();
    if (logged === undefined) return keep;
    return Math.max(keep, operationsInWindow(logged.marks, { storeSeq, time: logged.time }));
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
  #write({
    commands,
    planned,
    entries,
    announce,
    steadyNow,
    isLogged,
  }: PlannedWork): Publication | undefined {
    const { leaves, log, blobs } = this.#storage;
    const counters = this.#storage.readCounters();
    const { snapshotSeq, storeSeq } = counters;
    // A copy that is written to by itself is none any more, and must not be taken for one.
    const logged = isLogged ? counters.logged : undefined;
    for (const { command } of commands) {
      if (command.op !== 'put_file') continue;
      const { hash, blob } = command.file;
      if (blob !== undefined && !blobs.has(hash)) blobs.put(hash, blob);
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
    this.#storage.writeCounters({ ...counters, ...leased, logged, storeSeq: storeSeq + planned.length });
    this.#compactWhenLong(logged);
    return notification && this.#publications.enqueue(notification);
  }

  #compactWhenLong(logged: LoggedState | undefined): void {
    const { limit, keep } = logged?.limits ?? this.#log;
    const { size } = this.#storage.log;
    if (size <= limit) return;
    const kept = this.#keptAtLeast(keep);
    // A log that is long because all of it must be kept is not looked through again by every write.
    if (logged === undefined || size >= 2 * kept) this.#compact(kept);
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
