import { partsFor } from '../../mapping/index.js';
import type { EncodedField } from '../../metadata/types.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import { assemble } from '../../protocol/values/value.js';

/** Whether the fields are written in one way or another by what the record holds: some come in parts. */
export function hasParts(fields: readonly EncodedField[]): boolean {
  return fields.some(({ parts }) => parts !== undefined);
}

/**
 * The fields as they are written into a record with these leaves.
 *
 * @throws EntityValidationError when a nested object that the record does not have lacks what is required
 */
export function fieldsFor(
  record: Path,
  slug: string,
  fields: readonly EncodedField[],
  leaves: readonly Leaf[],
): EncodedField[] {
  return fields.flatMap((encoded) => {
    if (encoded.parts === undefined) return encoded;
    const present = assemble(`${record}/${encoded.field.wireSegment}`, leaves);
    return partsFor(encoded, present, slug) ?? [];
  });
}
