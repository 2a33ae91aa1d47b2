import type { EntityMetadata } from '../../metadata/index.js';
import { compilePageQuery } from '../../query/index.js';
import type { FindPageOptions, ReadCost } from '../../query/index.js';
import { entityNamed } from './entities.js';
import { orderOf, whereOf } from './filters.js';
import type { RecordsPage, RecordsQuery } from './messages.js';
import { readByOwnCode } from './own-code.js';
import type { Place } from './place.js';
import { placeOf, textOf } from './place.js';
import { Room, rowOf } from './shown.js';
import type { Asking, StudioEntity, StudioSource } from './source.js';

const DEFAULT_TAKE = 100;

/** So far a total is counted. */
const MAX_TOTAL = 1_000_000;

/**
 * A page of an entity's records, found by the planner as `findPage` finds them. Whatever default scope the class has is left off.
 *
 * @throws StudioRefusal for filters and cursors that mean nothing; what reading the store throws
 */
export async function findRecords(
  source: StudioSource,
  request: RecordsQuery,
  asking: Asking,
): Promise<RecordsPage> {
  const { signal } = asking;
  const entity = entityNamed(source, request.entity);
  const { metadata, reader } = entity.context;
  const { take = DEFAULT_TAKE, skip = 0, cursor } = request;
  const place: Place = cursor === undefined ? { after: null, before: [], skip } : placeOf(cursor);
  let cost: ReadCost = { path: 'nothing', examined: 0 };
  const options = optionsOf(metadata, request);
  const compiled = compilePageQuery(metadata, { ...options, signal, take, after: place.after }, (read) => {
    cost = read;
  });
  // Only the first of several pages passes over anything: the others begin behind the one before.
  const query = { ...compiled.query, skip: place.after === null ? place.skip : 0 };
  const { items, cursor: next } = await readByOwnCode(source, asking, () =>
    reader.findPage({ ...compiled, query }),
  );
  const room = new Room();
  const total = reader.countUnread(compiled.query, MAX_TOTAL);
  return {
    rows: items.map((item) => rowOf(entity, item, room)),
    next: next === null ? null : textOf(behind(place, next)),
    previous: previousOf(place),
    ...(total === undefined || total === MAX_TOTAL ? {} : { total }),
    path: pathText(entity, request, cost),
    examined: cost.examined,
  };
}

function optionsOf(
  metadata: EntityMetadata,
  { filters = [], order, withDeleted }: RecordsQuery,
): FindPageOptions<object> {
  const where = whereOf(metadata, filters);
  return {
    ...(where === undefined ? {} : { where }),
    ...(order === undefined ? {} : { order: orderOf(metadata, order) }),
    ...(withDeleted === true ? { withDeleted } : {}),
    ...(metadata.scopes === undefined ? {} : { unscoped: true }),
  };
}

/** Cursors on the way back that are remembered. */
const MAX_BACK = 50;

function behind({ after, before, skip }: Place, next: string): Place {
  return { after: next, before: [...before, after].slice(-MAX_BACK), skip };
}

/** The place of the page before; null on the first, and where the way back was longer than is remembered. */
function previousOf({ before, skip }: Place): string | null {
  const after = before.at(-1);
  return after === undefined ? null : textOf({ after, before: before.slice(0, -1), skip });
}

function pathText(
  { info }: StudioEntity,
  { filters = [], order }: RecordsQuery,
  { path, index }: ReadCost,
): string {
  if (path === 'index') return `index ${index ?? ''}`.trim();
  const inOrder = order === undefined || order.property === info.slug;
  return path === 'scan' && inOrder && filters.length === 0 ? 'slug' : path;
}
