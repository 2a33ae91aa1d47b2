import type { Subscriber } from 'rxjs';
import type { Query } from '../../query/index.js';
import type { RealtimeContext } from '../context.js';
import type { RoutedChange } from './change-router.js';
import type { Pin } from './interest.js';
import type { KeptList } from './kept-list.js';
import { LiveList } from './live-list.js';
import { ShownWindow } from './shown-window.js';
import { WindowList } from './window-list.js';

/** How a list ended; without an error it is complete. */
export interface Ending {
  readonly error?: unknown;
}

/** A live list and those who see it. */
export class SharedList<T extends object> {
  /** What equal queries find it by. */
  readonly key: string | undefined;
  readonly query: Query<T>;
  /** What it is told of; undefined for everything. */
  pins: readonly Pin[] | undefined;
  readonly #context: RealtimeContext<T>;
  readonly #reading = new AbortController();
  readonly #subscribers = new Set<Subscriber<T[]>>();
  /** Those who have seen nothing of it yet. */
  readonly #waiting = new Set<Subscriber<T[]>>();
  readonly #shown: ShownWindow<T>;
  #list: KeptList<T>;
  /** Whether it can be seen: not before it is read. */
  #isShown = false;
  #ending: Ending = {};
  readonly #onError: (error: unknown) => void;
  /** The last of the lists that are to be seen when all that is in them has been loaded. */
  #telling: Promise<void> | undefined;

  /** `onError` hears of what those throw, later, who listen to what is loaded. */
  constructor(
    context: RealtimeContext<T>,
    query: Query<T>,
    key: string | undefined,
    onError: (error: unknown) => void,
  ) {
    this.key = key;
    this.#onError = onError;
    this.#context = context;
    this.query = query;
    this.#list = new LiveList(context, query);
    this.#shown = new ShownWindow(context, query);
  }

  /** Reads the list: as much as its window takes, or every match. */
  async load(): Promise<void> {
    const window = WindowList.open(this.#context, this.query);
    if (window === undefined) return this.loadAll([]);
    this.#list = window;
  }

  /**
   * Reads every match, whatever its place: what leaves the window lets others in. `changes` are those that were told last. Until then it
   * shows what it did.
   */
  async loadAll(changes: readonly RoutedChange[]): Promise<void> {
    const { signal } = this.#reading;
    this.#isShown = false;
    const list = new LiveList(this.#context, this.query);
    this.#list = list;
    list.apply(changes);
    const matches = await this.#context.reader.everyMatch({ ...this.query, signal });
    if (signal.aborted) return;
    for (const match of matches) list.load(match);
    list.finishLoading();
  }

  /** The records that it has read, and was not told of, since it was asked last. To be asked before they are handed out. */
  takeFound(): Iterable<readonly [slug: string, entity: T]> {
    return this.#list.takeFound();
  }

  /** Takes in changes. False when it has to be read anew; else {@link refresh} is to follow. */
  apply(changes: readonly RoutedChange[], told: number): boolean {
    return this.#list.apply(changes, told);
  }

  /** Tells those who see it when it looks different. */
  refresh(): void {
    if (this.#isShown && this.#shown.show(this.#list.window())) this.#tell(this.#subscribers);
  }

  /** Shows the list as it has been read: to everybody when it looks different, else to those who have seen nothing of it. */
  show(): void {
    this.#isShown = true;
    const isDifferent = this.#shown.show(this.#list.window());
    this.#tell(isDifferent ? this.#subscribers : this.#waiting);
  }

  /** From now on the subscriber sees the list. One that is there already is seen a moment later, as one that is to be read is. */
  join(subscriber: Subscriber<T[]>): void {
    this.#subscribers.add(subscriber);
    this.#waiting.add(subscriber);
    if (!this.#isShown) return;
    queueMicrotask(() => {
      if (this.#isShown) this.#tell(this.#waiting);
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

  /** Shows what there is now: at once, unless something in it, or in what was to be shown before, is still being loaded. */
  #tell(subscribers: ReadonlySet<Subscriber<T[]>>): void {
    const entities = this.#shown.entities();
    const loading = this.#shown.takeLoading();
    if (loading === undefined && this.#telling === undefined) {
      // Whoever is told may change something, which the others then see at once.
      this.#show(subscribers, () => this.#shown.entities());
      return;
    }
    const telling = Promise.all([this.#telling, loading]).then(() => {
      if (this.#telling === telling) this.#telling = undefined;
      this.#show(subscribers, () => [...entities]);
    });
    this.#telling = telling;
    telling.catch(this.#onError);
  }

  #show(subscribers: ReadonlySet<Subscriber<T[]>>, entities: () => T[]): void {
    for (const subscriber of [...subscribers]) {
      this.#waiting.delete(subscriber);
      if (this.#subscribers.has(subscriber)) subscriber.next(entities());
    }
  }
}
