import type { EntityClass, EntityMetadata, FieldMetadata } from '../../metadata/types.js';
import type { ClassTransformer } from './peer-types.js';
import { importClassTransformer } from './optional-peers.js';

/**
 * Loads class-transformer when one of the entities needs it; otherwise costs nothing and resolves to `undefined`.
 *
 * @throws DustError `invalid_options` with detail `package_missing`, naming the class, when it is not installed
 */
export async function loadClassTransformer(
  entities: Iterable<EntityMetadata>,
): Promise<ClassTransformer | undefined> {
  const seen = new Set<readonly FieldMetadata[]>();
  const needing = (fields: readonly FieldMetadata[]): EntityClass | undefined => {
    if (seen.has(fields)) return undefined;
    seen.add(fields);
    for (const { type, nestedClass, nestedFields } of fields) {
      if (type !== 'nested') continue;
      const found = nestedFields === undefined ? nestedClass : needing(nestedFields);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const { fields } of entities) {
    const { name } = needing(fields) ?? {};
    if (name !== undefined) {
      return importClassTransformer(
        `The nested class ${name} has no @Field, so that class-transformer maps it`,
      );
    }
  }
  return undefined;
}
