import type { EntityMapper, WriteKind } from '../mapping/index.js';
import type { FieldMetadata } from '../metadata/index.js';
import type { Path } from '../protocol/paths/path.js';
import { childPath } from '../protocol/paths/path.js';
import type { JsonObject } from '../protocol/values/value.js';
import { setOwn } from '../protocol/values/value.js';
import type { EmittedRawOperation, EmittedRecordOperation } from './emitted-operation.js';
import { emptySlug, unknownProperty } from './errors.js';

/**
 * The operation as the store knows it.
 *
 * @throws DustError `invalid_criteria` for a missing or empty slug or an unknown property, `invalid_value` for a
 * value that its field cannot hold
 */
export function encodeOperation<T extends object>(
  mapper: EntityMapper<T>,
  operation: EmittedRecordOperation<T>,
): EmittedRawOperation {
  const { metadata } = mapper;
  const slug: unknown = operation.slug;
  if (typeof slug !== 'string' || slug === '') throw emptySlug(metadata);
  const record = childPath(metadata.prefixPath, slug);
  switch (operation.op) {
    case 'set':
      return { op: 'set', path: record, value: encodeRecord(mapper, operation.value, 'insert') };
    case 'merge':
      return { op: 'merge', path: record, value: encodeRecord(mapper, operation.value, 'update') };
    case 'delete': {
      const { property } = operation;
      return {
        op: 'delete',
        path: property === undefined ? record : fieldPath(record, fieldOf(mapper, property)),
      };
    }
    case 'increment':
      return {
        op: 'increment',
        path: fieldPath(record, fieldOf(mapper, operation.property)),
        value: operation.value,
      };
    default: {
      const field = fieldOf(mapper, operation.property);
      const value = mapper.encodeMember(field, operation.value);
      return { op: operation.op, path: fieldPath(record, field), value };
    }
  }
}

function encodeRecord<T extends object>(mapper: EntityMapper<T>, value: object, kind: WriteKind): JsonObject {
  const record: Record<string, unknown> = {};
  for (const { field, value: encoded } of mapper.encode(value, kind)) setOwn(record, field.wireName, encoded);
  return record as JsonObject;
}

function fieldOf<T extends object>({ metadata }: EntityMapper<T>, property: string): FieldMetadata {
  const field = metadata.fieldByProperty.get(property);
  if (field === undefined) throw unknownProperty(metadata, property);
  return field;
}

function fieldPath(record: Path, field: FieldMetadata): Path {
  return `${record}/${field.wireSegment}`;
}
