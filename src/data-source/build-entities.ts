import type { EntityMetadata } from '../metadata/index.js';
import { buildEntityMetadata } from '../metadata/index.js';
import { checkScopes } from '../query/index.js';
import { checkStoreName } from './check-options.js';
import { checkPrefixes } from './check-prefixes.js';
import type { ResolvedOptions } from './resolve-options.js';

/**
 * What the classes' annotations say, checked one by one and against each other.
 *
 * @throws EntityMetadataError; DustError `invalid_metadata`, `invalid_options`
 */
export function buildEntities({
  entities,
  namingStrategy,
  coerce = false,
  store,
}: Pick<ResolvedOptions, 'entities' | 'namingStrategy' | 'coerce' | 'store'>): EntityMetadata[] {
  const options = { coerce, ...(namingStrategy === undefined ? {} : { namingStrategy }) };
  const built = entities.map((entity) => buildEntityMetadata(entity, options));
  for (const metadata of built) {
    checkScopes(metadata);
    if (metadata.store !== undefined) checkStoreName(`entities (${metadata.name}.store)`, metadata.store);
  }
  checkPrefixes(built, store);
  return built;
}
