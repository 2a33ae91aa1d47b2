import type { StoredRecord } from '../../mapping/types.js';
import type { LocalRecords } from '../../protocol/values/record-access.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { Query } from '../criteria/query.js';
import { choosePlan } from '../plan/choose-plan.js';
import type { IndexDoubts } from '../plan/index-doubts.js';
import { isBehind, keysetOf, planBehind } from '../plan/keyset.js';
import type { Plan } from '../plan/plan.js';
import { indexesOf } from '../plan/plan.js';
import type { Match, MatchedRecord } from './folds.js';
import { storedRecordOf } from './local-read.js';
import { PathCursor } from './path-cursor.js';
import { windowEnd } from './result-window.js';

/** What {@link PlannedReads} reads with. */
export interface OrderedReadsParts<T extends object> {
  readonly slugProperty: string;
  readonly doubts?: IndexDoubts | undefined;
  /** The records as they are now; undefined where they cannot be read in this process. */
  readonly open: () => LocalRecords | undefined;
  readonly match: Match<T>;
  readonly onStray: (leaf: Leaf) => void;
}

/** Matches that follow each other in the order of their query. */
export interface NextMatches<T> {
  readonly matches: readonly MatchedRecord<T>[];
  /** Whether none comes behind them. */
  readonly isEnd: boolean;
}

/** Reads of the matches of a query in its order, from any place on, each within one turn. */
export interface OrderedReads<T extends object> {
  /** Where the records stand; undefined where they cannot be read in this process. */
  now(): Pick<LocalRecords, 'moment' | 'era'> | undefined;
  /**
   * The next `wanted` matches behind a record, or the first ones. Undefined when they cannot be had so: nothing yields the order, or more
   * than `atMost` records would have to be looked at.
   *
   * @throws DustError what reading throws, `invalid_record` among it
   */
  next(behind: MatchedRecord<T> | undefined, wanted: number, atMost: number): NextMatches<T> | undefined;
}

/** By an index, or by the slug. The plan is made once, and again when an index went that it goes by. */
export class PlannedReads<T extends object> implements OrderedReads<T> {
  readonly #query: Query<T>;
  readonly #parts: OrderedReadsParts<T>;
  #plan: Plan | undefined;

  constructor(query: Query<T>, parts: OrderedReadsParts<T>) {
    this.#query = query;
    this.#parts = parts;
  }

  now(): Pick<LocalRecords, 'moment' | 'era'> | undefined {
    return this.#parts.open();
  }

  next(behind: MatchedRecord<T> | undefined, wanted: number, atMost: number): NextMatches<T> | undefined {
    const { open, match, onStray } = this.#parts;
    const records = open();
    const plan = records && this.#planOver(records);
    if (plan === undefined) return undefined;
    const query = this.#query;
    const place = behind && keysetOf(query, behind.record.slug, behind.entity);
    const { path } = place === undefined ? plan : planBehind(plan, query, place);
    const cursor = new PathCursor(path, onStray);
    const matches: MatchedRecord<T>[] = [];
    for (const leaves of cursor.read(records!)) {
      const record: StoredRecord | undefined = leaves && storedRecordOf(leaves);
      const entity = record && match(record);
      if (entity !== undefined && (place === undefined || isBehind(query, place, record!.slug, entity))) {
        matches.push({ record: record!, entity });
        if (matches.length === wanted) return { matches, isEnd: false };
      }
      if (cursor.passed >= atMost) return undefined;
    }
    return { matches, isEnd: true };
  }

  #planOver(records: LocalRecords): Plan | undefined {
    const indexes = this.#plan && indexesOf(this.#plan.path);
    if (indexes?.every((index) => records.indexes.includes(index)) !== true) {
      const { doubts, slugProperty } = this.#parts;
      const planning = doubts?.trusted(records) ?? records;
      this.#plan = choosePlan(this.#query, slugProperty, windowEnd(this.#query), planning);
    }
    return isWalkInOrder(this.#plan!) ? this.#plan : undefined;
  }
}

/** Whether a plan leads through the matches in their order, from any place on. Slugs that are named are few enough to be read each time. */
function isWalkInOrder({ path, isOrdered }: Plan): boolean {
  return isOrdered && (path.by === 'index' || path.by === 'slug-ranges' || path.by === 'scan');
}
