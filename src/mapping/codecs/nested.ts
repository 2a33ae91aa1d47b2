import { isObject, setOwn } from '../../protocol/value.js';
import type { JsonObject, JsonValue } from '../../protocol/value.js';
import type { EntityClass } from '../../metadata/types.js';
import { instantiate } from '../instantiate.js';
import { propertiesOf } from '../properties.js';
import type { CompiledField } from '../compiled-field.js';
import type { Codec } from './codec.js';
import { CodecFault, faultWithin } from './codec.js';
import { describe } from './describe.js';

/**
 * Instances of a class with `@Field`s of its own, as objects. `members` is asked on first use, because a class may
 * contain itself.
 */
export function nestedCodec(nested: EntityClass, members: () => readonly CompiledField[]): Codec {
  let compiled: readonly CompiledField[] | undefined;
  const open = new Set<object>();
  return {
    encode(value) {
      if (!isRecordLike(value)) throw new CodecFault(`an instance of ${nested.name}`, describe(value));
      if (open.has(value)) throw new CodecFault('a value without cycles', 'a cycle');
      open.add(value);
      try {
        const object: Record<string, JsonValue> = {};
        for (const member of (compiled ??= members())) encodeMember(member, propertiesOf(value), object);
        return object;
      } finally {
        open.delete(value);
      }
    },
    decode(stored) {
      if (!isObject(stored)) throw new CodecFault(`an object for ${nested.name}`, describe(stored));
      const instance = propertiesOf(instantiate(nested));
      for (const member of (compiled ??= members())) decodeMember(member, stored, instance);
      return instance;
    },
  };
}

/** An object that can have the members of a class: no array and nothing built in, such as a Date or a Map. */
function isRecordLike(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]'
  );
}

function encodeMember(
  member: CompiledField,
  source: Record<string, unknown>,
  target: Record<string, JsonValue>,
): void {
  const { propertyName, wireName, required } = member.field;
  const given = source[propertyName];
  const value = given === undefined ? member.makeDefault() : given;
  try {
    if (value !== undefined) setOwn(target, wireName, member.encode(value));
    else if (required) throw new CodecFault('a value', 'undefined');
  } catch (error) {
    throw faultWithin(`.${propertyName}`, error);
  }
}

function decodeMember(member: CompiledField, stored: JsonObject, target: Record<string, unknown>): void {
  const { propertyName, wireName, required } = member.field;
  const value = Object.hasOwn(stored, wireName) ? stored[wireName] : undefined;
  try {
    if (value !== undefined) target[propertyName] = member.decode(value);
    else if (required) throw new CodecFault('a value', 'none');
  } catch (error) {
    throw faultWithin(`.${propertyName}`, error);
  }
}
