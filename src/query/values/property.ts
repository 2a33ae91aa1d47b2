import type { EntityMetadata, FieldMetadata, FieldType } from '../../metadata/types.js';
import { compareDecimals } from './decimal.js';
import { compareSlugs } from './slug-order.js';
import { compareValues, isList, sameContent, sameItems, sameMembers } from './values.js';

/** A property as a query sees it: the slug, or a field with the values that its instances hold. */
export interface Property {
  readonly entityName: string;
  readonly name: string;
  /** The type of the values (of each item, unless `shape` is `single`); `any` behind a transformer. */
  readonly kind: FieldType | 'slug' | 'any';
  readonly shape: 'single' | 'array' | 'set';
  /** The permitted values of an `enum`; empty for other kinds. */
  readonly enumValues: readonly (string | number)[];
  /** Where its value lies below a record, rendered; undefined for what is no leaf of its own, such as the slug. */
  readonly leafPath: string | undefined;
}

/** The names a query may use, the slug's first. */
export function propertyNames(metadata: EntityMetadata): string[] {
  return [metadata.slugProperty, ...metadata.fieldByProperty.keys()];
}

/** The property of that name, `undefined` when the class has none. */
export function findProperty(metadata: EntityMetadata, name: string): Property | undefined {
  if (name === metadata.slugProperty) {
    return {
      entityName: metadata.name,
      name,
      kind: 'slug',
      shape: 'single',
      enumValues: [],
      leafPath: undefined,
    };
  }
  const field = metadata.fieldByProperty.get(name);
  return field && { entityName: metadata.name, name, ...valuesOf(field) };
}

function valuesOf(field: FieldMetadata): Omit<Property, 'entityName' | 'name'> {
  const leafPath = field.role === 'version' ? undefined : field.wireSegment;
  if (field.transformers.length > 0) return { kind: 'any', shape: 'single', enumValues: [], leafPath };
  const shape = field.role === 'set' ? 'set' : field.array ? 'array' : 'single';
  return { kind: field.type, shape, enumValues: field.enumValues ?? [], leafPath };
}

/** The value of an entity's property. */
export function readProperty(entity: object, name: string): unknown {
  return (entity as Readonly<Record<string, unknown>>)[name];
}

/** How values of the property (or its items) compare; `undefined` for values that have no order. */
export function comparatorOf(property: Property): (a: unknown, b: unknown) => number | undefined {
  if (property.kind === 'slug') return compareSlugValues;
  return property.kind === 'decimal' ? compareDecimalValues : compareValues;
}

/** Whether two items of the property are equal; of a `single` one, two values. */
export function itemEqualityOf(property: Property): (a: unknown, b: unknown) => boolean {
  return property.kind === 'decimal' ? (a, b) => compareDecimalValues(a, b) === 0 : sameContent;
}

/** Whether two values of the property, neither of them null, are equal. */
export function equalityOf(property: Property): (a: unknown, b: unknown) => boolean {
  const same = itemEqualityOf(property);
  if (property.shape === 'single') return same;
  const sameLists = property.shape === 'set' ? sameMembers : sameItems;
  return (a, b) => isList(a) && isList(b) && sameLists(a, b, same);
}

/** As the store orders their records, so that a range of slugs is one of the store and their order costs nothing. */
function compareSlugValues(a: unknown, b: unknown): number | undefined {
  return typeof a === 'string' && typeof b === 'string' ? compareSlugs(a, b) : undefined;
}

function compareDecimalValues(a: unknown, b: unknown): number | undefined {
  return typeof a === 'string' && typeof b === 'string' ? compareDecimals(a, b) : undefined;
}
