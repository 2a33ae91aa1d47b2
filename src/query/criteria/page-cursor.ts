import { createHash } from 'node:crypto';
import type { EntityMetadata } from '../../metadata/types.js';
import { decodeBase64 } from '../../protocol/base64.js';
import type { IndexedValue } from '../../protocol/record-access.js';
import { criteriaText } from '../operators/describe-criteria.js';
import type { FindPageOptions } from '../operators/find-page.js';
import { foreignCursor, malformedCursor } from '../values/errors.js';
import { isList } from '../values/values.js';

/** What a cursor stands for: the last record of a page, by what the order names and by its slug. */
export interface CursorPlace {
  readonly slug: string;
  readonly values: readonly IndexedValue[];
}

type WrittenValue = string | number | boolean | null | { readonly n: string } | { readonly b: string };

/** So much of the hash tells one query from another. */
const HASH_LENGTH = 10;

/** What a query is told by: its class, its where and its order, and neither how many records it takes nor from where on. */
export function fingerprintOf(
  { prefixPath }: EntityMetadata,
  { where, order }: Pick<FindPageOptions<object>, 'where' | 'order'>,
): string {
  const text = criteriaText([prefixPath, where, order]);
  return createHash('sha256').update(text).digest('base64url').slice(0, HASH_LENGTH);
}

/** The text of a cursor. It hides nothing: who reads it sees the slug and the values. */
export function encodeCursor(fingerprint: string, { slug, values }: CursorPlace): string {
  return Buffer.from(JSON.stringify([fingerprint, slug, ...values.map(written)])).toString('base64url');
}

/**
 * What {@link encodeCursor} was given.
 *
 * @throws DustError `invalid_options` with detail `invalid_cursor` for what is no cursor, or one of another query
 */
export function decodeCursor(
  metadata: EntityMetadata,
  cursor: unknown,
  fingerprint: string,
  terms: number,
): CursorPlace {
  const parsed = typeof cursor === 'string' ? parse(cursor) : undefined;
  if (!isList(parsed)) throw malformedCursor(metadata, cursor);
  const [own, slug, ...values] = parsed;
  if (own !== fingerprint) throw foreignCursor(metadata);
  const read = values.map(readValue);
  if (typeof slug !== 'string' || slug === '' || read.length !== terms || !areValues(read)) {
    throw malformedCursor(metadata, cursor);
  }
  return { slug, values: read };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function written(value: IndexedValue): WrittenValue {
  if (typeof value === 'bigint') return { n: value.toString() };
  return value instanceof Uint8Array ? { b: Buffer.from(value).toString('base64') } : value;
}

function readValue(value: unknown): IndexedValue | undefined {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  if (typeof value !== 'object') return undefined;
  const { n, b } = value as { readonly n?: unknown; readonly b?: unknown };
  if (typeof n === 'string' && /^-?\d{1,4000}$/.test(n)) return BigInt(n);
  return typeof b === 'string' ? decodeBase64(b) : undefined;
}

function areValues(values: readonly (IndexedValue | undefined)[]): values is readonly IndexedValue[] {
  return values.every((value) => value !== undefined);
}
