import { Observable, Subject } from 'rxjs';
import type { SyncStatus } from './engine-types.js';

/** A status that is read at any time, and told to whoever subscribes: first the present one, then each change. */
export class StatusFeed {
  readonly status$: Observable<SyncStatus>;
  readonly #read: () => SyncStatus;
  readonly #changes = new Subject<SyncStatus>();
  #told: SyncStatus | undefined;
  #isDue = false;
  #isComplete = false;

  constructor(read: () => SyncStatus) {
    this.#read = read;
    this.status$ = new Observable((subscriber) => {
      subscriber.next(read());
      if (this.#isComplete) subscriber.complete();
      else subscriber.add(this.#changes.subscribe(subscriber));
    });
  }

  /** The status has changed. */
  changed(): void {
    this.#isDue = false;
    this.#told = this.#changes.observed ? this.#read() : undefined;
    if (this.#told !== undefined) this.#changes.next(this.#told);
  }

  /** The mirror stands at `storeSeq`, as it may have before. */
  reached(storeSeq: number): void {
    if (this.#told?.storeSeq !== storeSeq) this.changed();
  }

  /** What nobody acts upon at once has changed: told at the end of the turn, in one with what else changes in it. */
  changedSlightly(): void {
    if (this.#isDue || !this.#changes.observed) return;
    this.#isDue = true;
    queueMicrotask(() => {
      if (this.#isDue) this.changed();
    });
  }

  /** The status that stands is the last one. */
  complete(): void {
    if (this.#isDue) this.changed();
    this.#isComplete = true;
    this.#changes.complete();
  }
}
