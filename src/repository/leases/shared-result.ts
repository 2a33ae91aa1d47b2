import { createHash } from 'node:crypto';
import { toJson } from '../../protocol/values/json.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue } from '../../protocol/values/value.js';
import type { Fence, RequestOptions, Transport } from '../../transport/transport.js';
import { notASharedResult, resultNotJson } from './key-errors.js';

/** A result that a single flight published, by this package or by another client. */
export interface SharedResult {
  readonly value: JsonValue;
  /** When it was published, by the publisher's clock, in milliseconds since the Unix epoch; undefined when nobody noted it. */
  readonly at: number | undefined;
}

/** What is noted beside a result: `of` tells which one is meant, for others may have published another one since. */
interface Note {
  readonly at: number;
  readonly of: string;
}

/** A result and its time in one, as version 0.1 of this package published it. */
interface Envelope {
  readonly value: JsonValue;
  readonly at: number;
}

/**
 * The result published at `key`, null when there is none. Its time is looked up only where it is asked for.
 *
 * @throws DustError `occupied` when the key holds something else
 */
export async function readSharedResult(
  transport: Transport,
  key: Path,
  { withTime, ...request }: RequestOptions & { readonly withTime: boolean },
): Promise<SharedResult | null> {
  const entry = await transport.get(key, request);
  if (entry === null) return null;
  const text = entry.value;
  const value = typeof text === 'string' ? parsed(text) : undefined;
  if (typeof text !== 'string' || value === undefined) throw notASharedResult(key);
  const old = isEnvelope(value) ? value : undefined;
  if (old === undefined && !withTime) return { value, at: undefined };
  const note = await readNote(transport, key, request);
  if (note?.of === digestOf(text)) return { value, at: note.at };
  return old ?? { value, at: undefined };
}

/**
 * Publishes a result as a JSON string, so that the store keeps it whole as one leaf and every other client reads it
 * (PROTOCOL §6). Its time is noted first, in a place of its own, where somebody will go by it; and where the result looks
 * like an old envelope, to tell that it is none.
 *
 * @throws DustError `fenced` when the fence's lease is gone
 */
export async function publishSharedResult(
  transport: Transport,
  key: Path,
  { value, at, withTime }: { readonly value: JsonValue; readonly at: number; readonly withTime: boolean },
  fence: Fence,
): Promise<void> {
  const text = JSON.stringify(value);
  if (withTime || isEnvelope(value)) {
    const note: Note = { at, of: digestOf(text) };
    await transport.set(notePath(key), JSON.stringify(note), { fence });
  }
  await transport.set(key, text, { fence });
}

/** @throws DustError `invalid_value` when a computed value is not JSON */
export function jsonResult(key: Path, computed: unknown): JsonValue {
  const result = toJson(computed);
  if ('fault' in result) throw resultNotJson(key, result.fault.reason, result.fault.at);
  return result.value;
}

function notePath(key: Path): Path {
  return `_dust:sf-at/${key}`;
}

async function readNote(transport: Transport, key: Path, request: RequestOptions): Promise<Note | undefined> {
  const entry = await transport.get(notePath(key), request);
  const note = typeof entry?.value === 'string' ? parsed(entry.value) : undefined;
  return isNote(note) ? note : undefined;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function parsed(text: string): JsonValue | undefined {
  try {
    const result = toJson(JSON.parse(text));
    return 'fault' in result ? undefined : result.value;
  } catch {
    return undefined;
  }
}

function isNote(value: unknown): value is Note {
  return hasNumberAt(value) && 'of' in value && typeof value.of === 'string';
}

function isEnvelope(value: JsonValue): value is JsonValue & Envelope {
  return hasNumberAt(value) && Object.hasOwn(value, 'value') && Object.keys(value).length === 2;
}

function hasNumberAt(value: unknown): value is { readonly at: number } {
  return typeof value === 'object' && value !== null && 'at' in value && typeof value.at === 'number';
}
