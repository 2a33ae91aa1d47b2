import type { EntityMetadata, FieldMetadata } from '../metadata/types.js';
import { noClaim } from './errors.js';

/**
 * The field whose leaf stands for the record in insert-or-fail: two writers that claim it with `ifAbsent` cannot both
 * win (PROTOCOL §7). It is the first required field that is always one leaf, so it is the same for every writer and
 * every insert.
 *
 * @throws DustError `invalid_metadata` when the class has no such field
 */
export function claimField(metadata: EntityMetadata): FieldMetadata {
  const field = findClaimField(metadata);
  if (field === undefined) throw noClaim(metadata);
  return field;
}

/** As {@link claimField}; undefined when the class has no such field. */
export function findClaimField(metadata: EntityMetadata): FieldMetadata | undefined {
  return metadata.fields.find(isClaim);
}

function isClaim({ required, role, type, array }: FieldMetadata): boolean {
  return required && role === 'plain' && (array || (type !== 'json' && type !== 'nested'));
}
