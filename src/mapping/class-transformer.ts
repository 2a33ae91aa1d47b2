import type * as ClassTransformerModule from 'class-transformer';
import type { EntityMetadata, FieldMetadata } from '../metadata/types.js';

/** The part of class-transformer that maps nested classes without `@Field`. */
export type ClassTransformer = Pick<typeof ClassTransformerModule, 'instanceToPlain' | 'plainToInstance'>;

/** Loads class-transformer when one of the entities needs it; otherwise costs nothing and resolves to `undefined`. */
export async function loadClassTransformer(
  entities: Iterable<EntityMetadata>,
): Promise<ClassTransformer | undefined> {
  const seen = new Set<readonly FieldMetadata[]>();
  const needsIt = (fields: readonly FieldMetadata[]): boolean => {
    if (seen.has(fields)) return false;
    seen.add(fields);
    return fields.some(
      ({ type, nestedFields }) => type === 'nested' && (nestedFields === undefined || needsIt(nestedFields)),
    );
  };
  for (const { fields } of entities) {
    if (needsIt(fields)) return import('class-transformer');
  }
  return undefined;
}
