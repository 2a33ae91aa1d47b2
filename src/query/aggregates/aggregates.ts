import type { EntityMetadata } from '../../metadata/types.js';
import { isOrdered } from '../predicates/comparison-predicates.js';
import { notAggregable, unknownAggregateProperty } from '../values/errors.js';
import type { Property } from '../values/property.js';
import { comparatorOf, findProperty } from '../values/property.js';
import { isNull } from '../values/values.js';
import type { SumValue } from './sum.js';
import { PropertySum } from './sum.js';

/** What can be made of a property's values over many records, by the name of the method. */
export type AggregateName = 'sum' | 'average' | 'minimum' | 'maximum';

/** Takes in entities, one after the other, and tells what their values come to. */
export interface Aggregate {
  /** The property whose values count. */
  readonly property: Property;
  add(entity: object): void;
  /** Null when no entity had a value. */
  result(): unknown;
}

const SUMMABLE: readonly Property['kind'][] = ['integer', 'float', 'bigint', 'decimal'];

/**
 * An aggregate that has taken in nothing.
 *
 * @throws DustError `invalid_criteria` for an unknown property, and one whose values cannot be summed or compared
 */
export function createAggregate(metadata: EntityMetadata, name: AggregateName, property: unknown): Aggregate {
  const found = typeof property === 'string' ? findProperty(metadata, property) : undefined;
  if (found === undefined) throw unknownAggregateProperty(metadata, name, property);
  switch (name) {
    case 'sum':
      return summing(found, name, (sum) => sum.sum);
    case 'average':
      return summing(found, name, (sum) => sum.average);
    case 'minimum':
      return extreme(found, name, (order) => order < 0);
    case 'maximum':
      return extreme(found, name, (order) => order > 0);
  }
}

/** What the property holds is summed, not what is stored: behind a transformer it may be numbers where the store has text. */
function summing(
  property: Property,
  name: AggregateName,
  result: (sum: PropertySum) => SumValue | null,
): Aggregate {
  const isSummable = SUMMABLE.includes(property.kind) || (property.field?.transformers.length ?? 0) > 0;
  if (property.shape !== 'single' || !isSummable) {
    throw notAggregable(property, name, 'It works on numbers, bigints and decimals.');
  }
  const sum = new PropertySum(property);
  return {
    property,
    add: (entity) => {
      sum.add(property.read(entity));
    },
    result: () => result(sum),
  };
}

function extreme(property: Property, name: AggregateName, wins: (order: number) => boolean): Aggregate {
  if (!isOrdered(property)) {
    throw notAggregable(property, name, 'It works on text, numbers, dates and bytes.');
  }
  const compare = comparatorOf(property);
  let best: { readonly value: unknown; readonly compared: unknown } | undefined;
  return {
    property,
    add: (entity) => {
      const value = property.read(entity);
      const compared = property.comparable(value);
      if (isNull(compared)) return;
      if (best === undefined || wins(compare(compared, best.compared) ?? 0)) best = { value, compared };
    },
    result: () => best?.value ?? null,
  };
}
