import type { JsonObject } from '../../../protocol/values/value.js';

/** Whether a message carries named fields. They are JSON: a codec has read them, and a store looks at values again. */
function hasFields(payload: unknown): payload is JsonObject {
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload);
}

/** The fields of a message; of one that carries something else, none. */
export function fieldsOf(payload: unknown): JsonObject {
  return hasFields(payload) ? payload : {};
}

/** Whether `value` can be a seq: 0 or more. */
export function isSeq(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
