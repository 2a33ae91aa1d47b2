import type { StoredRecord } from '../../mapping/types.js';
import type { Query } from '../criteria/query.js';
import type { Plan } from '../plan/plan.js';
import { compareSlugs } from '../values/slug-order.js';
import type { Fold } from './local-read.js';
import { createResultWindow } from './result-window.js';
import { SortedRuns } from './sorted-runs.js';

/** A record that meets a query, as it lies in the store and as an entity. */
export interface MatchedRecord<T> {
  readonly record: StoredRecord;
  readonly entity: T;
}

/** The entity of a record that meets the query; undefined for one that does not, and for what is none. */
export type Match<T> = (record: StoredRecord) => T | undefined;

/** What a query asks for, in its order. */
export function findFold<T extends object>(query: Query<T>, match: Match<T>, plan: Plan): Fold<T[]> {
  const window = createResultWindow(query, plan);
  return {
    add: (record) => {
      const entity = match(record);
      return entity === undefined || window.add(entity);
    },
    settle: (isOver) => window.settle?.(isOver) ?? true,
    result: () => window.result(),
  };
}

/**
 * What a query asks for, and how many match without `skip` and `take`. Of an exact plan every record counts, also one that cannot
 * be an entity: so it is where none is read to be counted.
 */
export function findAndCountFold<T extends object>(
  query: Query<T>,
  match: Match<T>,
  plan: Plan,
): Fold<[T[], number]> {
  const window = createResultWindow(query, plan);
  let count = 0;
  let hasRoom = true;
  return {
    add: (record) => {
      const entity = match(record);
      if (entity !== undefined || plan.isExact) count++;
      if (entity !== undefined && hasRoom) hasRoom = window.add(entity);
      return true;
    },
    settle: (isOver) => window.settle?.(isOver) ?? true,
    result: () => [window.result(), count],
  };
}

/** How many match. */
export function countFold<T extends object>(match: Match<T>): Fold<number> {
  let count = 0;
  return {
    add: (record) => {
      if (match(record) !== undefined) count++;
      return true;
    },
    result: () => count,
  };
}

/** How many records there are, whatever is in them. */
export function tallyFold(): Fold<number> {
  let count = 0;
  return {
    add: () => {
      count++;
      return true;
    },
    result: () => count,
  };
}

/** Whether any matches. */
export function existsFold<T extends object>(match: Match<T>): Fold<boolean> {
  let exists = false;
  return {
    add: (record) => {
      exists = match(record) !== undefined;
      return !exists;
    },
    result: () => exists,
  };
}

/** Every match, with the record it was made from, in store order: an index has its own. */
export function matchesFold<T extends object>(
  match: Match<T>,
  { isOrdered }: Pick<Plan, 'isOrdered'>,
): Fold<MatchedRecord<T>[]> {
  const compare = isOrdered ? () => 0 : compareRecords;
  const matches = new SortedRuns<MatchedRecord<T>>(compare, Infinity);
  return {
    add: (record) => {
      const entity = match(record);
      if (entity !== undefined) matches.add({ record, entity });
      return true;
    },
    settle: (isOver) => matches.settle(isOver),
    result: () => matches.result(),
  };
}

function compareRecords<T>(a: MatchedRecord<T>, b: MatchedRecord<T>): number {
  return compareSlugs(a.record.slug, b.record.slug);
}

/** What is made of each record, by its slug; what `make` leaves out is missing. */
export function bySlugFold<R>(make: (record: StoredRecord) => R | undefined): Fold<Map<string, R>> {
  const found = new Map<string, R>();
  return {
    add: (record) => {
      const made = make(record);
      if (made !== undefined) found.set(record.slug, made);
      return true;
    },
    result: () => found,
  };
}
