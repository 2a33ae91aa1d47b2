import type { Path } from '../../protocol/paths/path.js';
import { assertPath, isBelow, renderPath } from '../../protocol/paths/path.js';
import type { EntityContexts } from '../entity-context.js';
import { keyInsideEntity, notAKey } from './key-errors.js';

/** A key of the store: a rendered path such as `jobs/nightly`, or its segments as they are (PROTOCOL §1). */
export type KeyInput = Path | readonly string[];

/**
 * A key as a path, for something that is no record.
 *
 * @throws DustError `invalid_params` when it is no valid path, or lies at or below the prefix of an entity
 */
export function keyOutsideEntities(contexts: EntityContexts, what: string, key: KeyInput): Path {
  if (!isKey(key)) throw notAKey(what, key);
  const path = typeof key === 'string' ? key : renderPath(key);
  assertPath(path);
  const transport = contexts.transport();
  for (const context of contexts.all()) {
    const { prefixPath } = context.metadata;
    const overlaps = path === prefixPath || isBelow(path, prefixPath) || isBelow(prefixPath, path);
    if (context.transport === transport && overlaps) throw keyInsideEntity(what, path, context.metadata);
  }
  return path;
}

function isKey(key: unknown): boolean {
  return (
    typeof key === 'string' || (Array.isArray(key) && key.every((segment) => typeof segment === 'string'))
  );
}
