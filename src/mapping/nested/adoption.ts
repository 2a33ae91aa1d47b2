import type { EntityClass, FieldMetadata } from '../../metadata/types.js';
import type { ClassTransformer } from '../peers/peer-types.js';
import { isRecordLike } from '../codecs/nested.js';
import type { AdoptionKind, CompiledField } from '../compiled-field.js';
import { classTransformerNotLoaded } from '../errors.js';
import { concrete, instantiate } from '../instantiate.js';
import { propertiesOf } from '../properties.js';

interface Parts {
  readonly classTransformer: ClassTransformer | undefined;
  readonly membersOf: (fields: readonly FieldMetadata[]) => readonly CompiledField[];
}

type Adopt = NonNullable<CompiledField['adopt']>;

/**
 * How values of a field become what an instance of its class has: {@link CompiledField.adopt}. Behind transformers the property holds
 * something else than the type, which stays as it is.
 */
export function adoptionOf(
  field: FieldMetadata,
  coerce: ((value: unknown) => unknown) | undefined,
  parts: Parts,
): Adopt | undefined {
  if (field.transformers.length > 0) return undefined;
  const one = coerce ?? nestedAdoption(field, parts);
  if (one === undefined || !field.array) return one;
  // The items of a list are written whole.
  return (value) => (Array.isArray(value) ? sameOrMapped(value, (item) => one(item, 'whole')) : value);
}

function nestedAdoption(
  { type, nestedClass, nestedFields }: FieldMetadata,
  { classTransformer, membersOf }: Parts,
): Adopt | undefined {
  if (type !== 'nested' || nestedClass === undefined) return undefined;
  if (nestedFields === undefined) return transformedClassAdoption(nestedClass, classTransformer);
  const open = new Set<object>();
  return (value, kind) => {
    // A cycle stays one: the codec tells of it.
    if (!isRecordLike(value) || open.has(value)) return value;
    open.add(value);
    try {
      return adoptObject(value, { nestedClass, members: membersOf(nestedFields), kind });
    } finally {
      open.delete(value);
    }
  };
}

function transformedClassAdoption(
  nestedClass: EntityClass,
  classTransformer: ClassTransformer | undefined,
): Adopt {
  return (value) => {
    if (!isRecordLike(value) || value instanceof nestedClass || !isPlain(value)) return value;
    if (classTransformer === undefined) throw classTransformerNotLoaded(nestedClass.name);
    try {
      return classTransformer.plainToInstance(concrete(nestedClass), value);
    } catch {
      // What its own transformations refuse, the codec tells of.
      return value;
    }
  };
}

interface Adoption {
  readonly nestedClass: EntityClass;
  readonly members: readonly CompiledField[];
  readonly kind: AdoptionKind;
}

function adoptObject(value: object, { nestedClass, members, kind }: Adoption): object {
  const source = propertiesOf(value);
  const isOfClass = value instanceof nestedClass;
  const adopted = new Map<string, unknown>();
  for (const { field, adopt } of members) {
    const given = source[field.propertyName];
    if (given === undefined) continue;
    const taken = adopt === undefined ? given : adopt(given, kind);
    if (!isOfClass || taken !== given) adopted.set(field.propertyName, taken);
  }
  if (isOfClass && adopted.size === 0) return value;
  const instance = kind === 'whole' ? instantiate(nestedClass) : bare(nestedClass);
  if (isOfClass) Object.assign(instance, value);
  for (const [property, taken] of adopted) give(instance, property, taken, kind);
  return instance;
}

/** An accessor may need what the initialisers of its class make. */
function give(instance: object, property: string, value: unknown, kind: AdoptionKind): void {
  if (kind === 'whole') propertiesOf(instance)[property] = value;
  else {
    Object.defineProperty(instance, property, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
}

/** An instance whose initialisers have not run. */
function bare(nestedClass: EntityClass): object {
  return Object.create(Reflect.get(nestedClass, 'prototype') as object) as object;
}

function sameOrMapped(items: readonly unknown[], adopt: (item: unknown) => unknown): readonly unknown[] {
  const mapped = items.map(adopt);
  return mapped.some((item, i) => item !== items[i]) ? mapped : items;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
