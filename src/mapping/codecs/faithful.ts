import { unwrapJson } from '../../protocol/stored-values.js';
import type { JsonObject, JsonValue } from '../../protocol/value.js';
import { isEnvelope, isObject } from '../../protocol/value.js';
import type { Codec } from './codec.js';

/**
 * `codec`, made safe for a store that flattens objects (PROTOCOL §1). A store would drop empty objects and take some
 * objects for its own envelopes. An object that holds either, outside arrays, is written inside an envelope of type
 * `json`, which a store keeps whole; every other object is written as it is, so that all clients can read it.
 */
export function faithful(codec: Codec): Codec {
  return {
    encode: (value) => wrap(codec.encode(value)),
    decode: (stored) => codec.decode(unwrapJson(stored)),
  };
}

function wrap(value: JsonValue): JsonValue {
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
