import type { Observable } from 'rxjs';
import type { Clock } from '../clock.js';
import type { DustError } from '../errors.js';
import type { Commit, CommittedOperation, RecordCommit } from '../protocol/requests/operation.js';
import type { Path } from '../protocol/paths/path.js';
import type { IndexDefinition } from '../protocol/values/record-access.js';
import type { IndexUse, UseIndexesOptions } from '../store/index.js';
import type { Pattern } from '../protocol/paths/pattern.js';
import { Connector } from './connector.js';
import type { SyncFile, SyncReceipt, SyncStatus, SyncWrite } from './engine-types.js';
import { engineClosed } from './errors.js';
import { resolveLimits } from './limits.js';
import type { MirrorReads } from './mirror/mirror-reads.js';
import { Milestone } from './milestone.js';
import type { SyncEngineOptions } from './options.js';
import type { SyncEngineParts } from './parts.js';
import { defaultParts } from './parts.js';
import { Replica } from './replica.js';
import { StatusFeed } from './status-feed.js';
import type { Submission } from './outbox/submission.js';
import { fileSubmissionOf, submissionOf } from './outbox/submission.js';
import { Writer } from './writer.js';

/** How long {@link SyncEngine.close} waits for writes under way unless it is told otherwise, in milliseconds. */
const CLOSE_PATIENCE = 5000;
/** How long giving the session back may take: a lease that stays behind runs out by itself. In milliseconds. */
const RELEASE_PATIENCE = 1000;

/**
 * Keeps a mirror of a store by its channel, and writes to the store (DESIGN "Sync engine"). Reads are answered from the
 * mirror. A write resolves when the server has committed it and the mirror holds it and everything before it.
 */
export class SyncEngine {
  readonly #options: SyncEngineOptions;
  readonly #replica: Replica;
  readonly #writer: Writer;
  readonly #connector: Connector;
  readonly #status: StatusFeed;
  readonly #first = new Milestone();
  #isStarted = false;
  #failure: DustError | undefined;
  #closing: Promise<void> | undefined;

