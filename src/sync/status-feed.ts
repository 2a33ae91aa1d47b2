import { Observable, Subject } from 'rxjs';
import type { SyncStatus } from './engine-types.js';

/** A status that is read at any time, and told to whoever subscribes: first the present one, then each change. */
export class StatusFeed {
  readonly status$: Observable<SyncStatus>;
  readonly #read: () => SyncStatus;
  readonly #changes = new Subject<SyncStatus>();
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
    if (this.#changes.observed) this.#changes.next(this.#read());
  }

  /** The status that stands is the last one. */
  complete(): void {
    this.#isComplete = true;
    this.#changes.complete();
  }
}
