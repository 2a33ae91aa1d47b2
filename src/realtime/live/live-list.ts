import type { RecordCommit } from '../../protocol/requests/operation.js';
import type { MatchedRecord, Query } from '../../query/index.js';
import type { RealtimeContext } from '../context.js';
import type { RoutedChange } from './change-router.js';
import type { KeptList } from './kept-list.js';
import type { LiveItem } from './live-item.js';
import { comparatorOf, itemOf } from './live-item.js';
import { matchChange } from './match-change.js';
import { SortedList } from './sorted-list.js';

/**
 * All records that match a query, kept current by operations, and the window of them that `skip` and `take` show.
 *
 * It begins by loading: what a read finds and the commits made meanwhile may arrive in any mixture, and for each record the
 * newer one counts. That needs no buffer of commits, only the seq of the last one for each record they touched.
 */
export class LiveList<T extends object> implements KeptList<T> {
  readonly #context: RealtimeContext<T>;
  readonly #query: Query<T>;
  readonly #items = new Map<string, LiveItem<T>>();
  readonly #sorted: SortedList<LiveItem<T>>;
  #touched: Map<string, number> | undefined = new Map();
  #window: readonly LiveItem<T>[] | undefined;
  #hasFound = false;

  constructor(context: RealtimeContext<T>, query: Query<T>) {
    this.#context = context;
    this.#query = query;
    this.#sorted = new SortedList(comparatorOf(query));
  }

  /** Takes in a matching record that the read found. Only while loading. */
  load(match: MatchedRecord<T>): void {
    const { slug, revision } = match.record;
    if (revision > (this.#touched?.get(slug) ?? 0)) this.#items.set(slug, itemOf(match));
  }

  /** Ends the loading. */
  finishLoading(): void {
    this.#touched = undefined;
    this.#hasFound = true;
    this.#window = undefined;
    this.#sorted.replace([], [...this.#items.values()]);
  }

  apply(changes: readonly RoutedChange[]): true {
    const removed = new Set<LiveItem<T>>();
    const added = new Set<LiveItem<T>>();
    for (const routed of changes) this.#applyChange(routed, removed, added);
    if (this.#touched !== undefined || removed.size + added.size === 0) return true;
    this.#sorted.replace([...removed], [...added]);
    this.#window = undefined;
    return true;
  }

  /** While loading it shows nothing. */
  window(): readonly LiveItem<T>[] {
    const { skip, take } = this.#query;
    return (this.#window ??= this.#sorted.slice(skip, take === undefined ? undefined : skip + take));
  }

  *takeFound(): Generator<readonly [slug: string, entity: T], void, undefined> {
    if (!this.#hasFound) return;
    this.#hasFound = false;
    for (const { slug, key } of this.#items.values()) yield [slug, key];
  }

  #applyChange(routed: RoutedChange, removed: Set<LiveItem<T>>, added: Set<LiveItem<T>>): void {
    const { commit, change } = routed;
    const { slug } = change;
    this.#touch(slug, commit);
    const before = this.#items.get(slug);
    // A read may have been ahead of the commits, but not of a store that is not the one it read.
    if (before !== undefined && !commit.movedBack && before.record.revision >= commit.last) return;
    const after = matchChange(this.#context, this.#query, routed, before !== undefined);
    if (before !== undefined) {
      this.#items.delete(slug);
      // What came and went meanwhile was never in the list.
      if (!added.delete(before)) removed.add(before);
    }
    if (after === undefined) return;
    this.#items.set(slug, after);
    added.add(after);
  }

  /** While loading: what a read finds of the record counts from beyond this commit; never, where the read may be of a store that moved back. */
  #touch(slug: string, { last, movedBack }: RecordCommit): void {
    const touched = this.#touched;
    if (touched === undefined) return;
    touched.set(slug, movedBack || touched.get(slug) === Infinity ? Infinity : last);
  }
}
