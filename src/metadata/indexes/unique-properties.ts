import type { EntityMetadata } from '../types.js';

/** The properties of the unique index that is over these paths of records; undefined where the entity has none such. */
export function uniqueProperties(
  { indexes }: Pick<EntityMetadata, 'indexes'>,
  paths: readonly string[],
): readonly string[] | undefined {
  return indexes.find(
    ({ definition: { unique, parts } }) =>
      unique && parts.length === paths.length && parts.every(({ path }, i) => path === paths[i]),
  )?.properties;
}
