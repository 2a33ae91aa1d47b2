/** From this many changes on, filtering and sorting the whole list costs less than a search and a shift for each. */
const BULK = 64;

/** Items kept in the order of `compare`, which is zero only between an item and itself. */
export class SortedList<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  #items: Item[] = [];

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  /** The items from position `start` up to `end`, excluded. */
  slice(start: number, end?: number): Item[] {
    return this.#items.slice(start, end);
  }

  /** Takes `removed` out, which are in the list, and puts `added` in, which are not. */
  replace(removed: readonly Item[], added: readonly Item[]): void {
    if (removed.length + added.length >= BULK) {
      const gone = new Set(removed);
      this.#items = this.#items.filter((item) => !gone.has(item));
      this.#items = [...this.#items, ...added].sort(this.#compare);
    } else {
      for (const item of removed) this.#items.splice(this.#search(item), 1);
      for (const item of added) this.#items.splice(this.#search(item), 0, item);
    }
  }

  /** The position of the first item that does not come before `item`. */
  #search(item: Item): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const probe = this.#items[middle];
      if (probe !== undefined && this.#compare(probe, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
