import type { Plan } from '../plan/plan.js';
import type { Query } from '../criteria/query.js';
import { compareByTerms } from '../criteria/order.js';
import { SortedRuns } from './sorted-runs.js';

/** Takes in the matches of a path and keeps those that `skip` and `take` ask for. */
export interface ResultWindow<T> {
  /** Takes in the next match. False when no later one can change the result. */
  add(entity: T): boolean;
  /** As a fold's. */
  settle?(isOver: () => boolean): boolean;
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

/** So many more than the window holds are kept before what has fallen out of it is dropped. */
const SLACK = 1000;

/** A window of more is not made smaller in between: that would take long, and the result is large in any case. */
const LARGE = 5000;

/** Of matches that come in whatever order. */
class SortedWindow<T extends object> implements ResultWindow<T> {
  readonly #start: number;
  readonly #most: number;
  readonly #runs: SortedRuns<T>;

  constructor(query: Query<T>) {
    const end = windowEnd(query);
    this.#start = query.skip;
    this.#most = end <= LARGE ? 2 * end + SLACK : Infinity;
    this.#runs = new SortedRuns(query.compare, end);
  }

  add(entity: T): boolean {
    this.#runs.add(entity);
    if (this.#runs.size >= this.#most) this.#runs.settle(() => false);
    return true;
  }

  settle(isOver: () => boolean): boolean {
    return this.#runs.settle(isOver);
  }

  result(): T[] {
    return this.#runs.result().slice(this.#start);
  }
}
