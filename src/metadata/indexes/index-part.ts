import { nearestName } from '../../options/index.js';
import type { IndexPart } from '../../protocol/values/record-access.js';
import type { FieldMetadata } from '../types.js';
import { indexedTypeOf, notIndexed } from './indexed-type.js';

/** A part of an index, or in full sentences why a property cannot be one and what to do. */
export type PartResolution = { readonly part: IndexPart } | { readonly problem: string };

/** The part of an index that `property` names among these fields: one of them, or a part of a nested one as `address.city`. */
export function resolvePart(property: string, fields: readonly FieldMetadata[]): PartResolution {
  const found = fieldsTo(property, fields);
  if ('problem' in found) return found;
  const { field } = found;
  const type = indexedTypeOf(field);
  if (type === undefined) return { problem: notIndexed(field) };
  const path = [...found.above, field].map(({ wireSegment }) => wireSegment).join('/');
  return { part: { path, type, ...(field.role === 'counter' && { absent: 0 }) } };
}

type Found =
  { readonly field: FieldMetadata; readonly above: readonly FieldMetadata[] } | { readonly problem: string };

/** The field that a property path names, and the nested ones it lies in, the outermost first. */
export function fieldsTo(property: string, fields: readonly FieldMetadata[]): Found {
  const field = fields.find(({ propertyName }) => propertyName === property);
  if (field !== undefined) return { field, above: [] };
  // A name may have dots in it.
  const outer = fields.find(({ propertyName }) => property.startsWith(`${propertyName}.`));
  if (outer === undefined) return { problem: unknownText(property, fields) };
  const problem = withoutParts(outer);
  if (problem !== undefined) return { problem };
  const inner = fieldsTo(property.slice(outer.propertyName.length + 1), outer.nestedFields ?? []);
  return 'problem' in inner ? inner : { field: inner.field, above: [outer, ...inner.above] };
}

function unknownText(property: string, fields: readonly FieldMetadata[]): string {
  const names = fields.map(({ propertyName }) => propertyName);
  const [first = ''] = property.split('.', 1);
  const guess = nearestName(property, names) ?? nearestName(first, names);
  const cure =
    guess === undefined
      ? `There are ${names.join(', ') || 'none'}.`
      : `Did you mean ${JSON.stringify(guess)}?`;
  return `there is no field ${JSON.stringify(property)}. ${cure}`;
}

function withoutParts({
  propertyName,
  type,
  array,
  nestedClass,
  nestedFields,
}: FieldMetadata): string | undefined {
  if (type !== 'nested') return `${propertyName} is no nested object and has no parts that could be indexed.`;
  if (array) return `${propertyName} is a list, which is stored as one value and has no order.`;
  return nestedFields === undefined
    ? `${propertyName} is mapped by class-transformer, which does not tell its parts. Put @Field() on the properties of ${nestedClass?.name ?? 'its class'}.`
    : undefined;
}
