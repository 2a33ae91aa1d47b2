import type { EntityMetadata } from '../../metadata/types.js';
import { invalidDirection, invalidOption, notOrderable, unknownOrderProperty } from '../values/errors.js';
import type { Property } from '../values/property.js';
import { comparatorOf, findProperty, readProperty } from '../values/property.js';
import { isNull } from '../values/values.js';

/** Negative, zero or positive, as `Array.prototype.sort` takes it. */
export type EntityComparator = (a: object, b: object) => number;

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
 * Compiles an order; without a term it leaves store order. Values that have no order among each other are equal here.
 *
 * @throws DustError `invalid_options`
 */
export function compileOrder(metadata: EntityMetadata, order: unknown): readonly OrderTerm[] {
  if (typeof order !== 'object' || order === null || Array.isArray(order)) {
    throw invalidOption(metadata, 'order', "an object such as { name: 'ASC' }", order);
  }
  return Object.entries(order).map(([name, direction]) => compileTerm(metadata, name, direction));
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

function compileTerm(metadata: EntityMetadata, name: string, value: unknown): OrderTerm {
  const property = findProperty(metadata, name);
  if (property === undefined) throw unknownOrderProperty(metadata, name);
  if (property.shape !== 'single' || UNORDERED.includes(property.kind)) throw notOrderable(property);
  const direction = parseDirection(property, value);
  return { property, ...direction, compare: comparatorBy(property, direction) };
}

function comparatorBy(property: Property, { descending, nullsFirst }: Direction): EntityComparator {
  const compare = comparatorOf(property);
  return (a, b) => {
    const left = readProperty(a, property.name);
    const right = readProperty(b, property.name);
    if (isNull(left) || isNull(right)) {
      const nullsLast = Number(isNull(left)) - Number(isNull(right));
      return nullsFirst ? -nullsLast : nullsLast;
    }
    const ascending = compare(left, right) ?? 0;
    return descending ? -ascending : ascending;
  };
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
