import type { EntityMetadata } from '../../metadata/types.js';
import { invalidCriteria, invalidSlug, invalidSlugList } from '../values/errors.js';
import type { FindCriteria } from '../operators/find-options.js';
import { In } from '../operators/operators.js';
import { isSlug } from '../predicates/operand.js';
import type { Deleted, impliedBy } from './implied.js';
import { impliedWithoutOrder } from './implied.js';
import type { Query } from './query.js';
import { compileQuery } from './query.js';

/** Criteria as slugs that were named one by one, or as a query. */
export type ResolvedCriteria<T extends object> =
  | { readonly slugs: readonly string[]; readonly query?: never }
  | { readonly query: Query<T>; readonly slugs?: never };

/**
 * What a call is about: the slug or slugs that were named (each once, in the order given), or the query of a where.
 *
 * @throws DustError `invalid_criteria` when the criteria are undefined, null or empty, or do not fit the class
 */
export function resolveCriteria<T extends object>(
  metadata: EntityMetadata<T>,
  criteria: FindCriteria<T>,
): ResolvedCriteria<T> {
  if (!isCriteria(criteria)) throw invalidCriteria(metadata, criteria);
  if (!areSlugs(criteria)) {
    return { query: compileQuery(metadata, { where: criteria }, undefined, forWriting('included')) };
  }
  return { slugs: checkSlugs(metadata, typeof criteria === 'string' ? [criteria] : criteria) };
}

/**
 * The records that criteria mean, slugs among them, as a query for those that are deleted, or for those that are not. Slugs that are named are
 * taken at their word, whatever the default scope says.
 *
 * @throws DustError as {@link resolveCriteria} does
 */
export function queryForDeletion<T extends object>(
  metadata: EntityMetadata<T>,
  criteria: FindCriteria<T>,
  deleted: 'left out' | 'alone',
): Query<T> {
  if (!isCriteria(criteria)) throw invalidCriteria(metadata, criteria);
  const imply = forWriting(deleted);
  if (!areSlugs(criteria)) return compileQuery(metadata, { where: criteria }, undefined, imply);
  const slugs = checkSlugs(metadata, typeof criteria === 'string' ? [criteria] : criteria);
  const where = { [metadata.slugProperty]: In(slugs) };
  return compileQuery<object>(metadata, { where, unscoped: true }, undefined, imply);
}

/** What a write with criteria implies. */
function forWriting(deleted: Deleted): typeof impliedBy {
  return (metadata, options) => impliedWithoutOrder(metadata, options, deleted);
}

/**
 * The slug itself.
 *
 * @throws DustError `invalid_criteria` when it is not one
 */
export function checkSlug(metadata: EntityMetadata, slug: unknown): string {
  if (!isSlug(slug)) throw invalidSlug(metadata, slug);
  return slug;
}

/**
 * The slugs, each once, in the order given.
 *
 * @throws DustError `invalid_criteria` when one of them cannot be a slug, or they are no list
 */
export function checkSlugs(metadata: EntityMetadata, slugs: unknown): readonly string[] {
  if (!Array.isArray(slugs)) throw invalidSlugList(metadata, slugs);
  return [...new Set(slugs.map((slug) => checkSlug(metadata, slug)))];
}

function isCriteria(criteria: unknown): boolean {
  if (Array.isArray(criteria)) return criteria.length > 0;
  return typeof criteria === 'string' || (typeof criteria === 'object' && criteria !== null);
}

/** One string makes a list a list of slugs, so that whatever else is in it is refused as a slug. */
function areSlugs(criteria: unknown): criteria is string | readonly string[] {
  return (
    typeof criteria === 'string' ||
    (Array.isArray(criteria) && criteria.some((item) => typeof item === 'string'))
  );
}
