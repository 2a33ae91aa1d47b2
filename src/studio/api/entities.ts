import type { DataSource } from '../../data-source/index.js';
import type { EntityMetadata, FieldMetadata } from '../../metadata/index.js';
import type { EntityContext } from '../../repository/index.js';
import { escapeSegment, isBelow, unescapeSegment } from '../../protocol/paths/path.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Transport } from '../../transport/transport.js';
import { notFound } from '../errors.js';
import type { ColumnInfo, EntityInfo } from './messages.js';
import type { StudioEntity, StudioSource } from './source.js';

/** Kept by the mapper, or changed by operations of their own. */
const KEPT: ReadonlySet<FieldMetadata['role']> = new Set([
  'counter',
  'set',
  'file',
  'version',
  'createdAt',
  'updatedAt',
  'deletedAt',
]);

/** What has no order. */
const UNORDERED: ReadonlySet<string> = new Set(['json', 'set', 'file']);

/** The entities of an open data source whose records lie in this store. */
export function entitiesIn(dataSource: DataSource, transport: Transport): readonly StudioEntity[] {
  return [...dataSource.manager.contexts.all()]
    .filter((context) => context.transport === transport)
    .map((context) => ({ context, info: infoOf(context) }));
}

/** The entity of this name. @throws StudioRefusal */
export function entityNamed({ entities }: StudioSource, name: string): StudioEntity {
  const found = entities.find(({ info }) => info.name === name);
  if (found === undefined) throw notFound(`There is no entity ${JSON.stringify(name)} in this store.`);
  return found;
}

/** The entity that has its records at this path's place, and the record's slug; undefined for any other path. */
export function recordAt(
  { entities }: StudioSource,
  path: Path,
): { readonly entity: StudioEntity; readonly slug: string } | undefined {
  for (const entity of entities) {
    const { prefix } = entity.info;
    if (!isBelow(path, prefix)) continue;
    const rest = path.slice(prefix.length + 1);
    if (!rest.includes('/')) return { entity, slug: unescapeSegment(rest) };
  }
  return undefined;
}

/** Where the record with this slug lies. */
export function pathOf({ info }: StudioEntity, slug: string): Path {
  return `${info.prefix}/${escapeSegment(slug)}`;
}

function infoOf({ metadata, transport }: EntityContext<object>): EntityInfo {
  const { name, prefixPath, mode, slugProperty, slugGenerated, deletedAtField } = metadata;
  const isIndexed = transport.capabilities.indexes === true;
  return {
    name,
    prefix: prefixPath,
    mode,
    slug: slugProperty,
    slugGenerated: slugGenerated !== undefined,
    columns: [slugColumn(metadata), ...columnsOf(metadata.fields, '', leading(metadata, isIndexed))],
    softDelete: deletedAtField !== undefined,
  };
}

function slugColumn({ slugProperty, slugGenerated }: EntityMetadata): ColumnInfo {
  return {
    property: slugProperty,
    type: 'slug',
    required: slugGenerated === undefined,
    nullable: false,
    sortable: true,
    indexed: true,
    editable: false,
  };
}

/** The properties that an index begins with: those serve an order and a filter by themselves. */
function leading({ indexes }: EntityMetadata, isIndexed: boolean): ReadonlySet<string> {
  return new Set(isIndexed ? indexes.flatMap(({ properties }) => properties.slice(0, 1)) : []);
}

function columnsOf(
  fields: readonly FieldMetadata[],
  above: string,
  indexed: ReadonlySet<string>,
): ColumnInfo[] {
  return fields.flatMap((field) => {
    const property = `${above}${field.propertyName}`;
    const parts = partsOf(field);
    if (parts !== undefined) return columnsOf(parts, `${property}.`, indexed);
    const type = typeOf(field);
    return [
      {
        property,
        type,
        required: field.required,
        nullable: field.nullable,
        values: field.enumValues,
        sortable: !UNORDERED.has(type),
        indexed: indexed.has(property),
        editable: !KEPT.has(field.role) && field.update !== false && field.insert !== false,
      },
    ];
  });
}

/** The fields of a nested object that is shown part by part; undefined for what is shown whole. */
export function partsOf({
  array,
  transformers,
  nestedFields,
}: FieldMetadata): readonly FieldMetadata[] | undefined {
  return array || transformers.length > 0 ? undefined : nestedFields;
}

/** A field's type as the page knows it; lists, and nested objects that are shown whole, are JSON. */
export function typeOf({ role, type, array }: FieldMetadata): string {
  if (role === 'counter' || role === 'set') return role;
  if (array || type === 'nested') return 'json';
  return type === 'date' ? 'datetime' : type;
}
