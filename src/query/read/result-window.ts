import type { Query } from '../criteria/query.js';

/** Takes in matches in store order and keeps those that `skip` and `take` ask for. */
export interface ResultWindow<T> {
  add(entity: T): void;
  /** The result, in the query's order. */
  result(): T[];
}

/** How many matches it takes to fill the window of a query; `Infinity` without `take`. */
export function windowEnd({
  skip,
  take,
}: {
  readonly skip: number;
  readonly take: number | undefined;
}): number {
  return take === undefined ? Infinity : take === 0 ? 0 : skip + take;
}

/** The window of a query. */
export function createResultWindow<T extends object>(query: Query<T>): ResultWindow<T> {
  return query.naturalOrder ? new NaturalWindow(query) : new SortedWindow(query);
}

class NaturalWindow<T extends object> implements ResultWindow<T> {
  readonly #start: number;
  readonly #end: number;
  readonly #kept: T[] = [];
  #seen = 0;

  constructor(query: Query<T>) {
    this.#start = query.skip;
    this.#end = windowEnd(query);
  }

  add(entity: T): void {
    if (this.#seen >= this.#start && this.#seen < this.#end) this.#kept.push(entity);
    this.#seen++;
  }

  result(): T[] {
    return this.#kept;
  }
}

const SLACK = 1000;

class SortedWindow<T extends object> implements ResultWindow<T> {
  readonly #query: Query<T>;
  readonly #end: number;
  #kept: T[] = [];

  constructor(query: Query<T>) {
    this.#query = query;
    this.#end = windowEnd(query);
  }

  /** Dropping what has fallen out of the window, now and then, keeps memory at its size. */
  add(entity: T): void {
    this.#kept.push(entity);
    if (this.#kept.length >= 2 * this.#end + SLACK) this.#sort();
  }

  result(): T[] {
    this.#sort();
    return this.#kept.slice(this.#query.skip);
  }

  #sort(): void {
    this.#kept = this.#kept.sort(this.#query.compare).slice(0, this.#end);
  }
}
