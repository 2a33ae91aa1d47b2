import { unwrapJson } from '../../protocol/values/stored-values.js';
import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { isEnvelope, isMap, isObject, setOwn } from '../../protocol/values/value.js';
import type { Codec } from './codec.js';

/**
 * `codec`, made safe for a store that flattens objects (PROTOCOL §1). A store would drop empty objects and take some
 * objects for its own envelopes. An object that holds either, outside arrays, is written inside an envelope of type
 * `json`, which a store keeps whole; every other object is written as it is, so that all clients can read it.
 */
export function faithful(codec: Codec): Codec {
  return {
    encode: (value) => wrapped(codec.encode(value)),
    decode: (stored) => codec.decode(unwrapped(stored)),
  };
}

/** What was written in one envelope, or part by part, each in one where it had to be. */
export function unwrapped(stored: JsonValue): JsonValue {
  const whole = unwrapJson(stored);
  return whole === stored && isMap(stored) && holdsEnvelope(stored) ? withoutEnvelopes(stored) : whole;
}

function holdsEnvelope(map: JsonObject): boolean {
  return Object.values(map).some(
    (value) => isObject(value) && (isMap(value) ? holdsEnvelope(value) : unwrapJson(value) !== value),
  );
}

function withoutEnvelopes(map: JsonObject): JsonObject {
  const bare: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(map)) {
    setOwn(bare, name, isMap(value) ? withoutEnvelopes(value) : unwrapJson(value));
  }
  return bare;
}

/** The value as a store keeps it when it is written at a path of its own. */
export function wrapped(value: JsonValue): JsonValue {
  return isObject(value) && !survivesFlattening(value) ? { _type: 'json', _typed: value } : value;
}

function survivesFlattening(value: JsonObject): boolean {
  const members = Object.values(value);
  return (
    members.length > 0 &&
    !isEnvelope(value) &&
    members.every((item) => !isObject(item) || survivesFlattening(item))
  );
}
