import type { EntityMetadata } from '../metadata/types.js';
import { isBelow } from '../protocol/paths/path.js';
import { overlappingPrefixes, reservedPrefix } from './errors.js';

const RESERVED = /^_dust(:|$)/;

/**
 * Entities of one store need prefixes that are neither equal nor nested: one's records would be the other's fields.
 * `_dust` and `_dust:…` are kept for leases and sessions (PROTOCOL §6, §7).
 *
 * @throws DustError `invalid_metadata` naming the entities and their prefixes
 */
export function checkPrefixes(entities: readonly EntityMetadata[], defaultStore: string): void {
  for (const entity of entities) {
    if (RESERVED.test(entity.prefix[0] ?? '')) throw reservedPrefix(entity);
  }
  for (const [index, entity] of entities.entries()) {
    for (const other of entities.slice(index + 1)) {
      if ((entity.store ?? defaultStore) !== (other.store ?? defaultStore)) continue;
      const [outer, inner] =
        entity.prefixPath.length <= other.prefixPath.length ? [entity, other] : [other, entity];
      if (outer.prefixPath === inner.prefixPath || isBelow(inner.prefixPath, outer.prefixPath)) {
        throw overlappingPrefixes(outer, inner);
      }
    }
  }
}
