import type { EntityMetadata } from '../../metadata/types.js';
import type { Path } from '../../protocol/paths/path.js';
import { childPath } from '../../protocol/paths/path.js';
import { slugMissing } from './record-errors.js';

/**
 * Where a record lies. Any non-empty well-formed string is a slug.
 *
 * @throws DustError `invalid_criteria` for anything else
 */
export function recordPath(metadata: EntityMetadata, slug: string): Path {
  assertSlug(metadata, slug);
  return childPath(metadata.prefixPath, slug);
}

/** @throws DustError `invalid_criteria` when `slug` cannot be one */
export function assertSlug(metadata: EntityMetadata, slug: unknown): asserts slug is string {
  if (typeof slug !== 'string' || slug === '' || !slug.isWellFormed()) throw slugMissing(metadata, slug);
}

/** A record as messages name it: `Link "dust"`. */
export function recordSubject(metadata: Pick<EntityMetadata, 'name'>, slug: string): string {
  return `${metadata.name} ${JSON.stringify(slug)}`;
}