  /** @throws DustError `invalid_params` for a malformed prefix */
  constructor(options: SyncEngineOptions, parts: SyncEngineParts = defaultParts) {
    const limits = resolveLimits(options.limits);
    this.#options = options;
    this.#status = new StatusFeed(() => this.status);
    this.#replica = new Replica(options, limits, parts, {
      onProgress: () => {
        this.#connector.checkForHole();
        this.#status.reached(this.#replica.storeSeq);
      },
      onOperation: (operation) => {
        this.#writer.see(operation);
      },
      onOverflow: () => {
        this.#connector.repairNow();
      },
      onCrowded: (isCrowded) => {
        this.#connector.hold(isCrowded);
      },
      onOperationsSkipped: () => {
        this.#writer.skipOperations();
      },
      onFault: () => {
        this.#connector.lose('the mirror could not be written');
      },
    });
    this.#writer = new Writer(options, limits, parts, this.#replica, {
      onChange: () => {
        this.#connector.writesChanged();
        this.#status.changedSlightly();
      },
      onChannelGone: () => {
        this.#connector.lose('the server knows no channel for this connection');
      },
      onFault: (reason) => {
        this.#connector.lose(reason);
      },
      onOldSeq: () => {
        this.#connector.ask();
      },
    });
    const events = {
      onState: () => {
        this.#status.changed();
      },
      onLive: () => {
        this.#first.reach();
      },
      onRefused: (error: DustError) => {
        this.#failure = error;
        this.#end(error);
      },
    };
    this.#connector = new Connector(options, limits, parts, {
      replica: this.#replica,
      writer: this.#writer,
      events,
    });
  }

  /** Reads of the mirror. */
  get reads(): MirrorReads {
    return this.#replica.reads;
  }

  /** What the engine tells of itself: the present status, then each change; completes with {@link close}. */
  get status$(): Observable<SyncStatus> {
    return this.#status.status$;
  }

  /** The status just now. */
  get status(): SyncStatus {
    return {
      ...this.#connector.status,
      storeSeq: this.#replica.storeSeq,
      pendingWrites: this.#writer.size,
      error: this.#failure,
    };
  }

  /**
   * Connects, and resolves when the mirror is whole for the first time. Tries until then, or until {@link close}.
   *
   * @throws DustError `unauthorized`, `forbidden`, `store_not_found` when the server refuses the connection; `closed`
   */
  start(): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    if (!this.#isStarted) this.#connector.open();
    this.#isStarted = true;
    return this.#first.reached;
  }

  /**
   * Writes. Resolves when the server has committed it and the mirror holds it and everything before it.
   *
   * @throws DustError what the server refuses it with (PROTOCOL §4); `invalid_params`, `invalid_value`; `rate_limited`
   * when too many writes wait; `timeout` when it could not be sent in time; `indeterminate` when nobody knows whether
   * it was committed; `aborted`, `closed`
   */
  write(write: SyncWrite): Promise<SyncReceipt> {
    return this.#submit(() => submissionOf(write, this.#writer.makeId));
  }

  /** Stores a file. As {@link write}; the response holds its `hash`. */
  putFile(file: SyncFile): Promise<SyncReceipt> {
    return this.#submit(() => fileSubmissionOf(file, this.#writer.makeId));
  }

  /**
   * Takes in operations that were committed beside the channel and are not broadcast there (PROTOCOL §3). Resolves when
   * the mirror holds them and everything before them.
   *
   * @throws DustError `closed`
   */
  async submitCommitted(operations: readonly CommittedOperation[]): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    await this.#replica.submit(operations);
  }

  /**
   * Resolves when the mirror holds everything up to `storeSeq`, which the store has: what was committed beside the channel is
   * broadcast by servers with the feature `commits`.
   *
   * @throws DustError `closed`; `indeterminate` when the store was restored to a state from before it
   */
  async reach(storeSeq: number): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    await this.#replica.reach(storeSeq);
  }

  /** Tells of commits with an operation whose path matches, or that changed a leaf that does, in store order. Returns what ends it. */
  watch(pattern: Pattern, listener: (commit: Commit) => void): () => void {
    return this.#replica.hub.watch(pattern, listener);
  }

  /** Tells of commits that changed a record `<prefix>/<slug>`, in store order. Returns what ends it. */
  watchRecords(prefix: Path, listener: (commits: readonly RecordCommit[]) => void): () => void {
    return this.#replica.hub.watchRecords(prefix, listener);
  }

  /**
   * Has the records of `prefix` indexed in the mirror, for as long as the use is not released. Resolves when the indexes can be read. None
   * of them is held to be unique: that is the server's.
   *
   * @throws DustError `closed`, `aborted`; `invalid_params` for a malformed definition; `storage`
   */
  useIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options?: UseIndexesOptions,
  ): Promise<IndexUse> {
    return this.#replica.indexUses.use(prefix, definitions, options);
  }

  /**
   * Ends the engine, and with it the connection and the storage. Where writes are under way it waits for them, and for the
   * connection to come back that they need, for `patience` milliseconds at the most: default 5000. What is not settled by
   * then rejects, with `closed` when it was never sent and with `indeterminate` when nobody knows. Gives the session back
   * where a connection stands, for which it asks once and waits a second at the most.
   */
  close(patience = CLOSE_PATIENCE): Promise<void> {
    this.#closing ??= this.#close(patience);
    return this.#closing;
  }

  async #close(patience: number): Promise<void> {
    const { clock, store, storage } = this.#options;
    // One that was never started has no connection that could come back.
    if (this.#isStarted && this.#writer.size > 0) await within(clock, patience, this.#writer.whenEmpty());
    await within(clock, RELEASE_PATIENCE, this.#writer.endSession());
    this.#end(engineClosed(store));
    await Promise.all([this.#replica.intake.idle(), this.#replica.indexUses.close()]);
    await storage.close();
  }

  #submit(build: () => Submission): Promise<SyncReceipt> {
    return this.#writer.submit(() => {
      const refusal = this.#refusal();
      if (refusal !== undefined) throw refusal;
      return build();
    });
  }

  #refusal(): DustError | undefined {
    return this.#failure ?? (this.#closing === undefined ? undefined : engineClosed(this.#options.store));
  }

  #end(error: DustError): void {
    this.#connector.close();
    this.#first.miss(error);
    this.#writer.rejectAll(error);
    this.#replica.rejectSubmitters(error);
    this.#status.complete();
  }
}

/** Resolves when `work` is settled, or after `ms` milliseconds. */
function within(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(resolve, ms, { keepAlive: true });
    const done = (): void => {
      cancel();
      resolve();
    };
    work.then(done, done);
  });
}
