import type { Clock } from '../../clock.js';
import { commitOne, commitWrites } from '../commit/commit.js';
import type { EntityContext } from '../entity-context.js';
import { thenFollow } from '../lifecycle/after-write.js';
import { heardBy } from '../lifecycle/heard.js';
import { atPosition, positionAmong } from '../commit/position.js';
import { existingSlugs } from '../commit/affected.js';
import { slugTextIn } from '../prepare/name-entity.js';
import { oneRecordOnly } from '../prepare/record-errors.js';
import { prepareSave } from '../prepare/prepare-save.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import { SlugClaims } from '../prepare/slug-claims.js';
import type { SaveOptions } from '../requests/write-options.js';
import { checkEntityOptions, requestOf } from '../requests/write-options.js';

/** An entity (or a plain object) with what its class's repository works with. */
export interface EntitySource<T extends object> {
  readonly context: EntityContext<T>;
  readonly source: unknown;
  /** The revision that its record must still have; of one entity among several, which no option can say. */
  readonly ifMatch?: number | undefined;
}

/** Saves one entity. Resolves to the instance. */
export async function saveEntity<T extends object>(
  context: EntityContext<T>,
  source: unknown,
  options: SaveOptions,
): Promise<T> {
  checkEntityOptions('save', options);
  const { entity, write } = await prepareSave(heardBy(context, options), source, options);
  if (write !== undefined) await thenFollow([write], () => commitOne(write, requestOf(options)));
  return entity;
}

/** Saves entities of any classes; all are validated before the first is sent. Resolves to the instances. */
export async function saveEntities<T extends object>(
  sources: readonly EntitySource<T>[],
  clock: Clock,
  options: SaveOptions,
): Promise<T[]> {
  checkEntityOptions('save', options);
  if (options.ifMatch !== undefined && sources.length !== 1) throw oneRecordOnly('save', sources.length);
  const placed = await placesOf(sources, options);
  const entities: T[] = [];
  const writes: PreparedWrite[] = [];
  const claims = new SlugClaims('save');
  for (const [index, { context, source, isThere, ifMatch = options.ifMatch }] of placed.entries()) {
    const write = await atPosition(positionAmong(sources.length, index), async () => {
      const named = validSlugIn(context, source);
      if (named !== undefined) claims.claim(context, named, index);
      const prepared = await prepareSave(heardBy(context, options), source, { ifMatch, isThere });
      // Hooks and generators make slugs, too.
      const slug = context.mapper.slugOf(prepared.entity);
      if (slug !== named) claims.claim(context, slug, index);
      entities.push(prepared.entity);
      return prepared.write;
    });
    if (write !== undefined) writes.push(write);
  }
  await thenFollow(writes, () => commitWrites(writes, clock, requestOf(options)));
  return entities;
}

interface PlacedSource<T extends object> extends EntitySource<T> {
  /** Whether its record exists; undefined where that is not known, or does not matter. */
  readonly isThere?: boolean | undefined;
}

/** Looks up in one go which of the records exist that entities stand for which were not loaded. */
async function placesOf<T extends object>(
  sources: readonly EntitySource<T>[],
  options: SaveOptions,
): Promise<readonly PlacedSource<T>[]> {
  if (sources.length < 2) return sources;
  const unloaded = new Map<EntityContext<T>, Set<string>>();
  for (const { context, source } of sources) {
    const slug = validSlugIn(context, source);
    if (slug !== undefined && context.mapper.revisionOf(source as object) === undefined) {
      listed(unloaded, context, () => new Set<string>()).add(slug);
    }
  }
  const there = new Map<EntityContext<T>, ReadonlySet<string>>();
  for (const [context, wanted] of unloaded) {
    there.set(context, new Set(await existingSlugs(context, [...wanted], requestOf(options))));
  }
  return sources.map((each) => {
    const slug = validSlugIn(each.context, each.source);
    return { ...each, isThere: slug === undefined ? undefined : there.get(each.context)?.has(slug) };
  });
}

/** The slug that a source names itself; undefined for one that its class makes, and for what is no entity, which is told later. */
function validSlugIn<T extends object>({ metadata }: EntityContext<T>, source: unknown): string | undefined {
  const slug = slugTextIn(source, metadata.slugProperty);
  return slug !== undefined && slug !== '' && slug.isWellFormed() ? slug : undefined;
}

function listed<Key, Value>(lists: Map<Key, Value>, key: Key, make: () => Value): Value {
  const present = lists.get(key);
  if (present !== undefined) return present;
  const made = make();
  lists.set(key, made);
  return made;
}
