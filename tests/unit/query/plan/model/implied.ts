import type { ScopeDefinition } from '../../../../../src/metadata/index.js';
import { In, IsNull, LessThan, Like, MoreThan, Not, Or } from '../../../../../src/query/index.js';
import type { Draw } from './draw.js';
import type { PlainQuery } from './naive.js';
import { meets } from './naive.js';
import type { Row } from './row-class.js';
import { SLUGS } from './leaves.js';
import type { World } from './world.js';

/** What classes imply whose rows can be deleted softly, and what a query says of that. */

/** Of one property and of several, of those that queries and indexes name, too; with alternatives, and one for each query. */
export const SCOPES: Readonly<Record<string, ScopeDefinition>> = {
  some: { where: { int: In([0, 1, 2]) } },
  texts: { where: [{ str: Like('a%') }, { boo: true, int: MoreThan(0) }] },
  slugs: { where: () => ({ slug: MoreThan('b') }) },
  prefix: { where: { slug: Like('a%') } },
  parts: { where: { adr: { city: Or(IsNull(), Not('Rome')) } }, order: { int: 'DESC' } },
};

/** What a query says of what is implied. */
export interface Implying extends PlainQuery {
  readonly withDeleted?: boolean;
  readonly scope?: string | readonly string[];
  readonly unscoped?: boolean;
}

const day = (number: number): Date => new Date(Date.UTC(2020, 0, number));

/** The query with something to say of it, and maybe of the time of deletion. */
export function implying(draw: Draw, query: PlainQuery): Implying {
  const ofDeletion = draw.percent(20)
    ? draw.of([IsNull(), Not(IsNull()), LessThan(day(3)), MoreThan(day(1))])
    : undefined;
  const { where } = query;
  const asked =
    ofDeletion === undefined
      ? {}
      : { where: [where ?? {}].flat().map((each) => ({ ...each, del: ofDeletion })) };
  const names = draw.some(Object.keys(SCOPES), 0, 2);
  return {
    ...query,
    ...asked,
    ...(draw.percent(40) && { withDeleted: draw.percent(80) }),
    ...(draw.percent(50) && names.length > 0 && { scope: names.length === 1 ? names[0]! : names }),
    ...(draw.percent(30) && { unscoped: draw.percent(80) }),
  };
}

/** The rows that a query sees, and the query with the order that it has by its scopes. */
export function seenBy(world: World, rows: readonly Row[], query: Implying): [Row[], PlainQuery] {
  const { withDeleted = false, scope = [], unscoped = false, ...plain } = query;
  if (!world.isSoft) return [[...rows], plain];
  const scopes = [...(unscoped ? [] : world.byDefault), ...[scope].flat()].map((name) => SCOPES[name]!);
  const seen = rows.filter(
    (row) =>
      (withDeleted || row.del === undefined || row.del === null) &&
      scopes.every(({ where }) => {
        const made = typeof where === 'function' ? where() : where;
        return [made ?? {}].flat().some((each) => meets(row, each));
      }),
  );
  const order = plain.order ?? scopes.findLast((each) => each.order !== undefined)?.order;
  return [seen, { ...plain, ...(order !== undefined && { order }) }];
}

/** A soft delete of some rows, or a restore. */
export async function deleteSoftly({ rows }: World, draw: Draw): Promise<void> {
  const slugs = draw.some(SLUGS, 1, 6);
  const where = { int: draw.of([0, 1, 2, 3]) };
  const write = draw.of<() => Promise<unknown>>([
    () => rows.softDelete(slugs),
    () => rows.softDelete(where),
    () => rows.softDelete(slugs),
    () => rows.restore(slugs),
    () => rows.restore(where),
  ]);
  await write();
}
