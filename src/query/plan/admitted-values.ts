import { isFindOperator } from '../operators/find-operator.js';
import type { Property } from '../values/property.js';
import type { Predicate, Truth } from '../values/truth.js';
import { all, not, some } from '../values/truth.js';
import { indexedOrderOf, indexedValueOf } from './indexed-value.js';
import { likePrefix } from './like-prefix.js';
import type { PresentValue, ValueSet } from './value-set.js';
import { between, intersection, NULL_ALONE, points, presentValues, union } from './value-set.js';

/**
 * The values of a property that can meet a compiled condition on it, and maybe more; undefined when the condition leaves
 * that open.
 */
export function admittedValues(property: Property, condition: unknown): ValueSet | undefined {
  if (!isFindOperator(condition)) return valuesAmong(property, [condition]);
  const { operator, operands } = condition;
  const [first, second] = operands;
  switch (operator) {
    case 'Equal':
      return valuesAmong(property, [first]);
    case 'In':
    case 'Any':
      return Array.isArray(first) ? valuesAmong(property, first) : undefined;
    case 'IsNull':
      return NULL_ALONE;
    case 'LessThan':
    case 'LessThanOrEqual':
      return bounded(property, undefined, first, operator === 'LessThanOrEqual');
    case 'MoreThan':
    case 'MoreThanOrEqual':
      return bounded(property, first, undefined, operator === 'MoreThanOrEqual');
    case 'Between':
      return bounded(property, first, second, true);
    case 'Like':
      return property.shape === 'single' ? valuesLike(property, first) : undefined;
    case 'And':
      return valuesOfAll(property, operands);
    case 'Or':
      return valuesOfOne(property, operands);
    case 'Not':
      if (isFindOperator(first) && first.operator === 'IsNull') return presentValues(true);
      return { ...presentValues(false), hasNull: truthOfNull(condition) === true };
    default:
      return presentValues(false);
  }
}

/** What a condition says of null, as SQL has it: whatever is compared with null is unknown. */
function truthOfNull(condition: unknown): Truth {
  if (!isFindOperator(condition)) return undefined;
  const told = (): Predicate[] => condition.operands.map((operand) => () => truthOfNull(operand));
  switch (condition.operator) {
    case 'IsNull':
      return true;
    case 'Not':
      return not(() => truthOfNull(condition.operands[0]))(null);
    case 'And':
      return all(told())(null);
    case 'Or':
      return some(told())(null);
    case 'In':
    case 'Any': {
      const [values] = condition.operands;
      return Array.isArray(values) && values.length === 0 ? false : undefined;
    }
    default:
      return undefined;
  }
}

function valuesAmong(property: Property, values: readonly unknown[]): ValueSet | undefined {
  const known: PresentValue[] = [];
  for (const value of values) {
    const indexed = indexedValueOf(property, value);
    if (indexed === undefined) return undefined;
    known.push(indexed);
  }
  return points(known, indexedOrderOf(property));
}

function bounded(property: Property, from: unknown, to: unknown, inclusive: boolean): ValueSet | undefined {
  const bound = (value: unknown): { value: PresentValue; inclusive: boolean } | undefined => {
    const indexed = indexedValueOf(property, value);
    return indexed === undefined ? undefined : { value: indexed, inclusive };
  };
  const [low, high] = [bound(from), bound(to)];
  if ((from !== undefined && low === undefined) || (to !== undefined && high === undefined)) return undefined;
  // Brings the two into the form of one interval, none when they cross.
  return intersection(between(low, undefined), between(undefined, high), indexedOrderOf(property));
}

function valuesLike(property: Property, pattern: unknown): ValueSet | undefined {
  if (typeof pattern !== 'string' || indexedValueOf(property, '') === undefined) return undefined;
  const { prefix, rest } = likePrefix(pattern);
  if (rest === 'nothing') return points([prefix], indexedOrderOf(property));
  // Slugs that begin alike lie together too, but not between two of them: `a-2` comes before `a`.
  if (prefix === '' || property.kind === 'slug') return presentValues(false);
  return { ...beginningWith(prefix), isExact: rest === 'anything' };
}

/** In the order of code points, what begins with a text lies up to the text with its last character raised by one. */
function beginningWith(prefix: string): ValueSet {
  const characters = Array.from(prefix);
  const from = { value: prefix, inclusive: true };
  while (characters.length > 0) {
    const next = characterBehind(characters.pop() ?? '');
    if (next !== undefined) {
      return between(from, { value: `${characters.join('')}${next}`, inclusive: false });
    }
  }
  return between(from, undefined);
}

/** The character behind another one; undefined for the last of all. Halves of surrogate pairs are none. */
function characterBehind(character: string): string | undefined {
  const point = (character.codePointAt(0) ?? 0) + 1;
  if (point > 0x10ffff) return undefined;
  return String.fromCodePoint(point >= 0xd800 && point <= 0xdfff ? 0xe000 : point);
}

function valuesOfAll(property: Property, operands: readonly unknown[]): ValueSet | undefined {
  const known = operands.flatMap((operand) => admittedValues(property, operand) ?? []);
  const [first, ...others] = known;
  if (first === undefined) return undefined;
  const compare = indexedOrderOf(property);
  const common = others.reduce((sofar, next) => intersection(sofar, next, compare), first);
  return known.length === operands.length ? common : { ...common, isExact: false };
}

function valuesOfOne(property: Property, operands: readonly unknown[]): ValueSet | undefined {
  const sets: ValueSet[] = [];
  for (const operand of operands) {
    const set = admittedValues(property, operand);
    if (set === undefined) return undefined;
    sets.push(set);
  }
  return union(sets, indexedOrderOf(property));
}
