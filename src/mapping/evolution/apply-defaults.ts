import { messageOf } from '../../errors.js';
import type { FieldMetadata } from '../../metadata/types.js';
import type { JsonValue } from '../../protocol/values/value.js';
import { CodecFault } from '../codecs/codec.js';
import type { CompiledField } from '../compiled-field.js';
import { propertiesOf } from '../properties.js';

/**
 * Gives an instance the defaults of fields that its record lacks, as they will be when they were written and read again. What cannot be applied
 * is added to `missing` and `malformed`. Undefined when nothing was applied.
 */
export function applyDefaults(
  fields: readonly CompiledField[],
  entity: object,
  missing: string[],
  malformed: { field: string; reason: string }[],
): ReadonlyMap<FieldMetadata, JsonValue> | undefined {
  const applied = new Map<FieldMetadata, JsonValue>();
  // All of them are made before the first is applied: a default sees those of no other field.
  const made = fields.map((compiled) => ({ compiled, given: defaultOf(compiled, entity) }));
  for (const { compiled, given } of made) {
    const { field, decode } = compiled;
    if ('reason' in given) {
      malformed.push({ field: field.wireName, reason: given.reason });
    } else if (given.stored !== undefined) {
      propertiesOf(entity)[field.propertyName] = decode(given.stored);
      applied.set(field, given.stored);
    } else if (field.required) {
      missing.push(field.wireName);
    }
  }
  return applied.size === 0 ? undefined : applied;
}

/** The default as it would be stored; undefined for none. */
function defaultOf(
  { makeDefault, encode }: CompiledField,
  entity: object,
): { readonly stored: JsonValue | undefined } | { readonly reason: string } {
  try {
    const value = makeDefault(entity);
    return { stored: value === undefined ? undefined : encode(value) };
  } catch (error) {
    if (error instanceof CodecFault) return { reason: `its default${error.at}: ${error.message}` };
    return { reason: `its default threw: ${messageOf(error)}` };
  }
}
