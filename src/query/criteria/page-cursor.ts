import { createHash } from 'node:crypto';
import { types } from 'node:util';
import type { EntityMetadata } from '../../metadata/types.js';
import { decodeBase64 } from '../../protocol/base64.js';
import type { IndexedValue } from '../../protocol/record-access.js';
import { criteriaText } from '../operators/describe-criteria.js';
import { isFindOperator } from '../operators/find-operator.js';
import { foreignCursor, malformedCursor } from '../values/errors.js';
import { isList } from '../values/values.js';
import type { Query } from './query.js';

/** What a cursor stands for: the last record of a page, by what the order names and by its slug. */
export interface CursorPlace {
  readonly slug: string;
  readonly values: readonly IndexedValue[];
}

type WrittenValue = string | number | boolean | null | { readonly n: string } | { readonly b: string };

/** So much of the hash tells one query from another. */
const HASH_LENGTH = 10;

/** What a query is told by: its class, its where as it is stored, and its order; neither how many records it takes nor from where on. */
export function fingerprintOf<T extends object>(
  { prefixPath }: EntityMetadata<T>,
  { alternatives, order }: Pick<Query<T>, 'alternatives' | 'order'>,
): string {
  const where = alternatives?.map((conditions) =>
    conditions.map(({ property, stored }) => `${JSON.stringify(property.name)}: ${conditionText(stored)}`),
  );
  const by = order.map(({ property, descending, nullsFirst }) => [property.name, descending, nullsFirst]);
  const text = JSON.stringify([prefixPath, where, by]);
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
