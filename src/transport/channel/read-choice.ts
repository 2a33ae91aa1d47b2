import type { Observable } from 'rxjs';
import { BehaviorSubject } from 'rxjs';
import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { Logger } from '../../logging.js';
import type { SyncState, SyncStatus } from '../../sync/index.js';

/** Where reads are answered, and whether all is well. */
export interface ReadState {
  /** Whether the mirror is kept up to date just now. */
  readonly isLive: boolean;
  readonly readsFrom: 'channel' | 'http';
}

/** What a {@link ReadChoice} goes by. */
export interface ReadChoiceOptions {
  readonly store: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long the mirror is trusted while it is not kept up to date, in milliseconds. */
  readonly staleAfter: number;
}

/** In these states the mirror is as new as the connection allows. */
const UP_TO_DATE: ReadonlySet<SyncState> = new Set(['live', 'repairing']);
const WARNING_INTERVAL = 60_000;

/**
 * Whether a read may be answered by the mirror: once it has been whole, while it is kept up to date, and for `staleAfter`
 * after that ended. Behind an interruption that was longer, it must have caught up first.
 */
export class ReadChoice {
  readonly #options: ReadChoiceOptions;
  readonly #states = new BehaviorSubject<ReadState>({ isLive: false, readsFrom: 'http' });
  #storeSeq = 0;
  #neededSeq = 0;
  #calledOff: (() => void) | undefined;
  #lastWarning = Number.NEGATIVE_INFINITY;

  constructor(options: ReadChoiceOptions) {
    this.#options = options;
  }

  /** The present state, then each change of it. */
  get states$(): Observable<ReadState> {
    return this.#states;
  }

  get state(): ReadState {
    return this.#states.value;
  }

  /** From now on the mirror must have come as far as `storeSeq` to be read: somebody was told of it. */
  need(storeSeq: number): void {
    this.#neededSeq = Math.max(this.#neededSeq, storeSeq);
  }

  /** Takes in how the engine stands. */
  follow({ state, isUsable, storeSeq }: SyncStatus): void {
    // The store was restored to what it was before: there is no more of it.
    if (storeSeq < this.#storeSeq) this.#neededSeq = Math.min(this.#neededSeq, storeSeq);
    this.#storeSeq = storeSeq;
    if (isUsable && UP_TO_DATE.has(state)) {
      this.#calledOff?.();
      this.#become({ isLive: true, readsFrom: 'channel' });
    } else if (this.state.isLive) {
      this.#become({ isLive: false, readsFrom: 'channel' });
      const { clock, staleAfter } = this.#options;
      this.#calledOff = clock.schedule(() => {
        this.#become({ isLive: false, readsFrom: 'http' });
      }, staleAfter);
    }
  }

  /** Whether a read made now is for the mirror. Warns when it is not because the engine is interrupted. */
  readsMirror(): boolean {
    if (this.state.readsFrom === 'http') {
      this.#warn();
      return false;
    }
    return this.#storeSeq >= this.#neededSeq;
  }

  close(): void {
    this.#calledOff?.();
    this.#states.complete();
  }

  #become(next: ReadState): void {
    const { isLive, readsFrom } = this.state;
    if (next.isLive !== isLive || next.readsFrom !== readsFrom) this.#states.next(next);
  }

  #warn(): void {
    const { clock, logger, store } = this.#options;
    const now = monotonicOf(clock);
    if (now - this.#lastWarning < WARNING_INTERVAL) return;
    this.#lastWarning = now;
    logger.warn(
      `reads of the store ${store} are answered over HTTP, because its channel is not connected or has not caught up; ` +
        'they take a round trip each until it has',
    );
  }
}
