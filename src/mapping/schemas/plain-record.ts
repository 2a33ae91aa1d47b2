import type { FieldMetadata } from '../../metadata/index.js';
import { isRecordLike } from '../codecs/nested.js';
import { propertiesOf } from '../properties.js';
import { fieldsBelow } from './schema-members.js';

/** The defined properties of an instance as a plain object, nested ones as such. An object in itself stays as it is: the codec tells of it. */
export function plainRecord(
  fields: readonly FieldMetadata[],
  instance: object,
  open: ReadonlySet<object> = new Set([instance]),
): Record<string, unknown> {
  const properties = propertiesOf(instance);
  return Object.fromEntries(
    fields
      .map((field) => [field.propertyName, plainValue(field, properties[field.propertyName], open)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

function plainValue(field: FieldMetadata, value: unknown, open: ReadonlySet<object>): unknown {
  const fields = fieldsBelow(field);
  if (fields.length === 0) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => plainObject(fields, item, open));
  return plainObject(fields, value, open);
}

function plainObject(fields: readonly FieldMetadata[], value: unknown, open: ReadonlySet<object>): unknown {
  if (!isRecordLike(value) || open.has(value)) return value;
  return plainRecord(fields, value, new Set([...open, value]));
}
