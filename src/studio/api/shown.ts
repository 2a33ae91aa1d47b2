import { types } from 'node:util';
import type { FieldMetadata } from '../../metadata/index.js';
import type { JsonValue, Leaf } from '../../protocol/values/value.js';
import { setOwn } from '../../protocol/values/value.js';
import { partsOf, pathOf } from './entities.js';
import type { LeafInfo, RecordRow } from './messages.js';
import type { StudioEntity } from './source.js';

/** Characters of a value's JSON that are sent at the most. */
export const MAX_VALUE = 64 * 1024;

/** Characters of all values of one answer together, beyond which only short ones are sent. */
const MAX_VALUES = 4 * 1024 * 1024;

/** So long is what is sent in any case. */
const SHORT = 256;

/** Deeper values than any that is stored. */
const MAX_DEPTH = 500;

/** What the values of one answer may take. */
export class Room {
  #left = MAX_VALUES;

  /** The length of the value's JSON when there is no room for it; undefined when it may be sent. */
  refused(value: JsonValue | undefined): number | undefined {
    const length = value === undefined ? 0 : JSON.stringify(value).length;
    if (length > MAX_VALUE || (length > SHORT && length > this.#left)) return length;
    this.#left -= length;
    return undefined;
  }
}

/** A leaf as the page shows it. */
export function leafInfo({ path, type, revision, value }: Leaf, room: Room): LeafInfo {
  const cut = room.refused(value);
  return cut === undefined ? { path, type, revision, value } : { path, type, revision, value: null, cut };
}

/** A record as the table shows it. */
export function rowOf(studioEntity: StudioEntity, entity: object, room: Room): RecordRow {
  const { mapper, metadata } = studioEntity.context;
  const slug = String(Reflect.get(entity, metadata.slugProperty));
  const values: Record<string, JsonValue> = {};
  const cut: string[] = [];
  const take = (fields: readonly FieldMetadata[], object: unknown, above: string): void => {
    for (const field of fields) {
      if (!field.select || typeof object !== 'object' || object === null) continue;
      const property = `${above}${field.propertyName}`;
      const value: unknown = Reflect.get(object, field.propertyName);
      const parts = partsOf(field);
      if (parts !== undefined && value !== null) take(parts, value, `${property}.`);
      if (parts !== undefined || value === undefined) continue;
      const json = asJson(value);
      if (room.refused(json) === undefined) setOwn(values, property, json);
      else cut.push(property);
    }
  };
  setOwn(values, metadata.slugProperty, slug);
  take(metadata.fields, entity, '');
  const row = { path: pathOf(studioEntity, slug), slug, revision: mapper.revisionOf(entity) ?? 0, values };
  return cut.length === 0 ? row : { ...row, cut };
}

/** What a property holds, as JSON: dates as ISO text, whole numbers beyond JSON's as text, bytes in base64. */
export function asJson(value: unknown, depth = 0): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return value.toString();
    case 'object':
      return value === null ? null : objectAsJson(value, depth);
    default:
      return null;
  }
}

function objectAsJson(value: object, depth: number): JsonValue {
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (types.isUint8Array(value)) return Buffer.from(value).toString('base64');
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => asJson(item, depth + 1));
  const members: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined && typeof member !== 'function') setOwn(members, key, asJson(member, depth + 1));
  }
  return members;
}
