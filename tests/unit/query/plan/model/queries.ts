import {
  And,
  Any,
  ArrayContainedBy,
  ArrayContains,
  ArrayOverlap,
  Between,
  Equal,
  ILike,
  In,
  IsNull,
  JsonContains,
  LessThan,
  LessThanOrEqual,
  Like,
  MoreThan,
  MoreThanOrEqual,
  Not,
  Or,
} from '../../../../../src/query/index.js';
import type { Draw } from './draw.js';
import type { RowLeaf } from './leaves.js';
import { isOrderable, LEAVES, SLUG } from './leaves.js';
import type { PlainQuery } from './naive.js';

const PATTERNS = [
  'a%',
  '%',
  'a',
  '%b',
  'a_%',
  'ab%%',
  '_',
  'a\\%',
  'a\\%%',
  'a%b',
  '',
  '😀%',
  '～%',
  'zz%',
  '\\_%',
];

const oneOf = (draw: Draw, { values, operands }: RowLeaf): any =>
  draw.percent(75) || operands.length === 0 ? draw.of(values) : draw.of(operands);

/** A condition on a property; a bare value as well, unless operators are asked for. */
function condition(draw: Draw, leaf: RowLeaf, depth: number, onlyOperators = false): any {
  const value = (): any => oneOf(draw, leaf);
  if (leaf.kind === 'nested') return draw.of([IsNull(), Not(IsNull()), Or(IsNull(), Not(IsNull()))]);
  const makers: (() => any)[] = [
    () => Equal(value()),
    () => IsNull(),
    () => Not(IsNull()),
    () => Not(value()),
  ];
  const choose = (...more: (() => any)[]): void => void makers.push(...more);
  if (!onlyOperators) choose(value, value);
  if (leaf.kind === 'list' || leaf.kind === 'set') {
    const items = (): string[] => draw.many(['x', 'y', 'z'], 3);
    choose(
      () => ArrayContains(items()),
      () => ArrayContainedBy(items()),
      () => ArrayOverlap(items()),
    );
  } else if (leaf.kind === 'json') {
    choose(() => JsonContains({ a: draw.of([1, 2]) }));
  } else {
    choose(
      () => In(draw.many([...leaf.values, ...leaf.operands], 4)),
      () => Any(draw.many(leaf.values, 3)),
    );
    if (leaf.kind !== 'boolean') {
      // No record has such slugs, but others lie before and behind them.
      const bound = (): any =>
        leaf.kind === 'slug' && draw.percent(8) ? draw.of(['', '\ud83d', 'a\udc00']) : value();
      choose(
        () => LessThan(bound()),
        () => LessThanOrEqual(bound()),
        () => MoreThan(bound()),
        () => MoreThanOrEqual(bound()),
        () => Between(bound(), bound()),
      );
    }
    if (leaf.kind === 'string' || leaf.kind === 'slug') {
      choose(
        () => Like(draw.of(PATTERNS)),
        () => Like(draw.of(PATTERNS)),
        () => ILike(draw.of(PATTERNS)),
      );
    }
  }
  if (depth > 0) {
    const inner = (): any => condition(draw, leaf, depth - 1, true);
    choose(
      () => And(inner(), inner()),
      () => Or(inner(), inner(), ...(draw.percent(30) ? [inner()] : [])),
      () => Not(inner()),
      () => Not(draw.of([Not(IsNull()), And(Not(IsNull()), inner()), Or(Not(IsNull()), inner())])),
    );
  }
  return draw.of(makers)();
}

/** Options of properties, those of parts inside of their objects. */
function nested(entries: readonly (readonly [name: string, value: unknown])[]): object {
  const root: any = {};
  for (const [name, value] of entries) {
    const keys = name.split('.');
    const last = keys.pop()!;
    let at = root;
    for (const key of keys) at = at[key] ??= {};
    at[last] = value;
  }
  return root as object;
}

/** Never an object as a whole beside its parts. */
function distinct(leaves: readonly RowLeaf[]): RowLeaf[] {
  const whole = leaves.some(({ name }) => name === 'adr');
  return leaves.filter(({ name }) => !whole || !name.startsWith('adr.'));
}

/** Properties of a query: those of an index that is declared more often than others. */
function leavesOf(draw: Draw, favoured: readonly (readonly string[])[], from: readonly RowLeaf[]): RowLeaf[] {
  const names = favoured.length > 0 && draw.percent(70) ? draw.of(favoured) : [];
  const liked = from.filter(({ name }) => names.includes(name));
  liked.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  const first = liked.length > 0 ? liked.slice(draw.int(2) * draw.int(liked.length)) : [];
  const others = draw.some(from, first.length > 0 ? 0 : 1, 2);
  return [...new Set([...first, ...(first.length > 0 && draw.percent(60) ? [] : others)])];
}

function conjunction(draw: Draw, favoured: readonly (readonly string[])[]): object {
  const leaves = distinct(leavesOf(draw, favoured, LEAVES));
  if (draw.percent(20)) leaves.push(SLUG);
  const chosen = draw.percent(15) ? [SLUG] : leaves;
  return nested(chosen.map((leaf) => [leaf.name, condition(draw, leaf, 2)]));
}

function order(draw: Draw, favoured: readonly (readonly string[])[]): object {
  const leaves = leavesOf(draw, favoured, LEAVES.filter(isOrderable));
  if (draw.percent(40)) leaves.splice(draw.int(leaves.length + 1), 0, SLUG);
  const chosen = draw.percent(12) ? [SLUG] : leaves;
  const common = draw.of(['ASC', 'DESC']);
  return nested(
    chosen.map(({ name }) => {
      const direction = draw.percent(75) ? common : draw.of(['ASC', 'DESC']);
      return [name, draw.percent(30) ? { direction, nulls: draw.of(['FIRST', 'LAST']) } : direction];
    }),
  );
}

/** A query over rows that have these indexes. */
export function anyQuery(draw: Draw, favoured: readonly (readonly string[])[]): PlainQuery {
  const alternatives = draw.percent(25) ? 2 + draw.int(2) : 1;
  const where = Array.from({ length: alternatives }, () => conjunction(draw, favoured));
  return {
    ...(draw.percent(80) && { where: alternatives === 1 && draw.percent(80) ? where[0]! : where }),
    ...(draw.percent(70) && { order: order(draw, favoured) }),
    ...(draw.percent(35) && { skip: draw.int(6) }),
    ...(draw.percent(60) && { take: draw.int(8) }),
  };
}
