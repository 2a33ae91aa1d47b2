import type { EncodedField, FieldMetadata } from '../../metadata/types.js';
import type { FieldFault } from '../../mapping/index.js';
import type { EntityContext } from '../entity-context.js';
import { unknownProperty } from './field-errors.js';
import { nothingToWrite, slugChanged } from './record-errors.js';
import { assertObject, isInstance } from './instances.js';

/** The part of an update that is the same for every record it goes to. */
export interface EncodedPartial {
  readonly fields: readonly EncodedField[];
  /** The slug, where the partial names one: the update may go to no other record. */
  readonly slug: unknown;
}

/**
 * The defined properties of a partial, validated and encoded.
 *
 * @throws EntityValidationError; DustError `nothing_to_write`, `invalid_criteria` for an unknown property,
 * `invalid_value`
 */
export async function encodePartial<T extends object>(
  context: EntityContext<T>,
  partial: unknown,
): Promise<EncodedPartial> {
  const { metadata, mapper, validator } = context;
  assertObject(context, partial);
  const defined = Object.entries(partial).filter(([, value]) => value !== undefined);
  const fields = defined.filter(([property]) => isWritten(metadata.fieldByProperty.get(property)));
  const filled = metadata.references.map(({ as }) => as);
  const unknown = defined.find(
    ([property]) =>
      property !== metadata.slugProperty &&
      !metadata.fieldByProperty.has(property) &&
      !filled.includes(property),
  );
  if (unknown !== undefined && !isInstance(context, partial)) throw unknownProperty(metadata, unknown[0]);
  const slug: unknown = Reflect.get(partial, metadata.slugProperty);
  if (fields.length === 0) {
    throw nothingToWrite(metadata, 'update', slug === undefined ? undefined : metadata.slugProperty);
  }
  const faults: FieldFault[] = [];
  const encoded = mapper.encode(partial, 'update', faults);
  const options = { partial: true, faults, ...(typeof slug === 'string' ? { slug } : {}) };
  await validator.validate(mapper.adopted(partial, 'partial'), options);
  return { fields: encoded, slug };
}

function isWritten(field: FieldMetadata | undefined): boolean {
  return field !== undefined && field.update !== false;
}

/** A copy of a partial, for others to change. @throws DustError `invalid_value` for what is no object */
export function copyOf<T extends object>(context: EntityContext<T>, partial: unknown): object {
  assertObject(context, partial);
  return Object.assign(Object.create(Reflect.getPrototypeOf(partial)) as object, partial);
}

/** @throws DustError `invalid_value` when the partial names another slug than that of the record */
export function checkSlugStays<T extends object>(
  { metadata }: EntityContext<T>,
  slug: string,
  partial: EncodedPartial,
): void {
  if (partial.slug !== undefined && partial.slug !== slug) throw slugChanged(metadata, slug, partial.slug);
}
