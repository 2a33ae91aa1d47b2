import type { EncodedPart } from '../../metadata/types.js';
import type { JsonValue } from '../../protocol/values/value.js';
import { isMap } from '../../protocol/values/value.js';
import type { CompiledField } from '../compiled-field.js';
import { propertiesOf } from '../properties.js';
import { CodecFault, assertFaultless, withFaults } from './codec.js';
import { wrapped } from './faithful.js';
import { isRecordLike } from './nested.js';

/** The defined members of instances of a class with `@Field`s, and of what is nested in them. `open` holds the objects that are being encoded. */
export function memberParts(
  members: () => readonly CompiledField[],
  open: Set<object>,
): (value: object) => EncodedPart[] {
  return (value) => {
    if (open.has(value)) throw new CodecFault('a value without cycles', 'a cycle');
    open.add(value);
    try {
      return partsOf(members(), value);
    } finally {
      open.delete(value);
    }
  };
}

function partsOf(members: readonly CompiledField[], value: object): EncodedPart[] {
  const source = propertiesOf(value);
  const parts: EncodedPart[] = [];
  let faults: readonly CodecFault[] | undefined;
  for (const { field, encodeParts, encodeAtRest } of members) {
    const given = source[field.propertyName];
    if (given === undefined) continue;
    try {
      if (encodeParts === undefined || !isRecordLike(given)) {
        parts.push({ path: [field.wireName], value: encodeAtRest(given) });
      } else {
        for (const part of encodeParts(given)) {
          parts.push({ path: [field.wireName, ...part.path], value: part.value });
        }
      }
    } catch (error) {
      faults = withFaults(faults, field.propertyName, error);
    }
  }
  assertFaultless(faults);
  return parts;
}

/** The members of what class-transformer makes of an object: what is below them is not known to have members of its own. */
export function transformedClassParts(
  encode: (value: unknown) => JsonValue,
): (value: object) => EncodedPart[] {
  return (value) => {
    const object = encode(value);
    if (!isMap(object)) throw new CodecFault('an object that a store keeps as one', 'an envelope');
    return Object.entries(object).map(([name, member]) => ({ path: [name], value: wrapped(member) }));
  };
}
