import type { MatchedRecord, OrderedReads, Query } from '../../query/index.js';
import type { RealtimeContext } from '../context.js';
import type { RoutedChange } from './change-router.js';
import type { KeptList } from './kept-list.js';
import type { LiveItem } from './live-item.js';
import { comparatorOf, isSameVersion, itemOf } from './live-item.js';
import { matchChange } from './match-change.js';
import { TakeWindow } from './take-window.js';

/** Places of `skip` and `take` together that are held at most: all of them are read again within one turn when the store is ahead. */
const MAX_SIZE = 500;
/** Records that are looked at for the first ones, within one turn. */
const FIRST = 1000;
/** Records that are looked at for each one that is missing, and for the first of them. Where so few match, all of them are not many. */
const NEXT = 8;
const LEAST = 64;

/**
 * The first matches of a query, as many as `skip` and `take` need: where their order is that of an index, or of the slugs, and they are
 * read in this process. What leaves is replaced by the next ones, fetched from behind the last.
 *
 * The store may be ahead of what was told. What is fetched then is of a later moment than what is held, so all is read again, and
 * what is told up to that moment is passed over: a commit is shown whole or not at all.
 */
export class WindowList<T extends object> implements KeptList<T> {
  readonly #context: RealtimeContext<T>;
  readonly #query: Query<T>;
  readonly #size: number;
  readonly #reads: OrderedReads<T>;
  readonly #items: TakeWindow<LiveItem<T>>;
  #window: readonly LiveItem<T>[] | undefined;
  #found: LiveItem<T>[] = [];
  /** What was read last is of this moment. */
  #readAt = 0;
  #era = 0;

  private constructor(context: RealtimeContext<T>, query: Query<T>, size: number, reads: OrderedReads<T>) {
    this.#context = context;
    this.#query = query;
    this.#size = size;
    this.#reads = reads;
    this.#items = new TakeWindow(size, comparatorOf(query));
  }

  /**
   * The list of a query now; undefined where all matches have to be held.
   *
   * @throws what reading throws, `invalid_record` among it
   */
  static open<T extends object>(context: RealtimeContext<T>, query: Query<T>): WindowList<T> | undefined {
    const { skip, take } = query;
    if (take === undefined || take === 0 || skip + take > MAX_SIZE) return undefined;
    const reads = context.reader.inOrder(query);
    if (reads === undefined) return undefined;
    const list = new WindowList(context, query, skip + take, reads);
    return list.#readAgain() ? list : undefined;
  }

  apply(changes: readonly RoutedChange[], told: number): boolean {
    const now = this.#reads.now();
    const isOtherStore = now !== undefined && now.era !== this.#era;
    if (isOtherStore || changes.some(({ commit }) => commit.movedBack)) return this.#readAgain();
    for (const routed of changes) if (routed.commit.last > this.#readAt) this.#push(routed);
    const { missing } = this.#items;
    if (missing === 0) return true;
    return now?.moment === told ? this.#fetch(missing) : this.#readAgain();
  }

  window(): readonly LiveItem<T>[] {
    return (this.#window ??= this.#items.slice(this.#query.skip));
  }

  takeFound(): (readonly [slug: string, entity: T])[] {
    const found = this.#found;
    this.#found = [];
    return found.map(({ slug, key }) => [slug, key]);
  }

  #push(routed: RoutedChange): void {
    const { slug } = routed.change;
    const before = this.#items.get(slug);
    const after = matchChange(this.#context, this.#query, routed, before !== undefined);
    if (before === undefined && after === undefined) return;
    this.#items.push(slug, after);
    this.#window = undefined;
  }

  #fetch(missing: number): boolean {
    const { bound } = this.#items;
    const behind = bound && { record: bound.record, entity: bound.key };
    const next = this.#reads.next(behind, missing, LEAST + NEXT * missing);
    if (next === undefined) return false;
    const items = next.matches.map(itemOf);
    this.#items.fill({ items, isEnd: next.isEnd });
    this.#found = this.#found.concat(items);
    this.#window = undefined;
    return true;
  }

  #readAgain(): boolean {
    const now = this.#reads.now();
    const first = now && this.#reads.next(undefined, this.#size, FIRST);
    if (first === undefined) return false;
    const items = first.matches.map((match) => this.#known(match));
    this.#items.begin({ items, isEnd: first.isEnd });
    this.#found = this.#found.concat(items);
    this.#window = undefined;
    this.#readAt = now!.moment;
    this.#era = now!.era;
    return true;
  }

  /** A record that is held in this version already stays what it is. */
  #known(match: MatchedRecord<T>): LiveItem<T> {
    const item = itemOf(match);
    const held = this.#items.get(item.slug);
    return held !== undefined && isSameVersion(held, item) ? held : item;
  }
}
