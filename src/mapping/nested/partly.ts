import type { EncodedField, EncodedPart, EntityMetadata } from '../../metadata/types.js';
import { unwrapJson } from '../../protocol/values/stored-values.js';
import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { isMap, isObject, setOwn } from '../../protocol/values/value.js';
import { CodecFault } from '../codecs/codec.js';
import { wrapped } from '../codecs/faithful.js';
import type { CompiledField } from '../compiled-field.js';
import { withFaults } from '../validation/field-faults.js';
import { validationFailed } from '../validation/validation-failed.js';

/**
 * A nested object, to be written part by part.
 *
 * @throws CodecFault
 */
export function encodePartly(
  metadata: EntityMetadata,
  compiled: CompiledField,
  value: object,
  parts: readonly EncodedPart[] = compiled.encodeParts?.(value) ?? [],
): EncodedField {
  const { field, adopt } = compiled;
  const { propertyName: property } = field;
  const refuse = (slug: string, faults: readonly CodecFault[]): Error =>
    validationFailed(
      metadata,
      slug,
      withFaults(
        [],
        faults.map((fault) => ({ property, fault })),
        { [property]: value },
      ),
    );
  const whole = (slug: string): JsonValue => {
    try {
      return compiled.encode(adopt === undefined ? value : adopt(value, 'whole'));
    } catch (error) {
      throw error instanceof CodecFault ? refuse(slug, error.all) : error;
    }
  };
  const check = (merged: JsonValue, slug: string): void => {
    const lacking = faultsOf(() => compiled.decode(merged)).filter(({ rule }) => rule === 'isRequired');
    if (lacking.length > 0) throw refuse(slug, lacking);
  };
  return { field, value: withParts({}, parts), parts, whole, check };
}

function faultsOf(decode: () => unknown): readonly CodecFault[] {
  try {
    decode();
    return [];
  } catch (error) {
    if (error instanceof CodecFault) return error.all;
    throw error;
  }
}

/**
 * The parts as they are written into a record that holds `stored` in the field: by themselves beside what is there, with defaults
 * where nothing is, and as a whole where the store keeps the object whole. Undefined for no part at all.
 *
 * @throws EntityValidationError when the record has no such object yet, and the parts lack what is required
 */
export function partsFor(
  encoded: EncodedField,
  stored: JsonValue | undefined,
  slug: string,
): EncodedField | undefined {
  const { field, parts, whole, check, onlyBeside } = encoded;
  if (parts === undefined || whole === undefined) return encoded;
  if (isMap(stored)) {
    if (parts.length === 0) return undefined;
    check?.(withParts(stored, parts), slug);
    return encoded;
  }
  if (onlyBeside === true && !isObject(stored)) return undefined;
  if (isObject(stored)) {
    const inside = unwrapJson(stored);
    if (!isObject(inside) || inside === stored) return { field, value: whole(slug) };
    const value = wrapped(withBareParts(inside, parts));
    check?.(value, slug);
    return { field, value };
  }
  const value = whole(slug);
  // Leaf by leaf, for another writer may be making the same object.
  return isMap(value) ? { field, value, parts: leavesOf(value) } : { field, value };
}

/** An object with these parts in place of what it had. */
export function withParts(object: JsonObject, parts: readonly EncodedPart[]): JsonObject {
  return parts.reduce((merged, { path, value }) => withPart(merged, path, value), object);
}

function withBareParts(object: JsonObject, parts: readonly EncodedPart[]): JsonObject {
  return withParts(
    object,
    parts.map(({ path, value }) => ({ path, value: unwrapJson(value) })),
  );
}

function withPart(object: JsonObject, [name = '', ...rest]: readonly string[], value: JsonValue): JsonObject {
  const merged: Record<string, JsonValue> = {};
  for (const [key, present] of Object.entries(object)) setOwn(merged, key, present);
  const inner = Object.hasOwn(object, name) ? object[name] : undefined;
  setOwn(merged, name, rest.length === 0 ? value : withPart(isMap(inner) ? inner : {}, rest, value));
  return merged;
}

function leavesOf(object: JsonObject): EncodedPart[] {
  return Object.entries(object).flatMap(([name, value]): EncodedPart[] =>
    isMap(value)
      ? leavesOf(value).map((leaf) => ({ path: [name, ...leaf.path], value: leaf.value }))
      : [{ path: [name], value }],
  );
}

/** What the store holds of a field once `encoded` was written over `stored`. */
export function storedAfter({ value, parts }: EncodedField, stored: JsonValue | undefined): JsonValue {
  return parts === undefined ? value : withParts(isMap(stored) ? stored : {}, parts);
}
