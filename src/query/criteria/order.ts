import type { EntityMetadata } from '../../metadata/types.js';
import {
  emptyOrder,
  invalidDirection,
  invalidOption,
  notOrderable,
  orderTooDeep,
  unknownOrderPart,
  unknownOrderProperty,
} from '../values/errors.js';
import type { Property } from '../values/property.js';
import { comparatorOf, findPart, findProperty } from '../values/property.js';
import { hasMembers, isNull } from '../values/values.js';

/** Negative, zero or positive, as `Array.prototype.sort` takes it. */
export type EntityComparator = (a: object, b: object) => number;

/** No record holds an object nested deeper. */
const MAX_DEPTH = 500;

const UNORDERED: readonly Property['kind'][] = ['json', 'nested', 'file'];

interface Direction {
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** One property to order by. */
export interface OrderTerm extends Direction {
  readonly property: Property;
  readonly compare: EntityComparator;
}

/**
 * Compiles an order; without a term it leaves store order. Values that have no order among each other are equal here. Terms behind the
 * slug are left out: no two records come so far, but two versions of one record would.
 *
 * @throws DustError `invalid_options`
 */
export function compileOrder(metadata: EntityMetadata, order: unknown): readonly OrderTerm[] {
  if (typeof order !== 'object' || order === null || Array.isArray(order)) {
    throw invalidOption(metadata, 'order', "an object such as { name: 'ASC' }", order);
  }
  const terms = Object.entries(order).flatMap(([name, direction]) => {
    const property = findProperty(metadata, name);
    if (property === undefined) throw unknownOrderProperty(metadata, name);
    return compileTerms(property, direction, 1);
  });
  const last = terms.findIndex(({ property }) => property.name === metadata.slugProperty);
  return last === -1 ? terms : terms.slice(0, last + 1);
}

/** Compares by the terms, the first deciding first. */
export function compareByTerms(terms: readonly OrderTerm[]): EntityComparator {
  return (a, b) => {
    for (const { compare } of terms) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return 0;
  };
}

/** The term of a property, or those of its parts; `depth` counts the names on the way. */
function compileTerms(property: Property, value: unknown, depth: number): OrderTerm[] {
  if (property.parts === undefined || !hasMembers(value)) return [compileTerm(property, value)];
  const entries = Object.entries(value);
  if (entries.length === 0) throw emptyOrder(property);
  if (depth === MAX_DEPTH) throw orderTooDeep(property, MAX_DEPTH);
  return entries.flatMap(([name, direction]) => {
    const part = findPart(property, name);
    if (part === undefined) throw unknownOrderPart(property, name);
    return compileTerms(part, direction, depth + 1);
  });
}

function compileTerm(property: Property, value: unknown): OrderTerm {
  if (property.shape !== 'single' || UNORDERED.includes(property.kind)) throw notOrderable(property);
  const direction = parseDirection(property, value);
  return { property, ...direction, compare: comparatorBy(property, direction) };
}

function comparatorBy(property: Property, direction: Direction): EntityComparator {
  const compare = comparatorOf(property);
  const { read, comparable } = property;
  return (a, b) => compareIn(direction, comparable(read(a)), comparable(read(b)), compare);
}

/** Compares two values in a direction, of which either may be null; `compare` has those that are not, ascending. */
export function compareIn<V>(
  { descending, nullsFirst }: Direction,
  left: V | null | undefined,
  right: V | null | undefined,
  compare: (left: V, right: V) => number | undefined,
): number {
  if (isNull(left) || isNull(right)) {
    const nullsLast = Number(isNull(left)) - Number(isNull(right));
    return nullsFirst ? -nullsLast : nullsLast;
  }
  const ascending = compare(left, right) ?? 0;
  return descending ? -ascending : ascending;
}

function parseDirection(property: Property, value: unknown): Direction {
  if (typeof value !== 'object' || value === null) {
    const descending = isDescending(property, value);
    return { descending, nullsFirst: descending };
  }
  const { direction = 'ASC', nulls, ...others } = value as Readonly<Record<string, unknown>>;
  const descending = isDescending(property, direction);
  if (Object.keys(others).length > 0) throw invalidDirection(property, value);
  return { descending, nullsFirst: nulls === undefined ? descending : areNullsFirst(property, nulls) };
}

function isDescending(property: Property, direction: unknown): boolean {
  switch (direction) {
    case 'ASC':
    case 'asc':
    case 1:
      return false;
    case 'DESC':
    case 'desc':
    case -1:
      return true;
    default:
      throw invalidDirection(property, direction);
  }
}

function areNullsFirst(property: Property, nulls: unknown): boolean {
  switch (nulls) {
    case 'FIRST':
    case 'first':
      return true;
    case 'LAST':
    case 'last':
      return false;
    default:
      throw invalidDirection(property, nulls);
  }
}
