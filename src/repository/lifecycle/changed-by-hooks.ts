import type { EntityMapper } from '../../mapping/index.js';
import type { EncodedField } from '../../metadata/types.js';

/**
 * Calls what comes before the write of an entity that stands for a plain object.
 *
 * @returns the object, or a copy of it with what the hooks have made of the entity
 */
export async function changedByHooks<T extends object>(
  mapper: EntityMapper<T>,
  entity: T,
  source: object,
  callHooks: () => Promise<void> | undefined,
): Promise<object> {
  if (source === entity) {
    await callHooks();
    return source;
  }
  const before = encodings(mapper, entity);
  await callHooks();
  const after = encodings(mapper, entity);
  // Those, too, that a hook has taken off.
  const changes = [...new Set([...before.keys(), ...after.keys()])]
    .filter((property) => before.get(property) !== after.get(property))
    .map((property): [string, unknown] => [property, Reflect.get(entity, property)]);
  return changes.length === 0 ? source : { ...source, ...Object.fromEntries(changes) };
}

/** What each property would be written as. A value that cannot be stored is none until a hook makes one of it. */
function encodings<T extends object>(mapper: EntityMapper<T>, entity: T): ReadonlyMap<string, string> {
  const encoded = mapper.encodeAll(entity, 'update', []);
  return new Map(encoded.map((each) => [each.field.propertyName, textOf(each)]));
}

function textOf({ value, parts }: EncodedField): string {
  return JSON.stringify([value, parts]);
}
