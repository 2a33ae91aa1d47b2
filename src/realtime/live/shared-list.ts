import type { Subscriber } from 'rxjs';
import type { Query } from '../../query/index.js';
import type { RealtimeContext } from '../context.js';
import type { RoutedChange } from './change-router.js';
import type { Pin } from './interest.js';
import { LiveList } from './live-list.js';

/** How a list ended; without an error it is complete. */
export interface Ending {
  readonly error?: unknown;
}

/** A live list and those who see it. */
export class SharedList<T extends object> {
  /** What equal queries find it by. */
  readonly key: string | undefined;
  /** What it is told of; undefined for everything. */
  pins: readonly Pin[] | undefined;
  readonly #context: RealtimeContext<T>;
  readonly #query: Query<T>;
  readonly #list: LiveList<T>;
  readonly #reading = new AbortController();
  readonly #subscribers = new Set<Subscriber<T[]>>();
  /** Those who came when it was there already and have seen nothing of it yet. */
  readonly #waiting = new Set<Subscriber<T[]>>();
  #isShown = false;
  #ending: Ending = {};

  constructor(context: RealtimeContext<T>, query: Query<T>, key: string | undefined) {
    this.key = key;
    this.#context = context;
    this.#query = query;
    this.#list = new LiveList(context, query);
  }

  /** Reads every match, whatever its place: what leaves the window lets others in. False when it was stopped meanwhile. */
  async load(): Promise<boolean> {
    const { signal } = this.#reading;
    const matches = await this.#context.reader.everyMatch({ ...this.#query, signal });
    if (signal.aborted) return false;
    for (const match of matches) this.#list.load(match);
    this.#list.finishLoading();
    return true;
  }

  /** All that match, by slug. */
  matches(): Iterable<readonly [slug: string, entity: T]> {
    return this.#list.matches();
  }

  /** Takes in changes, and tells those who see it when it looks different. */
  apply(changes: readonly RoutedChange[]): void {
    if (this.#list.apply(changes) && this.#isShown) this.#tell();
  }

  /** Shows the list for the first time. */
  show(): void {
    this.#isShown = true;
    this.#tell();
  }

  /** From now on the subscriber sees the list. One that is there already is seen a moment later, as one that is to be read is. */
  join(subscriber: Subscriber<T[]>): void {
    this.#subscribers.add(subscriber);
    if (!this.#isShown) return;
    this.#waiting.add(subscriber);
    queueMicrotask(() => {
      if (this.#waiting.delete(subscriber)) subscriber.next(this.#list.entities());
    });
  }

  /** Whether nobody is left. */
  leave(subscriber: Subscriber<T[]>): boolean {
    this.#waiting.delete(subscriber);
    this.#subscribers.delete(subscriber);
    return this.#subscribers.size === 0;
  }

  /** Calls off a read under way. */
  stop(): void {
    this.#reading.abort();
  }

  /** Tells everybody that it has ended. */
  end(ending: Ending): void {
    this.#ending = ending;
    for (const subscriber of [...this.#subscribers]) this.endFor(subscriber);
  }

  /** Tells one subscriber how it ended. */
  endFor(subscriber: Subscriber<T[]>): void {
    if ('error' in this.#ending) subscriber.error(this.#ending.error);
    else subscriber.complete();
  }

  #tell(): void {
    for (const subscriber of [...this.#subscribers]) {
      this.#waiting.delete(subscriber);
      if (this.#subscribers.has(subscriber)) subscriber.next(this.#list.entities());
    }
  }
}
