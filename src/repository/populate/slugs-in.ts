import type { ReferenceMetadata } from '../../metadata/types.js';

/** The slugs that a reference of an entity holds, in their order; what cannot be a slug names nothing. */
export function slugsIn(entity: object, { property }: ReferenceMetadata): string[] {
  const held: unknown = Reflect.get(entity, property);
  return (Array.isArray(held) ? (held as unknown[]) : [held]).filter(isSlug);
}

function isSlug(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}
