import { toJson } from '../protocol/json.js';
import type { Path } from '../protocol/path.js';
import type { JsonValue } from '../protocol/value.js';
import type { Fence, Transport } from '../transport/transport.js';
import { notASharedResult, resultNotJson } from './key-errors.js';

/** A result that a single flight published. */
export interface SharedResult {
  readonly value: JsonValue;
  /** When it was published, by the publisher's clock: milliseconds since the Unix epoch. */
  readonly at: number;
}

/**
 * The result published at `key`, null when there is none.
 *
 * @throws DustError `occupied` when the key holds something else
 */
export async function readSharedResult(transport: Transport, key: Path): Promise<SharedResult | null> {
  const entry = await transport.get(key);
  if (entry === null) return null;
  const result = typeof entry.value === 'string' ? parse(entry.value) : undefined;
  if (result === undefined) throw notASharedResult(key);
  return result;
}

function parse(text: string): SharedResult | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isSharedResult(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isSharedResult(parsed: unknown): parsed is SharedResult {
  return (
    typeof parsed === 'object' &&
    parsed !== null &&
    Object.hasOwn(parsed, 'value') &&
    'at' in parsed &&
    typeof parsed.at === 'number'
  );
}

/**
 * Publishes a result as a JSON string, so that the store keeps it whole as one leaf (PROTOCOL §6).
 *
 * @throws DustError `fenced` when the fence's lease is gone
 */
export async function publishSharedResult(
  transport: Transport,
  key: Path,
  result: SharedResult,
  fence: Fence,
): Promise<void> {
  await transport.set(key, JSON.stringify(result), { fence });
}

/** @throws DustError `invalid_value` when a computed value is not JSON */
export function jsonResult(key: Path, computed: unknown): JsonValue {
  const result = toJson(computed);
  if ('fault' in result) throw resultNotJson(key, result.fault.reason, result.fault.at);
  return result.value;
}
