import { invalidOperand, malformedOperator, operatorNotApplicable } from '../values/errors.js';
import { compileLike } from './like-pattern.js';
import type { Property } from '../values/property.js';
import type { Predicate } from '../values/truth.js';
import { ofPresent } from '../values/truth.js';

const TEXT: readonly Property['kind'][] = ['slug', 'string'];

/** Operators that match text against a pattern. A value that is no text is unknown. */
export const likePredicates = {
  Like: (property: Property, [pattern]: readonly unknown[]) => like(property, 'Like', pattern, false),
  ILike: (property: Property, [pattern]: readonly unknown[]) => like(property, 'ILike', pattern, true),
};

function like(property: Property, operator: string, pattern: unknown, ignoreCase: boolean): Predicate {
  if (property.shape !== 'single' || !TEXT.includes(property.kind)) {
    throw operatorNotApplicable(property, operator, 'It matches text; use In() or Equal() here.');
  }
  if (typeof pattern !== 'string') throw invalidOperand(property, operator, 'a pattern string', pattern);
  const matches = compileLike(pattern, ignoreCase);
  if (matches === undefined) {
    throw malformedOperator(
      property,
      operator,
      'The pattern ends in a lone backslash; write two to mean one.',
    );
  }
  return ofPresent((value) => (typeof value === 'string' ? matches(value) : undefined));
}
