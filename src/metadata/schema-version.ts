import { escapeSegment } from '../protocol/paths/path.js';
import type { EntityOptions } from './declarations.js';
import type { EntityMetadata } from './types.js';

/** The leaf that says the version of a record, where the class gives it no other name. */
export const DEFAULT_VERSION_NAME = '_schema';

/** What an entity says of the version of its records, once it was checked. */
export function schemaVersionOf({
  version,
  upgrade = {},
  versionName = DEFAULT_VERSION_NAME,
}: EntityOptions): Pick<EntityMetadata, 'schemaVersion'> {
  if (version === undefined) return {};
  const upgrades = new Map(Object.entries(upgrade).map(([number, make]) => [Number(number), make]));
  return {
    schemaVersion: {
      number: version,
      wireName: versionName,
      wireSegment: escapeSegment(versionName),
      upgrades,
    },
  };
}
