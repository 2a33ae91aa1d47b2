/** The operators of a where, by name. */
export type FindOperatorName =
  | 'Equal'
  | 'Not'
  | 'In'
  | 'Any'
  | 'IsNull'
  | 'LessThan'
  | 'LessThanOrEqual'
  | 'MoreThan'
  | 'MoreThanOrEqual'
  | 'Between'
  | 'Like'
  | 'ILike'
  | 'And'
  | 'Or'
  | 'ArrayContains'
  | 'ArrayContainedBy'
  | 'ArrayOverlap'
  | 'JsonContains';

/**
 * A condition on one property of type `V`, as `Not`, `In`, `Between` and their like build it. Only those functions
 * make one: what a request body parses to is never an operator.
 */
export interface FindOperator<out V> {
  /** Which operator it is. */
  readonly operator: FindOperatorName;
  /** What the operator was given; not yet checked against a property. */
  readonly operands: readonly unknown[];
  /** Never present. Carries the type of the values the operator speaks of, for the type checker. */
  readonly '~valueType'?: V;
}

const BRAND = Symbol.for('dust-orm.find-operator');

/** Builds an operator. Which operands it may have is checked when a query is compiled. */
export function createOperator<V>(operator: FindOperatorName, operands: readonly unknown[]): FindOperator<V> {
  return Object.freeze(
    Object.defineProperty({ operator, operands: Object.freeze([...operands]) }, BRAND, { value: true }),
  );
}

/** Whether `value` is an operator, made by whichever loaded copy of this package. */
export function isFindOperator(value: unknown): value is FindOperator<unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, BRAND);
}
