import { toStoredRecord } from '../../mapping/index.js';
import type { StoredRecord } from '../../mapping/types.js';
import type { RecordChange, RecordCommit } from '../../protocol/operation.js';
import type { MatchedRecord, Query } from '../../query/index.js';
import { handOut } from '../../query/index.js';
import type { RealtimeContext } from '../context.js';
import type { RoutedChange } from './change-router.js';
import { sameData } from './same-data.js';
import { SortedList } from './sorted-list.js';

interface Item<T> {
  readonly slug: string;
  readonly record: StoredRecord;
  /** Stays in here, so that the order holds whatever is done to instances that were handed out. */
  readonly key: T;
  /** Handed out, once the record has come into the window. */
  shown?: T;
}

/**
 * The records that match a query, kept current by operations, and the window of them that `skip` and `take` show.
 *
 * It begins by loading: what a read finds and the commits made meanwhile may arrive in any mixture, and for each record the
 * newer one counts. That needs no buffer of commits, only the seq of the last one for each record they touched.
 */
export class LiveList<T extends object> {
  readonly #context: RealtimeContext<T>;
  readonly #query: Query<T>;
  readonly #items = new Map<string, Item<T>>();
  readonly #sorted: SortedList<Item<T>>;
  #touched: Map<string, number> | undefined = new Map();
  #window: readonly Item<T>[] = [];

  constructor(context: RealtimeContext<T>, query: Query<T>) {
    this.#context = context;
    this.#query = query;
    this.#sorted = new SortedList((a, b) => query.compare(a.key, b.key));
  }

  /** Takes in a matching record that the read found. Only while loading. */
  load({ record, entity }: MatchedRecord<T>): void {
    const touchedAt = this.#touched?.get(record.slug) ?? 0;
    if (record.revision > touchedAt) this.#items.set(record.slug, { slug: record.slug, record, key: entity });
  }

  /** Ends the loading. */
  finishLoading(): void {
    this.#touched = undefined;
    this.#sorted.replace([], [...this.#items.values()]);
    this.#window = this.#currentWindow();
  }

  /** Takes in changes, in store order. Returns whether the window shows something else than before; while loading it shows nothing. */
  apply(changes: readonly RoutedChange[]): boolean {
    const removed = new Set<Item<T>>();
    const added = new Set<Item<T>>();
    for (const { commit, change } of changes) this.#applyChange(commit, change, removed, added);
    if (removed.size + added.size === 0) return false;
    return this.#touched === undefined && this.#refreshWindow([...removed], [...added]);
  }

  /** All that match, those outside of the window too, by slug. */
  *matches(): Generator<readonly [slug: string, entity: T], void, undefined> {
    for (const { slug, key } of this.#items.values()) yield [slug, key];
  }

  /** What the window shows, as a new array. Records that have not changed are the same instances each time. */
  entities(): T[] {
    const { reader } = this.#context;
    return this.#window.map((item) => (item.shown ??= this.#handOut(reader.admit(item.record)) ?? item.key));
  }

  #handOut(entity: T | undefined): T | undefined {
    return entity && handOut(this.#context.metadata, this.#query.select)(entity);
  }

  #applyChange(commit: RecordCommit, change: RecordChange, removed: Set<Item<T>>, added: Set<Item<T>>): void {
    const { slug } = change;
    this.#touch(slug, commit);
    const before = this.#items.get(slug);
    // A read may have been ahead of the commits, but not of a store that is not the one it read.
    if (before !== undefined && !commit.movedBack && before.record.revision >= commit.last) return;
    const after = this.#match(commit, change, before !== undefined);
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

  #match(commit: RecordCommit, change: RecordChange, matched: boolean): Item<T> | undefined {
    const { metadata, reader } = this.#context;
    const record = toStoredRecord(metadata.prefixPath, change.slug, change.leaves);
    if (record === undefined) return undefined;
    const key = matched ? reader.admit(record) : reader.admitAfter(commit, record);
    if (key === undefined || !this.#query.matches(key)) return undefined;
    return { slug: record.slug, record, key };
  }

  #refreshWindow(removed: readonly Item<T>[], added: readonly Item<T>[]): boolean {
    this.#sorted.replace(removed, added);
    const before = this.#window;
    this.#window = this.#currentWindow();
    return (
      before.length !== this.#window.length ||
      !this.#window.every((item, i) => this.#looksLike(item, before[i]))
    );
  }

  #currentWindow(): readonly Item<T>[] {
    const { skip, take } = this.#query;
    return this.#sorted.slice(skip, take === undefined ? undefined : skip + take);
  }

  #looksLike(item: Item<T>, other: Item<T> | undefined): boolean {
    if (item === other) return true;
    if (other?.slug !== item.slug) return false;
    return sameData(this.#context.metadata, item.record, other.record, this.#query.select);
  }
}
