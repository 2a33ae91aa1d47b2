import { withoutProperties } from '../../mapping/index.js';
import type { EntityMetadata } from '../../metadata/types.js';
import type { Selection } from '../criteria/select.js';
import { leftOutBy } from '../criteria/select.js';

/** Makes of a loaded entity the instance to hand out. */
export type HandOut = <T extends object>(entity: T) => T;

/**
 * What makes of a loaded entity the instance to hand out: it loses the properties that the selection leaves out. Only an entity that
 * nobody else looks at may go through it, and after everything that its record is judged by.
 */
export function handOut(metadata: EntityMetadata, selection: Selection): HandOut {
  const leftOut = leftOutBy(metadata, selection);
  return leftOut === undefined ? (entity) => entity : (entity) => withoutProperties(entity, leftOut);
}
