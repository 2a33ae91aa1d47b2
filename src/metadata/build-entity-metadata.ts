import { renderPath } from '../protocol/paths/path.js';
import { checkEntity } from './checks/check-entity.js';
import { checkUniqueOverTime } from './checks/check-over-time.js';
import { buildFields } from './class-fields.js';
import type { EntityOptions } from './declarations.js';
import { entityNameOf } from './entity-name.js';
import type { MetadataProblem } from './errors.js';
import { EntityMetadataError } from './errors.js';
import { buildHooks } from './hooks.js';
import { buildIndexes } from './indexes/build-indexes.js';
import { schemaVersionOf } from './schema-version.js';
import { lineageOf } from './lineage.js';
import { nestedFieldResolver } from './nested-fields.js';
import { scopesOf } from './scopes.js';
import { buildReferences } from './references/build-references.js';
import type { EntityClass, EntityMetadata, NamingStrategy } from './types.js';

export interface BuildOptions {
  /** Names the fields that have no name of their own. Default: `preserve`. */
  readonly namingStrategy?: NamingStrategy;
  /** What entities that say nothing of it have for `coerce`. Default: false. */
  readonly coerce?: boolean;
}

/**
 * Everything the annotations of `target` and its base classes say, resolved and checked.
 *
 * @throws EntityMetadataError naming class, property and cure of everything that is wrong
 */
export function buildEntityMetadata<T extends object>(
  target: EntityClass<T>,
  { namingStrategy = 'preserve', coerce: coerceByDefault = false }: BuildOptions = {},
): EntityMetadata<T> {
  const problems: MetadataProblem[] = [];
  const report = (problem: MetadataProblem): void => {
    problems.push(problem);
  };
  const lineage = lineageOf(target);
  const naming = { strategy: namingStrategy, coerce: coerces(lineage.entities[0], coerceByDefault) };
  const nestedFieldsOf = nestedFieldResolver(naming, report);
  const fields = buildFields(lineage, { ...naming, nestedFieldsOf, report });
  checkEntity(lineage, fields, report);
  const indexes = buildIndexes(lineage, fields, report);
  checkUniqueOverTime(indexes, fields, report);
  const hooks = buildHooks(lineage, report);
  const references = buildReferences(lineage, fields, report);
  const [entity] = lineage.entities;
  const declared = lineage.slugs[0]?.declaration;
  const slug = declared?.property;
  if (problems.length > 0 || entity === undefined || typeof slug !== 'string' || declared === undefined) {
    throw new EntityMetadataError(entityNameOf(target), problems);
  }
  const { generated } = declared.options;
  const prefix = prefixOf(entity);
  const prefixPath = renderPath(prefix);
  const stored = fields.filter(({ role }) => role !== 'version');
  return {
    target,
    name: entityNameOf(target),
    prefix,
    prefixPath,
    mode: entity.mode ?? 'flat',
    store: entity.store,
    slugProperty: slug,
    fields,
    fieldByProperty: new Map(fields.map((field) => [field.propertyName, field])),
    fieldByWireSegment: new Map(stored.map((field) => [field.wireSegment, field])),
    versionField: fields.find(({ role }) => role === 'version'),
    nullsOnRead: entity.nullsOnRead === true,
    indexes: indexes.map(({ definition, ...index }) => ({
      ...index,
      definition: { prefix: prefixPath, ...definition },
    })),
    ...(generated !== undefined && { slugGenerated: generated }),
    ...(hooks && { hooks }),
    deletedAtField: fields.find(({ role }) => role === 'deletedAt'),
    scopes: scopesOf(entity),
    ...schemaVersionOf(entity),
    references,
    ...(entity.schema !== undefined && { schema: entity.schema }),
  };
}

/** What is written there is checked later, and may be anything. */
function coerces(entity: unknown, byDefault: boolean): boolean {
  const own: unknown =
    typeof entity === 'object' && entity !== null ? Reflect.get(entity, 'coerce') : undefined;
  return typeof own === 'boolean' ? own : byDefault;
}

function prefixOf({ prefix }: EntityOptions): readonly string[] {
  return typeof prefix === 'string' ? [prefix] : [...prefix];
}
