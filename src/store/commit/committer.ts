import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { steadyTime } from '../../clock.js';
import type { CommittedOperation } from '../../protocol/operation.js';
import type { ChangeHub, PendingNotification } from './change-hub.js';
import type { Command } from '../operations/commands.js';
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
}

/** The one way in which operations get into a storage: planned whole, then written, then published once durable. */
export class Committer {
  readonly #storage: StoreStorage;
  readonly #hub: ChangeHub;
  readonly #clock: Clock;
  /** What leases go by. */
  readonly #steadyNow: () => number;
  readonly #log: LogLimits;
  readonly #publications: PublicationQueue<readonly PendingNotification[]>;
  readonly #history = new RecentHistory();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor({ storage, hub, clock, log }: CommitterParts) {
    this.#storage = storage;
    this.#hub = hub;
    this.#clock = clock;
    this.#steadyNow = steadyTime(clock, storage.readCounters().leasedAt);
    this.#log = log;
    this.#publications = new PublicationQueue((notifications) => {
      for (const notification of notifications) hub.publish(notification);
    });
  }

  /** Commits one command, or finds what it was committed as before. */
  async commit(context: WriteContext, command: Command): Promise<CommittedOperation> {
    checkContext(context);
    const { deviceId = null, clientOpId = randomUUID() } = context;
    const [operation] = await this.#track(this.#run(context, () => [{ command, deviceId, clientOpId }]));
    if (operation === undefined) throw new TypeError('a command was committed as no operation');
    return operation;
  }

  /** Commits all commands or none, or finds what they were committed as before. */
  async commitBatch(
    context: WriteContext,
    commands: readonly Command[],
  ): Promise<readonly CommittedOperation[]> {
    checkContext(context);
    const { deviceId = null, clientOpId = randomUUID() } = context;
    const identified = commands.map((command, i) => ({
      command,
      deviceId,
      clientOpId: `${clientOpId}:${i}`,
    }));
    return this.#track(this.#run(context, () => identified));
  }

  /** Commits what `make` makes of the state that it finds in its turn, all or nothing. */
  async commitMade(
    context: Pick<WriteContext, 'deviceId' | 'announce'>,
    make: () => readonly IdentifiedCommand[],
  ): Promise<readonly CommittedOperation[]> {
    checkContext(context);
    return this.#track(this.#run({ announce: context.announce }, make));
  }

  /** What happened lately. */
  recentHistory(): StoreHistory {
    const { snapshotSeq } = this.#storage.readCounters();
    return { operations: this.#history.operations, compactedAt: this.#history.compactedAt(snapshotSeq) };
  }

  async compact(keep = this.#log.keep): Promise<void> {
    checkKeep(keep);
    await this.#track(
      this.#storage.commit(() => {
        this.#compact(keep);
      }),
    );
  }

  /** Resolves when everything begun so far has been committed and published, or refused. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#underWay]);
  }

  async #run(
    { fence, clientOpId, announce = true, deduplicate = true }: WriteContext,
    make: () => readonly IdentifiedCommand[],
  ): Promise<readonly CommittedOperation[]> {
    let publication: Publication | undefined;
    let committedAt: number | undefined;
    try {
      const operations = await this.#storage.commit(() => {
        const commands = make();
        const mayBeRepeated = clientOpId !== undefined && deduplicate;
        const committed = mayBeRepeated ? findCommitted(commands, this.#storage.log) : undefined;
        if (committed !== undefined) return committed;
        const now = this.#clock.now();
        const steadyNow = this.#steadyNow();
        if (fence !== undefined) assertFence(this.#storage.leaves, fence, steadyNow);
        const storeSeq = this.#storage.readCounters().storeSeq + 1;
        const planned = planOperations(commands, this.#storage.leaves, { storeSeq, now, steadyNow });
        if (planned.length === 0) return [];
        publication = this.#write(commands, planned, announce, steadyNow);
        committedAt = now;
        return planned.map(({ operation }) => operation);
      });
      if (committedAt !== undefined) this.#history.noteOperations(operations, committedAt);
      publication?.settle(true);
      return operations;
    } catch (error) {
      publication?.settle(false);
      throw error;
    }
  }

  /** Nothing in here may fail but for the medium: see {@link StoreStorage.commit}. */
  #write(
    commands: readonly IdentifiedCommand[],
    planned: readonly PlannedOperation[],
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
    const notifications: PendingNotification[] = [];
    for (const { operation, changes } of planned) {
      keepForSnapshot(changes, this.#storage, snapshotSeq);
      applyChanges(changes, leaves);
      log.append(operation);
      const notification = announce ? this.#hub.collect(operation, changes, leaves) : undefined;
      if (notification !== undefined) notifications.push(notification);
    }
    const hasLease = commands.some(({ command: { op } }) => op === 'lease' || op === 'renew');
    const leased = hasLease ? { leasedAt: steadyNow } : {};
    this.#storage.writeCounters({ ...counters, ...leased, storeSeq: storeSeq + planned.length });
    if (log.size > this.#log.limit) this.#compact(this.#log.keep);
    return notifications.length === 0 ? undefined : this.#publications.enqueue(notifications);
  }

  #compact(keep: number): void {
    compactStorage(this.#storage, keep);
    this.#history.noteCompaction(this.#storage.readCounters().snapshotSeq, this.#clock.now());
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const forget = (): void => {
      this.#underWay.delete(work);
    };
    this.#underWay.add(work);
    work.then(forget, forget);
    return work;
  }
}
