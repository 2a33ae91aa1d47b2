import type { DustError } from '../errors.js';
import { messageOf } from '../errors.js';
import type { CommittedOperation } from '../protocol/requests/operation.js';
import type { Path } from '../protocol/paths/path.js';
import { ChangeHub, IndexUses, StoreIndexes } from '../store/index.js';
import { EngineReport } from './engine-report.js';
import { storeRestored } from './errors.js';
import { Intake } from './intake/intake.js';
import type { ResolvedLimits } from './limits.js';
import { applyBoundOf } from './limits.js';
import { MessageFeed } from './intake/message-feed.js';
import { Mirror } from './mirror/mirror.js';
import { MirrorReads } from './mirror/mirror-reads.js';
import type { SyncEngineOptions } from './options.js';
import type { SyncEngineParts } from './parts.js';
import { PrefixScope } from './mirror/prefix-scope.js';
import { SeqWaiters } from '../seq-waiters.js';
import { Submitters } from './mirror/submitters.js';
import { ValueCheck } from './intake/value-check.js';

/** What a {@link Replica} tells of. */
export interface ReplicaEvents {
  /** The mirror has moved on, or more is known of the store. */
  onProgress(): void;
  /** An operation was heard of, early, late or in its turn. */
  onOperation(operation: CommittedOperation): void;
  /** An operation had to be left out, because too many wait. */
  onOverflow(): void;
  /** So much waits to be applied that no more had better come; or that is over. */
  onCrowded(isCrowded: boolean): void;
  /** A snapshot took the place of operations that nobody has seen. */
  onOperationsSkipped(): void;
  /** The mirror could not be written. */
  onFault(): void;
}

/** The local half of an engine: the mirror, what leads into it, who watches it and who waits for it. */
export class Replica {
  readonly reads: MirrorReads;
  readonly hub: ChangeHub;
  /** Who uses which indexes of the mirror. What must be unique is for the server to see to. */
  readonly indexUses: IndexUses;
  readonly intake: Intake;
  readonly feed: MessageFeed;
  readonly #store: string;
  readonly #events: ReplicaEvents;
  readonly #scope: PrefixScope;
  readonly #mirror: Mirror;
  readonly #waiters = new SeqWaiters();
  readonly #submitters = new Submitters();

  /** @throws DustError `invalid_params` for a malformed prefix */
  constructor(
    options: SyncEngineOptions,
    limits: ResolvedLimits,
    parts: SyncEngineParts,
    events: ReplicaEvents,
  ) {
    const { store, storage, reader, clock, logger, random } = options;
    const fail = (what: string, error: unknown): void => {
      logger.error(`${what} of the store ${store}: ${messageOf(error)}`);
    };
    this.#store = store;
    this.#events = events;
    this.#scope = new PrefixScope(options.prefixes);
    this.hub = new ChangeHub((error) => {
      fail('a watcher threw', error);
    });
    const indexes = new StoreIndexes(storage);
    this.indexUses = new IndexUses(indexes, false);
    this.reads = new MirrorReads(storage, indexes);
    this.#mirror = new Mirror({ store, storage, hub: this.hub, indexes, scope: this.#scope, parts });
    const policy = parts.createReconnectPolicy({ backoff: limits.backoff, random });
    this.intake = new Intake({
      mirror: this.#mirror,
      scope: this.#scope,
      buffer: parts.createReorderBuffer(limits.reorderBuffer, limits.reorderBytes),
      applyBound: applyBoundOf(limits),
      clock,
      parts,
      values: new ValueCheck({ reader, clock, report: new EngineReport(options), policy }),
      onProgress: () => {
        this.progress();
      },
      onCrowded: (isCrowded) => {
        events.onCrowded(isCrowded);
      },
      onOperationsSkipped: () => {
        events.onOperationsSkipped();
      },
      onFault: (error) => {
        fail('the mirror could not be written', error);
        events.onFault();
      },
    });
    this.feed = new MessageFeed(this.intake, events);
  }

  /** The seq that readers and watchers know: everything up to it is there. */
  get storeSeq(): number {
    return this.#mirror.storeSeq;
  }

  /** Whether somebody waits for an operation that is not there. */
  get isAwaited(): boolean {
    return this.#waiters.first !== undefined;
  }

  /** The revision at a path: null where nothing is, undefined where the mirror does not know. */
  revisionAt(path: Path): number | null | undefined {
    if (!this.#scope.keeps(path) || this.intake.isRebuilding) return undefined;
    return this.reads.getMany([path]).get(path)?.revision ?? null;
  }

  /** Calls back when the mirror holds everything up to the seq. Returns what calls it off. */
  whenReached(storeSeq: number, onReached: () => void): () => void {
    if (!this.intake.isRebuilding && storeSeq <= this.storeSeq) {
      onReached();
      return () => undefined;
    }
    return this.#waiters.add(storeSeq, onReached);
  }

  /** Takes in operations that were committed beside the channel; resolves when the mirror holds them. */
  submit(operations: readonly CommittedOperation[]): Promise<void> {
    let last = 0;
    for (const operation of operations) {
      last = Math.max(last, operation.storeSeq);
      this.intake.offer(operation, 'live');
    }
    return this.reach(last);
  }

  /** Resolves when the mirror holds everything up to a seq that the store has. */
  reach(last: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.intake.learnOf(last);
      const endWait = this.#submitters.add(last, reject);
      this.whenReached(last, () => {
        if (endWait()) resolve();
      });
      this.progress();
    });
  }

  /** Something has changed: whoever waited for it goes on. */
  progress(): void {
    if (!this.intake.isRebuilding) this.#waiters.reach(this.storeSeq);
    this.#events.onProgress();
  }

  /** The store moved back to `present`: begins again from 0. */
  async startOver(present: number): Promise<void> {
    this.#waiters.clamp(present);
    this.rejectSubmitters(storeRestored(this.#store), present);
    await this.intake.startOver();
    this.reads.beginEra();
  }

  /** Rejects those who wait for submitted operations beyond a seq. */
  rejectSubmitters(error: DustError, beyond = 0): void {
    this.#submitters.rejectBeyond(beyond, error);
  }
}
