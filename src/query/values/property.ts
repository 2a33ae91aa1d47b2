import type { EntityClass, EntityMetadata, FieldMetadata, FieldType } from '../../metadata/types.js';
import { isStoredNull } from '../../mapping/index.js';
import { compareDecimals } from './decimal.js';
import { compareSlugs } from './slug-order.js';
import { storedBy } from './stored.js';
import { transformerFailed } from './transformer-errors.js';
import { compareValues, isList, sameContent, sameItems, sameMembers } from './values.js';

/** A property as a query sees it: the slug, a field, or a part of a nested field, with the values it is compared by. */
export interface Property {
  readonly entityName: string;
  /** From the entity down: the `city` of an `address` is `address.city`. */
  readonly name: string;
  /** The type of the values (of each item, unless `shape` is `single`); behind a transformer, of what is stored. */
  readonly kind: FieldType | 'slug';
  readonly shape: 'single' | 'array' | 'set';
  /** The permitted values of an `enum`; empty for other kinds. */
  readonly enumValues: readonly (string | number)[];
  /**
   * Where its value lies below a record, rendered, `address/city` for a part; undefined for what is no leaf of its own, such as the
   * slug.
   */
  readonly leafPath: string | undefined;
  /** The field; undefined for the slug. */
  readonly field: FieldMetadata | undefined;
  /** Its value in an entity; undefined, too, where the object that it is a part of is missing. */
  readonly read: (entity: object) => unknown;
  /**
   * A value of the property as it is compared: what its transformers make of it, else the value itself. Null and undefined stay.
   *
   * @throws DustError `invalid_value` when a transformer throws
   */
  readonly comparable: (value: unknown) => unknown;
  /** What conditions on its parts are about; undefined for what is compared as a whole only. */
  readonly parts: Parts | undefined;
}

/** The parts of a nested object. */
export interface Parts {
  readonly nestedClass: EntityClass;
  readonly fields: readonly FieldMetadata[];
}

/** The names a query may use, the slug's first. */
export function propertyNames(metadata: EntityMetadata): string[] {
  return [metadata.slugProperty, ...metadata.fieldByProperty.keys()];
}

/** The names of a property's parts; none where it has no parts to name. */
export function partNames({ parts }: Property): string[] {
  return parts === undefined ? [] : parts.fields.map(({ propertyName }) => propertyName);
}

/** The property of that name, `undefined` when the class has none. */
export function findProperty(metadata: EntityMetadata, name: string): Property | undefined {
  let known = properties.get(metadata);
  if (known === undefined) properties.set(metadata, (known = new Map<string, Property>()));
  const found = known.get(name);
  if (found !== undefined) return found;
  const made = makeProperty(metadata, name);
  if (made !== undefined) known.set(name, made);
  return made;
}

/** Those made before: each query asks for them anew. */
const properties = new WeakMap<EntityMetadata, Map<string, Property>>();

function makeProperty(metadata: EntityMetadata, name: string): Property | undefined {
  if (name === metadata.slugProperty) return slugOf(metadata);
  const field = metadata.fieldByProperty.get(name);
  if (field === undefined) return undefined;
  const path = { entityName: metadata.name, name };
  return {
    ...path,
    leafPath: field.role === 'version' ? undefined : field.wireSegment,
    read: reader(field),
    ...valuesOf(field, path),
  };
}

/** The part of that name of a nested property, `undefined` when it has none. */
export function findPart(whole: Property, name: string): Property | undefined {
  const field = whole.parts?.fields.find(({ propertyName }) => propertyName === name);
  if (field === undefined) return undefined;
  const path = { entityName: whole.entityName, name: `${whole.name}.${name}` };
  const read = reader(field);
  return {
    ...path,
    leafPath: whole.leafPath && `${whole.leafPath}/${field.wireSegment}`,
    read: (entity) => {
      const object = whole.read(entity);
      return typeof object === 'object' && object !== null ? read(object) : undefined;
    },
    ...valuesOf(field, path),
  };
}

function slugOf({ name: entityName, slugProperty }: EntityMetadata): Property {
  return {
    entityName,
    name: slugProperty,
    kind: 'slug',
    shape: 'single',
    enumValues: [],
    leafPath: undefined,
    field: undefined,
    read: (entity) => readProperty(entity, slugProperty),
    comparable: (value) => value,
    parts: undefined,
  };
}

function valuesOf(
  field: FieldMetadata,
  path: Pick<Property, 'entityName' | 'name'>,
): Pick<Property, 'kind' | 'shape' | 'enumValues' | 'field' | 'comparable' | 'parts'> {
  return {
    kind: field.type,
    shape: field.role === 'set' ? 'set' : field.array ? 'array' : 'single',
    enumValues: field.enumValues ?? [],
    field,
    comparable: storedBy(field.transformers, (value, error) => transformerFailed(path, value, error)),
    parts: partsOf(field),
  };
}

/** Behind a transformer the property holds no object of the class, but what stands for one. */
function partsOf({ array, transformers, nestedClass, nestedFields }: FieldMetadata): Parts | undefined {
  if (array || transformers.length > 0 || nestedClass === undefined || nestedFields === undefined) {
    return undefined;
  }
  return { nestedClass, fields: nestedFields };
}

/** What transformers make of a value that is not stored is no value to compare. */
function reader(field: FieldMetadata): (object: object) => unknown {
  const { propertyName, transformers } = field;
  if (transformers.length === 0) return (object) => readProperty(object, propertyName);
  return (object) => (isStoredNull(object, field) ? null : readProperty(object, propertyName));
}

/** The value of an object's property. */
export function readProperty(object: object, name: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[name];
}

/** How values of the property (or its items) compare, as they are stored; `undefined` for values that have no order. */
export function comparatorOf(property: Property): (a: unknown, b: unknown) => number | undefined {
  if (property.kind === 'slug') return compareSlugValues;
  return property.kind === 'decimal' ? compareDecimalValues : compareValues;
}

/** Whether two items of the property are equal, as they are stored; of a `single` one, two values. */
export function itemEqualityOf(property: Property): (a: unknown, b: unknown) => boolean {
  return property.kind === 'decimal' ? (a, b) => compareDecimalValues(a, b) === 0 : sameContent;
}

/** Whether two values of the property as they are stored, neither of them null, are equal. */
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
