import type { EntityMetadata } from '../metadata/types.js';
import type { Transport } from '../transport/transport.js';
import { uniquenessNotKept } from './errors.js';

/**
 * Uniqueness is kept by a store of this process, inside of the commit. This is the one place that says what becomes of it
 * elsewhere: it is refused, and never passed over.
 *
 * @throws DustError `not_supported` naming the class
 */
export function checkUniqueness(metadata: EntityMetadata, { capabilities }: Transport): void {
  if (capabilities.uniqueIndexes === true) return;
  const unique = metadata.indexes.find(({ definition }) => definition.unique);
  if (unique !== undefined) throw uniquenessNotKept(metadata, unique);
}
