import { createHash } from 'node:crypto';
import { types } from 'node:util';
import type { EntityMetadata } from '../../metadata/types.js';
import { decodeBase64 } from '../../protocol/values/base64.js';
import type { IndexedValue } from '../../protocol/values/record-access.js';
import { isDecimalText } from '../../protocol/values/stored-values.js';
import { criteriaText } from '../operators/describe-criteria.js';
import { isFindOperator } from '../operators/find-operator.js';
import { foreignCursor, malformedCursor } from '../values/errors.js';
import { isList } from '../values/values.js';
import type { Property } from '../values/property.js';
import type { OrderTerm } from './order.js';
import type { Query } from './query.js';

/** What a cursor stands for: the last record of a page, by what the order names and by its slug. */
export interface CursorPlace {
  readonly slug: string;
  readonly values: readonly IndexedValue[];
}

type WrittenValue = string | number | boolean | null | { readonly n: string } | { readonly b: string };

/** So much of the hash tells one query from another. */
const HASH_LENGTH = 10;

/** What a query is told by: its class, its where as it is stored, its scopes by their names, and its order; neither how many records it takes nor from where on. */
export function fingerprintOf<T extends object>(
  { prefixPath }: EntityMetadata<T>,
  { asked, implied, order }: Pick<Query<T>, 'asked' | 'implied' | 'order'>,
): string {
  const where = asked?.map((conditions) =>
    conditions.map(({ property, stored }) => `${JSON.stringify(property.name)}: ${conditionText(stored)}`),
  );
  const by = order.map(({ property, descending, nullsFirst }) => [property.name, descending, nullsFirst]);
  const text = JSON.stringify([prefixPath, where, by, ...(implied === undefined ? [] : [implied.text])]);
  return createHash('sha256').update(text).digest('base64url').slice(0, HASH_LENGTH);
}

/** As {@link criteriaText}, which says of bytes only how many they are. */
function conditionText(condition: unknown): string {
  if (types.isUint8Array(condition)) return `bytes ${Buffer.from(condition).toString('base64')}`;
  if (isList(condition)) return `[${condition.map(conditionText).join(', ')}]`;
  if (!isFindOperator(condition)) return criteriaText(condition);
  return `${condition.operator}(${condition.operands.map(conditionText).join(', ')})`;
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
  order: readonly OrderTerm[],
): CursorPlace {
  const parsed = typeof cursor === 'string' ? parse(cursor) : undefined;
  if (!isList(parsed)) throw malformedCursor(metadata, cursor);
  const [own, slug, ...values] = parsed;
  if (own !== fingerprint) throw foreignCursor(metadata);
  const read = values.map((value, i) => {
    const property = order[i]?.property;
    return property && readValue(property, value);
  });
  if (typeof slug !== 'string' || slug === '' || read.length !== order.length || !areValues(read)) {
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

/** A value as it is written of this property; undefined for what is none of it. */
function readValue({ kind }: Property, value: unknown): IndexedValue | undefined {
  if (value === null) return null;
  switch (kind) {
    case 'slug':
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'decimal':
      return isDecimalText(value) ? value : undefined;
    case 'enum':
      return typeof value === 'string' || typeof value === 'number' ? value : undefined;
    case 'integer':
    case 'float':
    case 'date':
      return typeof value === 'number' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'bigint':
      return readBigint(value);
    case 'bytes':
      return readBytes(value);
    default:
      return undefined;
  }
}

function readBigint(value: unknown): bigint | undefined {
  const { n } = Object(value) as { readonly n?: unknown };
  return typeof n === 'string' && /^-?\d{1,4000}$/.test(n) ? BigInt(n) : undefined;
}

function readBytes(value: unknown): Uint8Array | undefined {
  const { b } = Object(value) as { readonly b?: unknown };
  return typeof b === 'string' ? decodeBase64(b) : undefined;
}

function areValues(values: readonly (IndexedValue | undefined)[]): values is readonly IndexedValue[] {
  return values.every((value) => value !== undefined);
}
