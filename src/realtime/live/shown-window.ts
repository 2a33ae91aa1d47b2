import type { Query } from '../../query/index.js';
import { handOut } from '../../query/index.js';
import type { RealtimeContext } from '../context.js';
import type { LiveItem } from './live-item.js';
import { isSameVersion } from './live-item.js';
import { sameData } from './same-data.js';

/** What a live query shows. */
export class ShownWindow<T extends object> {
  readonly #context: RealtimeContext<T>;
  readonly #query: Query<T>;
  #items: readonly LiveItem<T>[] = [];
  /** Those who listen to what is loaded, busy with what has come in. */
  #loading: Promise<void> | undefined;

  constructor(context: RealtimeContext<T>, query: Query<T>) {
    this.#context = context;
    this.#query = query;
  }

  /** From now on it shows these. Returns whether that looks different. */
  show(items: readonly LiveItem<T>[]): boolean {
    const before = this.#items;
    if (items === before) return false;
    this.#items = items;
    const isSame =
      before.length === items.length && items.every((item, i) => this.#looksLike(item, before[i]));
    keepInstances(before, items);
    return !isSame;
  }

  /** What there is to wait for before what is shown may be seen, since it was asked last. */
  takeLoading(): Promise<void> | undefined {
    const loading = this.#loading;
    this.#loading = undefined;
    return loading;
  }

  /** What is shown, as a new array. Records that have not changed are the same instances each time. */
  entities(): T[] {
    const { metadata, reader } = this.#context;
    const { naturalOrder, select } = this.#query;
    const handedOut = handOut(metadata, select);
    const fresh: T[] = [];
    const entities = this.#items.map((item) => {
      if (item.shown !== undefined) return item.shown;
      const entity = naturalOrder ? item.key : reader.admit(item.record);
      item.shown = entity === undefined ? item.key : handedOut(entity);
      fresh.push(item.shown);
      return item.shown;
    });
    const loading = fresh.length === 0 ? undefined : reader.load(fresh);
    if (loading !== undefined) this.#loading = loading;
    return entities;
  }

  #looksLike(item: LiveItem<T>, other: LiveItem<T> | undefined): boolean {
    if (item === other) return true;
    if (other?.slug !== item.slug) return false;
    return sameData(this.#context.metadata, item.record, other.record, this.#query.select);
  }
}

/** Items that a read found again are shown by the instances they were shown by. */
function keepInstances<T>(before: readonly LiveItem<T>[], items: readonly LiveItem<T>[]): void {
  let old: Map<string, LiveItem<T>> | undefined;
  for (const [i, item] of items.entries()) {
    if (item.shown !== undefined || item === before[i]) continue;
    old ??= new Map(before.map((each) => [each.slug, each]));
    const other = old.get(item.slug);
    if (other?.shown !== undefined && other !== item && isSameVersion(item, other)) item.shown = other.shown;
  }
}
