import type { WireSnapshotEntry } from '../../../protocol/wire/frames.js';
import type { JsonObject, JsonValue, Leaf } from '../../../protocol/values/value.js';
import { isEnvelope, isObject } from '../../../protocol/values/value.js';

/** A leaf as a snapshot holds it (PROTOCOL §5.6). */
export function snapshotEntry({ value, type }: Leaf): WireSnapshotEntry {
  return { value: wrapped(value), type };
}

function wrapped(value: JsonValue): JsonObject {
  return isObject(value) && isEnvelope(value) ? value : { _scalar: value };
}
