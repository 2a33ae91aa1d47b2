import type { Query } from '../criteria/query.js';
import type { Condition } from '../criteria/where.js';
import { isFindOperator } from '../operators/find-operator.js';
import { admittedValues } from './admitted-values.js';
import { pointOf } from './value-set.js';

/** What a query asks, without its values: `{ state, createdAt: MoreThan } by createdAt DESC`. */
export function shapeOf<T extends object>({ alternatives, order, isNarrowed }: Query<T>): string {
  const where = isNarrowed
    ? alternatives?.map(
        (conditions) =>
          `{ ${narrowing(conditions)
            .map(({ property, condition }) => named(property.name, condition))
            .join(', ')} }`,
      )
    : undefined;
  const terms = order.map(({ property, descending }) => `${property.name}${descending ? ' DESC' : ''}`);
  const by = terms.length === 0 ? '' : ` by ${terms.join(', ')}`;
  return `${where === undefined ? 'all' : [...new Set(where)].join(' or ')}${by}`;
}

/** What a query asks by itself, and what an index is for. */
function narrowing(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.filter(({ isCommon = false }) => !isCommon);
}

function named(name: string, condition: unknown): string {
  return isFindOperator(condition) ? `${name}: ${condition.operator}` : name;
}

/** The decorator that would serve a query: `@Index(['state', 'createdAt'])`. Undefined when none would. */
export function suggestedIndex<T extends object>({ alternatives, order }: Query<T>): string | undefined {
  const equal: string[] = [];
  const ranges: string[] = [];
  const conditions = alternatives?.length === 1 ? alternatives[0] : [];
  for (const condition of narrowing(conditions ?? [])) {
    addTo(isEquality(condition) ? equal : ranges, condition);
  }
  const terms = order
    .filter(({ property }) => property.leafPath !== undefined)
    .map(({ property }) => property.name);
  const behind = terms.length > 0 ? terms : ranges.slice(0, 1);
  const names = [...new Set([...equal, ...behind])];
  if (names.length === 0) return undefined;
  return `@Index([${names.map((name) => `'${name}'`).join(', ')}])`;
}

function addTo(names: string[], { property, stored }: Condition): void {
  const values = admittedValues(property, stored);
  if (property.leafPath !== undefined && values?.isExact === true) names.push(property.name);
}

function isEquality({ property, stored }: Condition): boolean {
  const values = admittedValues(property, stored);
  return values?.intervals.every((interval) => pointOf(interval) !== undefined) === true;
}
