import { isObject, setOwn } from '../../protocol/values/value.js';
import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import type { EntityClass } from '../../metadata/types.js';
import { instantiate } from '../instantiate.js';
import { propertiesOf } from '../properties.js';
import type { CompiledField } from '../compiled-field.js';
import { noteStoredNull } from '../stored-nulls.js';
import type { Codec } from './codec.js';
import { CodecFault, assertFaultless, withFaults } from './codec.js';
import { describe } from './describe.js';

/**
 * Instances of a class with `@Field`s of its own, as objects. `members` is asked on first use, because a class may
 * contain itself. `open` holds the objects that are being encoded.
 */
export function nestedCodec(
  nested: EntityClass,
  members: () => readonly CompiledField[],
  open: Set<object>,
): Codec {
  let compiled: readonly CompiledField[] | undefined;
  return {
    encode(value) {
      if (!isRecordLike(value)) throw new CodecFault(`an instance of ${nested.name}`, describe(value));
      if (open.has(value)) throw new CodecFault('a value without cycles', 'a cycle');
      open.add(value);
      try {
        return encodeMembers((compiled ??= members()), value);
      } finally {
        open.delete(value);
      }
    },
    decode(stored) {
      if (!isObject(stored)) throw new CodecFault(`an object for ${nested.name}`, describe(stored));
      const instance = instantiate(nested);
      decodeMembers((compiled ??= members()), stored, instance);
      return instance;
    },
  };
}

/** An object that can have the members of a class: no array and nothing built in, such as a Date or a Map. */
export function isRecordLike(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]'
  );
}

function encodeMembers(members: readonly CompiledField[], value: object): JsonObject {
  const source = propertiesOf(value);
  const object: Record<string, JsonValue> = {};
  let faults: readonly CodecFault[] | undefined;
  for (const member of members) {
    const { propertyName, wireName, required } = member.field;
    try {
      const given = source[propertyName];
      const filled = given === undefined ? member.makeDefault(value) : given;
      if (filled !== undefined) setOwn(object, wireName, member.encode(filled));
      else if (required) throw new CodecFault('a value', 'undefined', { rule: 'isRequired' });
    } catch (error) {
      faults = withFaults(faults, propertyName, error);
    }
  }
  assertFaultless(faults);
  return object;
}

function decodeMember(
  { field, decode }: CompiledField,
  stored: JsonValue,
  instance: object,
  target: Record<string, unknown>,
): void {
  const value = decode(stored);
  target[field.propertyName] = value;
  if (stored === null && value !== null) noteStoredNull(instance, field);
}

function decodeMembers(members: readonly CompiledField[], stored: JsonObject, instance: object): void {
  const target = propertiesOf(instance);
  let faults: readonly CodecFault[] | undefined;
  for (const member of members) {
    const { propertyName, wireName, required } = member.field;
    const value = Object.hasOwn(stored, wireName) ? stored[wireName] : undefined;
    try {
      if (value !== undefined) decodeMember(member, value, instance, target);
      else if (required) throw new CodecFault('a value', 'none', { rule: 'isRequired' });
      else member.fillAbsent(instance);
    } catch (error) {
      faults = withFaults(faults, propertyName, error);
    }
  }
  assertFaultless(faults);
}
