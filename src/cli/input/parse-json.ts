import { toJson } from '../../protocol/values/json.js';
import { roundedInteger } from '../../protocol/values/long-integers.js';
import type { JsonValue } from '../../protocol/values/value.js';
import { notExact, notJson, notStorable } from '../errors.js';

/**
 * The value that JSON text stands for.
 *
 * @param source names the text in an error
 * @throws DustError `invalid_value`
 */
export function parseJson(text: string, source: string): JsonValue {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw notJson(source, error);
  }
  const rounded = roundedInteger(text);
  if (rounded !== undefined) throw notExact(source, rounded);
  const result = toJson(parsed);
  if ('fault' in result) throw notStorable(source, result.fault);
  return result.value;
}
