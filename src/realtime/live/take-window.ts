import { SortedList } from './sorted-list.js';

/** The items that come next in an order. */
export interface NextItems<Item> {
  readonly items: readonly Item[];
  /** Whether none comes behind them. */
  readonly isEnd: boolean;
}

/**
 * The first items of an order, so many and no more, and the bound up to which they are all there are. What lies behind the bound is not
 * held: when something in front of it leaves, the next ones are to be fetched from behind it.
 */
export class TakeWindow<Item extends { readonly slug: string }> {
  readonly #size: number;
  readonly #compare: (a: Item, b: Item) => number;
  readonly #held = new Map<string, Item>();
  readonly #sorted: SortedList<Item>;
  /** Where the bound is, whether or not the item is still held; undefined when nothing lies behind. */
  #bound: Item | undefined;

  /** `compare` is zero only between two items of one slug. */
  constructor(size: number, compare: (a: Item, b: Item) => number) {
    this.#size = size;
    this.#compare = compare;
    this.#sorted = new SortedList(compare);
  }

  /** Behind which item the next ones are to be fetched; undefined when all there are are held. */
  get bound(): Item | undefined {
    return this.#bound;
  }

  /** How many are to be fetched. */
  get missing(): number {
    return this.#bound === undefined ? 0 : this.#size - this.#held.size;
  }

  /** The item of a slug, if it is held. */
  get(slug: string): Item | undefined {
    return this.#held.get(slug);
  }

  /** Those at the places from `start` on. */
  slice(start: number): Item[] {
    return this.#sorted.slice(start);
  }

  /** An item has changed, come or gone: `after` is what it is now. What it pushes over the size is let go, and the bound drawn in. */
  push(slug: string, after: Item | undefined): void {
    const before = this.#held.get(slug);
    if (before !== undefined) this.#take(before);
    if (after === undefined || this.#isBehind(after)) return;
    this.#put([after]);
    if (this.#held.size <= this.#size) return;
    const [last] = this.#sorted.slice(this.#size);
    if (last !== undefined) this.#take(last);
    this.#bound = this.#sorted.slice(this.#size - 1)[0];
  }

  /** Takes in the next ones, fetched from behind the bound. */
  fill({ items, isEnd }: NextItems<Item>): void {
    this.#put(items);
    this.#bound = isEnd ? undefined : items.at(-1);
  }

  /** Begins anew, with the first ones. */
  begin(first: NextItems<Item>): void {
    this.#sorted.replace(this.#sorted.slice(0), []);
    this.#held.clear();
    this.fill(first);
  }

  #isBehind(item: Item): boolean {
    return this.#bound !== undefined && this.#compare(item, this.#bound) > 0;
  }

  #put(items: readonly Item[]): void {
    for (const item of items) this.#held.set(item.slug, item);
    this.#sorted.replace([], items);
  }

  #take(item: Item): void {
    this.#held.delete(item.slug);
    this.#sorted.replace([item], []);
  }
}
