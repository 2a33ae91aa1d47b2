import type { WireEntry } from '../../protocol/wire/http.js';
import type { JsonValue, Leaf } from '../../protocol/values/value.js';
import { isEnvelope, isObject, isToldBare, setOwn } from '../../protocol/values/value.js';

/** A leaf or an assembled map as HTTP answers it: decimals and moments read as bare values (PROTOCOL §1). */
export function wireEntry({ path, value, type, revision }: Leaf): WireEntry {
  return { path, value: wireValue(value), type, revision };
}

/** A value as HTTP answers it. What other envelopes hold is theirs: an envelope inside them stays one. */
export function wireValue(value: JsonValue): JsonValue {
  if (!isObject(value)) return value;
  if (isEnvelope(value)) return isToldBare(value) ? (value._typed ?? null) : value;
  const result: Record<string, JsonValue> = {};
  for (const [key, child] of Object.entries(value)) setOwn(result, key, wireValue(child));
  return result;
}
