import type { Plan } from '../plan/plan.js';
import type { Query } from '../criteria/query.js';
import { compareByTerms } from '../criteria/order.js';

/** Takes in the matches of a path and keeps those that `skip` and `take` ask for. */
export interface ResultWindow<T> {
  /** Takes in the next match. False when no later one can change the result. */
  add(entity: T): boolean;
  /** The result, in the query's order. To be called once. */
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

/** The window of a query whose matches come as a plan has it. */
export function createResultWindow<T extends object>(
  query: Query<T>,
  { isOrdered, sortedBy }: Pick<Plan, 'isOrdered' | 'sortedBy'>,
): ResultWindow<T> {
  if (isOrdered) return new OrderedWindow(query);
  return sortedBy > 0 ? new GroupedWindow(query, sortedBy) : new SortedWindow(query);
}

/** Of matches that come in the query's order. */
class OrderedWindow<T extends object> implements ResultWindow<T> {
  readonly #start: number;
  readonly #end: number;
  readonly #kept: T[] = [];
  #seen = 0;

  constructor(query: Query<T>) {
    this.#start = query.skip;
    this.#end = windowEnd(query);
  }

  add(entity: T): boolean {
    if (this.#seen >= this.#start && this.#seen < this.#end) this.#kept.push(entity);
    this.#seen++;
    return this.#seen < this.#end;
  }

  result(): T[] {
    return this.#kept;
  }
}

/** Of matches that come in the order of the leading terms: those that are equal in them are sorted together. */
class GroupedWindow<T extends object> implements ResultWindow<T> {
  readonly #query: Query<T>;
  readonly #compareGroups: (a: T, b: T) => number;
  readonly #window: OrderedWindow<T>;
  #group: T[] = [];

  constructor(query: Query<T>, sortedBy: number) {
    this.#query = query;
    this.#compareGroups = compareByTerms(query.order.slice(0, sortedBy));
    this.#window = new OrderedWindow(query);
  }

  add(entity: T): boolean {
    const [first] = this.#group;
    if (first !== undefined && this.#compareGroups(first, entity) !== 0 && !this.#close()) return false;
    this.#group.push(entity);
    return true;
  }

  result(): T[] {
    this.#close();
    return this.#window.result();
  }

  /** Whether the window has room behind the group. */
  #close(): boolean {
    const group = this.#group.sort(this.#query.compare);
    this.#group = [];
    return group.every((entity) => this.#window.add(entity));
  }
}

const SLACK = 1000;

/** Of matches that come in whatever order. */
class SortedWindow<T extends object> implements ResultWindow<T> {
  readonly #query: Query<T>;
  readonly #end: number;
  #kept: T[] = [];

  constructor(query: Query<T>) {
    this.#query = query;
    this.#end = windowEnd(query);
  }

  /** Dropping what has fallen out of the window, now and then, keeps memory at its size. */
  add(entity: T): boolean {
    this.#kept.push(entity);
    if (this.#kept.length >= 2 * this.#end + SLACK) this.#sort();
    return true;
  }

  result(): T[] {
    this.#sort();
    return this.#kept.slice(this.#query.skip);
  }

  #sort(): void {
    this.#kept = this.#kept.sort(this.#query.compare).slice(0, this.#end);
  }
}
