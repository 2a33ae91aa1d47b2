import { assertPath, pathFault } from '../../protocol/paths/path.js';
import type { Path } from '../../protocol/paths/path.js';
import type { WireIndex } from '../../protocol/wire/http.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { JsonValue } from '../../protocol/values/value.js';
import { isObject } from '../../protocol/values/value.js';
import { invalidIndex } from '../errors.js';
import { INDEXED_TYPES } from './keys/value-keys.js';

/** How far an index has come: `building` up to and including the record with the slug `through`, `dropping` its entries. */
export type IndexState =
  | { readonly name: 'building'; readonly through?: string | undefined }
  | { readonly name: 'complete' }
  | { readonly name: 'dropping' };

/** An index as a storage keeps it. */
export interface StoredIndex {
  /** What its entries begin with. No other index of the storage has it. */
  readonly number: number;
  readonly definition: IndexDefinition;
  readonly state: IndexState;
  /** Somebody beyond this process counts on it: it stays until it is dropped by name. */
  readonly kept?: boolean | undefined;
}

/** An index of a store, as it stands. */
export interface StandingIndex {
  /** What it is. */
  readonly definition: IndexDefinition;
  /** Whether it can be read and holds what is unique against all records. */
  readonly isComplete: boolean;
  /** Whether it stays until it is dropped by name: clients of a server count on it. */
  readonly isKept: boolean;
}

/** The same as a server tells it. */
export function wireIndex({ definition, isComplete, isKept }: StandingIndex): WireIndex {
  const { prefix, parts, unique } = definition;
  return { prefix, parts, unique, state: isComplete ? 'complete' : 'building', kept: isKept };
}

/** A text that is the same for definitions that say the same. */
export function identityOf({ prefix, parts, unique }: IndexDefinition): string {
  return JSON.stringify([
    prefix,
    unique,
    parts.map(({ path, type, absent = null }) => [path, type, canonical(absent)]),
  ]);
}

/**
 * A definition of the store's own, which its giver can change no more.
 *
 * @throws DustError `invalid_params` for one that says nothing, and one of another prefix
 */
export function ownDefinition(prefix: Path, given: IndexDefinition): IndexDefinition {
  assertPath(prefix);
  if (given.prefix !== prefix) throw invalidIndex(prefix, `it is one of ${JSON.stringify(given.prefix)}`);
  if (given.parts.length === 0) throw invalidIndex(prefix, 'it has no part');
  const parts = given.parts.map(({ path, type, absent = null }) => {
    if (pathFault(path) !== undefined) {
      throw invalidIndex(prefix, `its part ${JSON.stringify(path)} is no path`);
    }
    if (!INDEXED_TYPES.has(type)) throw invalidIndex(prefix, `there is no type ${JSON.stringify(type)}`);
    return Object.freeze(absent === null ? { path, type } : { path, type, absent });
  });
  return Object.freeze({ prefix, parts: Object.freeze(parts), unique: given.unique });
}

/** Objects with their keys in order. */
function canonical(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(canonical);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, canonical(value[key] ?? null)]));
}
