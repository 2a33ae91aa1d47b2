import { isNull } from './values.js';

/**
 * SQL's three truth values. `undefined` is unknown: the outcome of comparing with null, which its negation is too, and
 * which matches nothing.
 */
export type Truth = boolean | undefined;

/** A compiled condition on the value of one property. */
export type Predicate = (value: unknown) => Truth;

/** The condition for values that are there; unknown for null and undefined. */
export function ofPresent(test: Predicate): Predicate {
  return (value) => (isNull(value) ? undefined : test(value));
}

/** True where `predicate` is false, and the other way round. */
export function not(predicate: Predicate): Predicate {
  return (value) => {
    const truth = predicate(value);
    return truth === undefined ? undefined : !truth;
  };
}

/** True when all are true, false when one is false. */
export function all(predicates: readonly Predicate[]): Predicate {
  return (value) => decide(predicates, value, false);
}

/** True when one is true, false when all are false. */
export function some(predicates: readonly Predicate[]): Predicate {
  return (value) => decide(predicates, value, true);
}

/** `decisive` when one predicate says so, else unknown when one does not know, else the opposite. */
function decide(predicates: readonly Predicate[], value: unknown, decisive: boolean): Truth {
  let outcome: Truth = !decisive;
  for (const predicate of predicates) {
    const truth = predicate(value);
    if (truth === decisive) return decisive;
    if (truth === undefined) outcome = undefined;
  }
  return outcome;
}
