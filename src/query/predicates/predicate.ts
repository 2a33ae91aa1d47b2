import { arrayPredicates } from './array-predicates.js';
import { comparisonPredicates } from './comparison-predicates.js';
import { equal, oneOf } from './equality-predicates.js';
import { malformedOperator } from '../values/errors.js';
import type { FindOperatorName } from '../operators/find-operator.js';
import { isFindOperator } from '../operators/find-operator.js';
import { jsonPredicates } from './json-predicates.js';
import { likePredicates } from './like-predicates.js';
import type { Property } from '../values/property.js';
import { storedCondition } from './stored-condition.js';
import type { Predicate } from '../values/truth.js';
import { all, not, some } from '../values/truth.js';
import { isNull } from '../values/values.js';

/** How deep operators may stand inside each other: as deep as values may be nested. */
const MAX_DEPTH = 500;

type Builder = (property: Property, operands: readonly unknown[]) => Predicate;

const BUILDERS: Readonly<Record<FindOperatorName, Builder>> = {
  Equal: (property, [value]) => equal(property, 'Equal', value),
  In: (property, [values]) => oneOf(property, 'In', values),
  Any: (property, [values]) => oneOf(property, 'Any', values),
  IsNull: () => isNull,
  Not: (property, [condition]) => not(compile(property, condition, 'Not')),
  And: (property, conditions) => all(compileEach(property, 'And', conditions)),
  Or: (property, conditions) => some(compileEach(property, 'Or', conditions)),
  ...comparisonPredicates,
  ...likePredicates,
  ...arrayPredicates,
  ...jsonPredicates,
};

/** A condition, compiled. */
export interface CompiledCondition {
  /** The condition with each value as it is stored ({@link Property.comparable}). */
  readonly stored: unknown;
  /** Tests a value as the property holds it. */
  readonly predicate: Predicate;
}

/**
 * Compiles a condition on one property: an operator, or a value to be equal to.
 *
 * @throws DustError `invalid_criteria` when the property cannot have the value or does not go with the operator
 */
export function compileCondition(property: Property, condition: unknown): CompiledCondition {
  checkDepth(property, condition);
  const stored = storedCondition(property, condition);
  const test = compile(property, stored, 'where');
  const { comparable } = property;
  return { stored, predicate: (value) => test(comparable(value)) };
}

function compile(property: Property, condition: unknown, within: string): Predicate {
  if (!isFindOperator(condition)) return equal(property, within, condition);
  if (!Object.hasOwn(BUILDERS, condition.operator)) {
    throw malformedOperator(property, condition.operator, 'This copy of dust-orm does not know it.');
  }
  return BUILDERS[condition.operator](property, condition.operands);
}

/** Before anything looks into operators one inside the other, and runs out of stack. */
function checkDepth(property: Property, condition: unknown): void {
  let level = [condition];
  for (let depth = 0; ; depth++) {
    const operators = level.filter(isFindOperator);
    if (operators.length === 0) return;
    if (depth === MAX_DEPTH) {
      throw malformedOperator(
        property,
        operators[0]!.operator,
        `Nest operators at most ${MAX_DEPTH} levels deep.`,
      );
    }
    level = operators.flatMap(({ operands }) => operands);
  }
}

function compileEach(property: Property, operator: string, conditions: readonly unknown[]): Predicate[] {
  if (conditions.length === 0) throw malformedOperator(property, operator, 'Give it at least one condition.');
  return conditions.map((condition) => compile(property, condition, operator));
}
