import type { EncodedField, EntityMetadata } from '../metadata/types.js';
import type { Path } from '../protocol/paths/path.js';
import { childPath } from '../protocol/paths/path.js';
import type { JsonObject } from '../protocol/values/value.js';
import { isMap, isObject, setOwn } from '../protocol/values/value.js';
import { nothingToWrite } from './errors.js';
import type { MergeOperation, SetOperation } from './write-operation.js';

/** What the planner must know of a transport. */
export interface WriteCapabilities {
  readonly merge: boolean;
  readonly atomicBatch: boolean;
  /** A batch may contain merges. */
  readonly batchMerge: boolean;
}

/**
 * How the fields of one record are written: by one operation where that is faithful, else by one atomic batch, else
 * by single sets in field order, which stop at the first error (DESIGN §3 "Storage modes").
 */
export type WritePlan =
  | { readonly kind: 'set'; readonly operation: SetOperation }
  | { readonly kind: 'merge'; readonly operation: MergeOperation }
  | { readonly kind: 'batch'; readonly operations: readonly SetOperation[] }
  | { readonly kind: 'sequence'; readonly operations: readonly SetOperation[] };

/**
 * The cheapest faithful form of a write on a transport.
 *
 * @throws DustError `nothing_to_write` when there are no fields
 */
export function planWrite(
  metadata: EntityMetadata,
  slug: string,
  fields: readonly EncodedField[],
  capabilities: WriteCapabilities,
): WritePlan {
  const operation = singleOperation(metadata, slug, fields, capabilities.merge);
  if (operation?.op === 'set') return { kind: 'set', operation };
  if (operation?.op === 'merge') return { kind: 'merge', operation };
  const operations = fieldSets(childPath(metadata.prefixPath, slug), fields);
  return { kind: capabilities.atomicBatch ? 'batch' : 'sequence', operations };
}

/**
 * The same write as a part of an atomic batch.
 *
 * @throws DustError `nothing_to_write` when there are no fields
 */
export function operationsFor(
  metadata: EntityMetadata,
  slug: string,
  fields: readonly EncodedField[],
  { batchMerge }: Pick<WriteCapabilities, 'batchMerge'>,
): (SetOperation | MergeOperation)[] {
  const operation = singleOperation(metadata, slug, fields, batchMerge);
  return operation === undefined ? fieldSets(childPath(metadata.prefixPath, slug), fields) : [operation];
}

function singleOperation(
  metadata: EntityMetadata,
  slug: string,
  fields: readonly EncodedField[],
  mergeAllowed: boolean,
): SetOperation | MergeOperation | undefined {
  const path = childPath(metadata.prefixPath, slug);
  const [first] = fields;
  if (first === undefined) throw nothingToWrite(metadata, slug);
  if (metadata.mode === 'flat' && fields.some(({ parts }) => parts !== undefined)) {
    const [only, ...others] = fieldSets(path, fields);
    return others.length === 0 ? only : undefined;
  }
  if (metadata.mode === 'map') return { op: 'set', path, value: mapOf(fields) };
  if (fields.length === 1) return { op: 'set', path: fieldPath(path, first), value: first.value };
  return mergeAllowed && fields.every(survivesMerge)
    ? { op: 'merge', path, value: mapOf(fields) }
    : undefined;
}

/**
 * A merge writes a child that is no map but leaves its old descendants in place (PROTOCOL §2), where they would win
 * over a new value that may itself be a map. And only maps are sure to be taken for maps.
 */
function survivesMerge({ field, value }: EncodedField): boolean {
  if (isObject(value)) return isMap(value);
  return field.array || (field.type !== 'json' && field.type !== 'nested');
}

function mapOf(fields: readonly EncodedField[]): JsonObject {
  const map: Record<string, JsonObject[string]> = {};
  for (const { field, value } of fields) setOwn(map, field.wireName, value);
  return map;
}

function fieldSets(path: Path, fields: readonly EncodedField[]): SetOperation[] {
  return fields.flatMap((encoded): SetOperation[] => {
    const { parts, value } = encoded;
    const at = fieldPath(path, encoded);
    if (parts === undefined) return [{ op: 'set', path: at, value }];
    return parts.map((part) => ({ op: 'set', path: part.path.reduce(childPath, at), value: part.value }));
  });
}

function fieldPath(path: Path, { field }: EncodedField): Path {
  return `${path}/${field.wireSegment}`;
}
