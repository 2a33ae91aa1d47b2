import type { IndexDefinition, LocalRecords } from '../../protocol/values/record-access.js';
import type { Query } from '../criteria/query.js';
import { compareSlugs } from '../values/slug-order.js';
import type { Conjunction } from './conjunction.js';
import { conjunctionOf, isImpossible } from './conjunction.js';
import type { IndexUse } from './index-use.js';
import { useIndex } from './index-use.js';
import { walkFor } from './index-order.js';
import type { Plan } from './plan.js';
import { walksOf } from './plan.js';
import { isStoreOrder, scanPath, slugPath } from './slug-path.js';

/** What a plan is chosen by: the indexes there are, and how many records they have. Without it, there are none. */
export type PlanningRecords = Pick<LocalRecords, 'indexes' | 'count'>;

/** Counting goes no further: what is more is many. */
const MANY = 5000;
/** A condition that nothing is known about leaves one record in so many. */
const GUESSED_SHARE = 1 / 10;
/** What a record costs that is looked up by an index, beside one that lies in the way. */
const LOOKUP = 1.5;

/** How to carry out a query. `wanted` is how many of its first results will be consumed at most. */
export function choosePlan<T extends object>(
  query: Query<T>,
  slugProperty: string,
  wanted: number,
  records?: PlanningRecords,
): Plan {
  const { alternatives } = query;
  const planner = new Planner(query, slugProperty, wanted, records);
  if (alternatives === undefined) return planner.plan(EVERYTHING);
  const plans = alternatives.map((conditions) => planner.plan(conjunctionOf(conditions)));
  const [only] = plans;
  return plans.length === 1 && only !== undefined ? only : together(plans, query, slugProperty);
}

/** The plan of what nothing can meet. */
export const NOTHING: Plan = { path: { by: 'nothing' }, sortedBy: 0, isOrdered: true, isExact: true };

const EVERYTHING: Conjunction = {
  slug: undefined,
  slugPrefix: undefined,
  isSlugExact: true,
  byLeaf: new Map(),
  asksMore: false,
};

/** A way for several alternatives: one walk through all of them as soon as one of them needs it. */
function together<T extends object>(plans: readonly Plan[], query: Query<T>, slugProperty: string): Plan {
  const paths = plans.map(({ path }) => path).filter(({ by }) => by !== 'nothing');
  const slugs = new Set<string>();
  for (const path of paths) {
    if (path.by === 'scan') return { ...scanPath(query, slugProperty), isExact: false };
    if (path.by === 'slugs') path.slugs.forEach((slug) => slugs.add(slug));
  }
  const [only] = paths;
  if (only === undefined) return NOTHING;
  const named = slugs.size === 0 ? [] : [{ by: 'slugs', slugs: [...slugs].sort(compareSlugs) } as const];
  const all = [...named, ...paths.filter(({ by }) => by !== 'slugs')];
  const [first] = all;
  if (all.length > 1 || first === undefined) {
    return { path: { by: 'several', paths: all }, sortedBy: 0, isOrdered: false, isExact: false };
  }
  if (paths.length === 1) return plans.find(({ path }) => path === only)!;
  const isOrdered = isStoreOrder(query, slugProperty);
  return { path: first, sortedBy: isOrdered ? query.order.length : 0, isOrdered, isExact: false };
}

class Planner<T extends object> {
  readonly #query: Query<T>;
  readonly #slugProperty: string;
  readonly #wanted: number;
  readonly #records: PlanningRecords | undefined;

  constructor(query: Query<T>, slugProperty: string, wanted: number, records: PlanningRecords | undefined) {
    this.#query = query;
    this.#slugProperty = slugProperty;
    this.#wanted = wanted;
    this.#records = records;
  }

  plan(conjunction: Conjunction): Plan {
    if (isImpossible(conjunction)) return NOTHING;
    const bySlug = slugPath(conjunction, this.#query, this.#slugProperty);
    if (bySlug?.path.by === 'slugs') return bySlug.path.slugs.length === 0 ? NOTHING : bySlug;
    const records = this.#records;
    const scan = scanPath(this.#query, this.#slugProperty);
    if (records === undefined) return bySlug ?? scan;
    const uses = records.indexes.map((index) => useIndex(index, conjunction));
    const narrowing = uses.filter(({ narrows }) => narrows).map((use) => this.#planOf(use));
    const filters = bySlug === undefined ? narrowing : [bySlug, ...narrowing];
    const ordering =
      this.#wanted === Infinity || scan.isOrdered
        ? []
        : uses
            .filter(({ narrows }) => !narrows)
            .map((use) => this.#planOf(use))
            .filter(({ sortedBy }) => sortedBy > 0);
    const candidates = [...filters, ...ordering];
    const [first] = candidates;
    if (first === undefined) return scan;
    // Of all records the first ones cost what they are, by whatever order.
    if (!this.#query.isNarrowed && ordering.length > 0) return mostOrdered(ordering, first);
    // A filter that nothing competes with needs no figures.
    if (candidates.length === 1 && filters.length === 1 && (this.#wanted === Infinity || first.isOrdered)) {
      return first;
    }
    return this.#cheapest(filters, [...ordering, scan], records);
  }

  #planOf(use: IndexUse): Plan {
    const { ranges, reverse, sortedBy, isWhole } = walkFor(use, this.#query.order, this.#slugProperty);
    return {
      path: { by: 'index', access: { by: 'index', index: use.index, ranges, reverse } },
      sortedBy,
      isOrdered: isWhole,
      isExact: use.isExact,
      isNearlyExact: use.isNearlyExact,
    };
  }

  /** `others` lead through all records. */
  #cheapest(filters: readonly Plan[], others: readonly Plan[], records: PlanningRecords): Plan {
    const sizes = filters.map((plan) => sizeOf(plan, records));
    const total = records.count({ by: 'slug-range' }, MANY);
    const fewest = smallest([...sizes, total]);
    const share =
      filters.length > 0 ? fewest / Math.max(total, 1) : this.#query.isNarrowed ? GUESSED_SHARE : 1;
    const costs = [
      ...filters.map((plan, i) => {
        const size = sizes[i]!;
        // Of what a filter leaves, what it does not know of may leave less.
        return this.#costOf(plan, size, plan.isExact || plan.isNearlyExact === true ? 1 : GUESSED_SHARE);
      }),
      ...others.map((plan) => this.#costOf(plan, total, share)),
    ];
    const plans = [...filters, ...others];
    return plans[costs.indexOf(smallest(costs))]!;
  }

  #costOf(plan: Plan, size: number, share: number): number {
    const isEarly = plan.isOrdered || plan.sortedBy > 0;
    const read = isEarly ? Math.min(size, this.#wanted / Math.max(share, 1 / MANY)) : size;
    return read * (plan.path.by === 'index' ? LOOKUP : 1);
  }
}

function mostOrdered(plans: readonly Plan[], first: Plan): Plan {
  return plans.reduce((best, plan) => (orderedness(plan) > orderedness(best) ? plan : best), first);
}

function orderedness({ isOrdered, sortedBy }: Plan): number {
  return isOrdered ? Infinity : sortedBy;
}

function smallest(numbers: readonly number[]): number {
  return numbers.reduce((least, number) => Math.min(least, number), Infinity);
}

function sizeOf({ path }: Plan, records: PlanningRecords): number {
  let size = 0;
  for (const access of walksOf(path) ?? []) size += records.count(access, MANY);
  return size;
}

/** The indexes of a class, by what they are ordered by: for those who tell which one was used. */
export function nameOfIndex({ parts }: IndexDefinition): string {
  return parts.map(({ path }) => path).join(', ');
}
