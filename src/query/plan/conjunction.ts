import type { Condition } from '../criteria/where.js';
import { isFindOperator } from '../operators/find-operator.js';
import type { Property } from '../values/property.js';
import { admittedValues } from './admitted-values.js';
import { indexedOrderOf } from './indexed-value.js';
import { likePrefix } from './like-prefix.js';
import type { ValueSet } from './value-set.js';
import { intersection } from './value-set.js';

/** What one property may hold in records that meet a conjunction. */
export interface Restriction {
  readonly property: Property;
  readonly values: ValueSet;
  /** Whether all but a few records are within it. */
  readonly isCommon: boolean;
}

/** Conditions that must all hold, as what they leave open. */
export interface Conjunction {
  /** What the slug may be; undefined when it may be any. */
  readonly slug: ValueSet | undefined;
  /** What every slug begins with; undefined when that is left open. */
  readonly slugPrefix: string | undefined;
  /** Whether `slug` and `slugPrefix` say all that is asked of the slug. */
  readonly isSlugExact: boolean;
  /** By the path of the property's leaf. */
  readonly byLeaf: ReadonlyMap<string, Restriction>;
  /** Whether something is asked that neither the slug nor `byLeaf` knows of. */
  readonly asksMore: boolean;
}

/** Whether no record can meet the conjunction. */
export function isImpossible({ slug, byLeaf }: Conjunction): boolean {
  return isNothing(slug) || [...byLeaf.values()].some(({ values }) => isNothing(values));
}

function isNothing(values: ValueSet | undefined): boolean {
  return values?.intervals.length === 0 && !values.hasNull;
}

/** What a conjunction of compiled conditions leaves open. */
export function conjunctionOf(conditions: readonly Condition[]): Conjunction {
  const byLeaf = new Map<string, Restriction>();
  let slug: ValueSet | undefined;
  let slugPrefix: string | undefined;
  let isSlugExact = true;
  let asksMore = false;
  // A property may come several times: what scopes ask of it is beside what the query does.
  for (const { property, stored, isCommon = false } of conditions) {
    const values = admittedValues(property, stored);
    if (property.kind === 'slug') {
      const prefix = prefixAsked(stored);
      slug = both(property, slug, values);
      if (prefix !== undefined && slugPrefix !== undefined && prefix.text !== slugPrefix) isSlugExact = false;
      slugPrefix ??= prefix?.text;
      isSlugExact &&= values?.isExact === true || prefix?.isAll === true;
    } else if (values === undefined || property.leafPath === undefined) {
      asksMore = true;
    } else {
      const present = byLeaf.get(property.leafPath);
      byLeaf.set(property.leafPath, {
        property,
        values:
          present === undefined ? values : intersection(present.values, values, indexedOrderOf(property)),
        isCommon: isCommon && present?.isCommon !== false,
      });
    }
  }
  return { slug, slugPrefix, isSlugExact, byLeaf, asksMore };
}

function both(property: Property, a: ValueSet | undefined, b: ValueSet | undefined): ValueSet | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return intersection(a, b, indexedOrderOf(property));
}

/** What a condition asks texts to begin with, and whether that is all it asks. */
function prefixAsked(condition: unknown): { readonly text: string; readonly isAll: boolean } | undefined {
  if (!isFindOperator(condition)) return undefined;
  const { operator, operands } = condition;
  if (operator === 'And') {
    for (const operand of operands) {
      const prefix = prefixAsked(operand);
      if (prefix !== undefined) return { ...prefix, isAll: operands.length === 1 && prefix.isAll };
    }
  }
  if (operator !== 'Like' || typeof operands[0] !== 'string') return undefined;
  const { prefix, rest } = likePrefix(operands[0]);
  return prefix === '' || rest === 'nothing' ? undefined : { text: prefix, isAll: rest === 'anything' };
}
