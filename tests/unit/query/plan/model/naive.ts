import { isDeepStrictEqual } from 'node:util';
import type { FindOperator } from '../../../../../src/query/index.js';
import type { Kind, RowLeaf } from './leaves.js';
import { DELETED, LEAVES, SLUG } from './leaves.js';
import type { Row } from './row-class.js';

/** What a query finds among plain objects, worked out by nothing that the library works it out by. */

type Truth = boolean | undefined;

export interface PlainQuery {
  readonly where?: object | readonly object[];
  readonly order?: object;
  readonly skip?: number;
  readonly take?: number;
}

const isNone = (value: unknown): boolean => value === null || value === undefined;
const byUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const slugKey = (slug: string): string => `${slug.replaceAll('~', '~0').replaceAll('/', '~1')}/`;
const bare = (a: any, b: any): number => (a < b ? -1 : a > b ? 1 : 0);

function compare(kind: Kind, a: any, b: any): number {
  if (kind === 'slug') return byUtf8(slugKey(a), slugKey(b));
  if (kind === 'decimal') return bare(Number(a), Number(b));
  if (kind === 'bytes') return Buffer.compare(a, b);
  return typeof a === 'string' ? byUtf8(a, b) : bare(a, b);
}

function isSame(kind: Kind, a: any, b: any): boolean {
  if (kind === 'json' || kind === 'list' || kind === 'nested') return isDeepStrictEqual(a, b);
  if (kind === 'set') return isDeepStrictEqual([...a].sort(), [...b].sort());
  return compare(kind, a, b) === 0;
}

const isLike = (text: string, pattern: string, flags: string): boolean => {
  const source = pattern.replaceAll(/\\(.)|([%_])|[\s\S]/gu, (all, escaped?: string, wild?: string) => {
    if (wild !== undefined) return wild === '%' ? '.*' : '.';
    return (escaped ?? all).replaceAll(/[$()*+./?[\\\]^{|}-]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, flags).test(text);
};

const isOperator = (condition: unknown): condition is FindOperator<unknown> =>
  typeof condition === 'object' && condition !== null && 'operator' in condition && 'operands' in condition;

/** Whether a value meets a condition; undefined when SQL would not know. */
export function truth(leaf: RowLeaf, condition: unknown, value: any): Truth {
  const { kind, stored } = leaf;
  const actual = isNone(value) ? null : stored(value);
  if (!isOperator(condition)) return actual === null ? undefined : isSame(kind, actual, stored(condition));
  const { operator, operands } = condition;
  const [first, second] = operands as any[];
  const each = (): Truth[] => operands.map((operand) => truth(leaf, operand, value));
  switch (operator) {
    case 'IsNull':
      return actual === null;
    case 'Not': {
      const inner = truth(leaf, first, value);
      return inner === undefined ? undefined : !inner;
    }
    case 'And':
      return each().includes(false) ? false : each().includes(undefined) ? undefined : true;
    case 'Or':
      return each().includes(true) ? true : each().includes(undefined) ? undefined : false;
    case 'In':
    case 'Any':
      // Of no values it is none, which is known without one.
      if ((first as unknown[]).length === 0) return false;
  }
  if (actual === null) return undefined;
  const order = (bound: unknown): number => compare(kind, actual, stored(bound));
  switch (operator) {
    case 'Equal':
      return isSame(kind, actual, stored(first));
    case 'In':
    case 'Any':
      return (first as unknown[]).some((each_) => isSame(kind, actual, stored(each_)));
    case 'LessThan':
      return order(first) < 0;
    case 'LessThanOrEqual':
      return order(first) <= 0;
    case 'MoreThan':
      return order(first) > 0;
    case 'MoreThanOrEqual':
      return order(first) >= 0;
    case 'Between':
      return order(first) >= 0 && order(second) <= 0;
    case 'Like':
      return isLike(actual as string, stored(first) as string, 'su');
    case 'ILike':
      return isLike(actual as string, stored(first) as string, 'sui');
    case 'ArrayContains':
      return (first as unknown[]).every((item) => (actual as unknown[]).includes(item));
    case 'ArrayContainedBy':
      return (actual as unknown[]).every((item) => (first as unknown[]).includes(item));
    case 'ArrayOverlap':
      return (first as unknown[]).some((item) => (actual as unknown[]).includes(item));
    case 'JsonContains':
      // Asked for one member only.
      return Object.entries(first as object).every(([key, item]) =>
        isDeepStrictEqual((actual as any)[key], item),
      );
    default:
      throw new Error(`the model knows no ${String(operator)}`);
  }
}

const LEAF_BY_NAME = new Map([SLUG, DELETED, ...LEAVES].map((leaf) => [leaf.name, leaf]));

function valueAt(row: Row, name: string): any {
  return name.split('.').reduce<any>((at, key) => (isNone(at) ? undefined : at[key]), row);
}

/** What lies in nested options, by the names of properties; what is no plain object is a value. */
function* flattened(options: object, above = ''): Generator<[leaf: RowLeaf, value: any]> {
  for (const [key, value] of Object.entries(options)) {
    const name = `${above}${key}`;
    const leaf = LEAF_BY_NAME.get(name);
    const isParts = (leaf === undefined || leaf.kind === 'nested') && !isOperator(value);
    if (isParts) yield* flattened(value as object, `${name}.`);
    else yield [leaf!, value];
  }
}

export function meets(row: Row, where: object): boolean {
  return [...flattened(where)].every(
    ([leaf, condition]) => truth(leaf, condition, valueAt(row, leaf.name)) === true,
  );
}

const bySlug = (a: Row, b: Row): number => compare('slug', a.slug, b.slug);

function inOrder(order: object): (a: Row, b: Row) => number {
  const terms = [...flattened(order)].map(([leaf, term]) => {
    const { direction = term, nulls } = typeof term === 'object' ? term : {};
    const sign = direction === 'DESC' ? -1 : 1;
    // As in PostgreSQL, null is the greatest of all.
    return { leaf, sign, nullSign: nulls === undefined ? sign : nulls === 'FIRST' ? -1 : 1 };
  });
  return (a, b) => {
    for (const { leaf, sign, nullSign } of terms) {
      const [left, right] = [valueAt(a, leaf.name), valueAt(b, leaf.name)];
      const nulls = Number(isNone(left)) - Number(isNone(right));
      if (nulls !== 0) return nullSign * nulls;
      if (isNone(left)) continue;
      const result = sign * compare(leaf.kind, leaf.stored(left), leaf.stored(right));
      if (result !== 0) return result;
    }
    return bySlug(a, b);
  };
}

/** Every match in the order that was asked for, whatever `skip` and `take` say. */
export function naiveMatches(rows: readonly Row[], { where, order = {} }: PlainQuery): Row[] {
  const alternatives = where === undefined ? undefined : Array.isArray(where) ? where : [where];
  return rows
    .filter((row) => alternatives?.some((each) => meets(row, each as object)) ?? true)
    .sort(inOrder(order));
}

export function naiveWindow<T>(matches: readonly T[], { skip = 0, take }: PlainQuery): T[] {
  return matches.slice(skip, take === undefined ? undefined : skip + take);
}
