import type { EntityContext } from '../entity-context.js';
import { assertObject, mergeInto } from '../prepare/instances.js';

/** The stored entity with the slug of `like` and the other properties of `like` on it; undefined when there is none. */
export async function preloadEntity<T extends object>(
  context: EntityContext<T>,
  like: unknown,
): Promise<T | undefined> {
  assertObject(context, like);
  const entity = await context.reader.readEntity(context.mapper.slugOf(like));
  return entity === null ? undefined : mergeInto(context, entity, [like]);
}
