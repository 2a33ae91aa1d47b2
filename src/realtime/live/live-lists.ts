import type { Subscriber, Subscription } from 'rxjs';
import { Observable } from 'rxjs';
import type { RecordCommit } from '../../protocol/requests/operation.js';
import type { Query } from '../../query/index.js';
import type { RealtimeContext } from '../context.js';
import { watchingRecords } from '../watching.js';
import type { RoutedChange } from './change-router.js';
import { ChangeRouter } from './change-router.js';
import type { ObservableLists } from './live-context.js';
import type { Pin } from './interest.js';
import { areKnown, pinsOf } from './interest.js';
import { SharedList } from './shared-list.js';

/** The live lists of one entity class. They watch its records together, equal ones are one, and each is told only of what can concern it. */
export class LiveLists<T extends object> implements ObservableLists<T> {
  readonly #context: RealtimeContext<T>;
  readonly #router: ChangeRouter<T, SharedList<T>>;
  readonly #lists = new Set<SharedList<T>>();
  /** Those that an equal query can join. */
  readonly #byKey = new Map<string, SharedList<T>>();
  #watch: Subscription | undefined;

  constructor(context: RealtimeContext<T>) {
    this.#context = context;
    this.#router = new ChangeRouter(context);
  }

  observe(query: Query<T>, key: string | undefined, call: string): Observable<T[]> {
    return new Observable((subscriber) => {
      const list =
        (key === undefined ? undefined : this.#byKey.get(key)) ?? this.#open(query, key, call, subscriber);
      if (list === undefined) return;
      subscriber.add(() => {
        if (list.leave(subscriber)) this.#close(list);
      });
      list.join(subscriber);
    });
  }

  #open(
    query: Query<T>,
    key: string | undefined,
    call: string,
    subscriber: Subscriber<T[]>,
  ): SharedList<T> | undefined {
    const list = new SharedList(this.#context, query, key, (error) => {
      this.#fail(list, error);
    });
    const pins = pinsOf(query);
    const isPinned = pins !== undefined && areKnown(pins);
    this.#lists.add(list);
    if (isPinned) this.#pin(list, pins);
    else this.#router.watchAll(list);
    if (key !== undefined) this.#byKey.set(key, list);
    // One that could not begin has ended by the time it is here.
    if (this.#watch?.closed !== false) this.#watch = this.#startWatching(call);
    // Whoever cannot watch has been told already.
    if (!this.#lists.has(list)) {
      list.endFor(subscriber);
      return undefined;
    }
    this.#whenLoaded(list, list.load(), pins);
    return list;
  }

  #whenLoaded(list: SharedList<T>, loading: Promise<void>, pins: readonly Pin[] | undefined): void {
    loading
      .then(() => {
        // Nobody may be left by now.
        if (!this.#lists.has(list)) return;
        if (pins !== undefined) this.#pin(list, pins);
        list.show();
      })
      .catch((error: unknown) => {
        this.#fail(list, error);
      });
  }

  #pin(list: SharedList<T>, pins: readonly Pin[]): void {
    if (list.pins === undefined) {
      list.pins = pins;
      this.#router.pin(list, pins);
    }
    this.#router.noteFound(pins, list.takeFound());
  }

  /** A list that cannot go on as it is has to be read anew; until then it is told of what it was told of first. */
  #reload(list: SharedList<T>, changes: readonly RoutedChange[]): void {
    const pins = pinsOf(list.query);
    if (list.pins !== undefined && !areKnown(list.pins)) {
      this.#router.remove(list, list.pins);
      list.pins = undefined;
      this.#router.watchAll(list);
    }
    this.#whenLoaded(list, list.loadAll(changes), pins);
  }

  #close(list: SharedList<T>): void {
    if (!this.#lists.delete(list)) return;
    this.#router.remove(list, list.pins);
    if (list.key !== undefined) this.#byKey.delete(list.key);
    list.stop();
    if (this.#lists.size === 0) this.#watch?.unsubscribe();
  }

  #fail(list: SharedList<T>, error: unknown): void {
    this.#close(list);
    list.end({ error });
  }

  #startWatching(call: string): Subscription {
    return watchingRecords(this.#context, call).subscribe({
      next: (commits) => {
        this.#apply(commits);
      },
      error: (error: unknown) => {
        this.#end({ error });
      },
      complete: () => {
        this.#end({});
      },
    });
  }

  #apply(commits: readonly RecordCommit[]): void {
    const told = commits.at(-1)?.last ?? 0;
    for (const [list, changes] of this.#router.route(commits)) {
      // Whoever was told before may have ended it.
      if (!this.#lists.has(list)) continue;
      try {
        if (!list.apply(changes, told)) {
          this.#reload(list, changes);
          continue;
        }
        const found = list.takeFound();
        if (list.pins !== undefined) this.#router.noteFound(list.pins, found);
        list.refresh();
      } catch (error) {
        this.#fail(list, error);
      }
    }
  }

  #end(ending: { readonly error?: unknown }): void {
    const lists = [...this.#lists];
    for (const list of lists) this.#close(list);
    for (const list of lists) list.end(ending);
  }
}
