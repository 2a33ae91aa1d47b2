import { types } from 'node:util';
import type { EntityContext } from '../entity-context.js';
import { entitiesOf, entityNameOf } from '../../metadata/index.js';
import { foreignEntity, notAnEntity } from './record-errors.js';

/** Whether `value` is an instance of the entity class or of one that extends it, rather than a plain object. */
export function isInstance<T extends object>(context: EntityContext<T>, value: object): value is T {
  return value instanceof context.metadata.target;
}

/**
 * `value` itself when it is an instance, else a new instance with its properties.
 *
 * @throws DustError `invalid_value` for no object, and for an instance of an entity class with other records
 */
export function instanceOf<T extends object>(context: EntityContext<T>, value: unknown): T {
  assertObject(context, value);
  if (isInstance(context, value)) return value;
  const foreign = entityWithOtherRecords(context, value);
  if (foreign !== undefined) throw foreignEntity(context.metadata, foreign);
  return createInstance(context, value);
}

/** @throws DustError `invalid_value` for anything that cannot be an entity or stand for one */
export function assertObject<T extends object>(
  { metadata }: Pick<EntityContext<T>, 'metadata'>,
  value: unknown,
): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || types.isPromise(value)) {
    throw notAnEntity(metadata, value);
  }
}

/** The name of the entity class `value` is an instance of, unless that class, loaded twice, keeps the same records. */
function entityWithOtherRecords<T extends object>(
  { metadata }: EntityContext<T>,
  value: object,
): string | undefined {
  const type: unknown = Reflect.get(value, 'constructor');
  if (typeof type !== 'function') return undefined;
  const prefix = entitiesOf(type)[0]?.prefix;
  const isSame = prefix === undefined || [prefix].flat().join('/') === metadata.prefix.join('/');
  return isSame ? undefined : entityNameOf(type);
}

/** A new instance with the defined properties of `like`. */
export function createInstance<T extends object>(context: EntityContext<T>, like: object = {}): T {
  return mergeInto(context, context.mapper.instantiate(), [like]);
}

/**
 * Copies the slug and the fields that are defined in `likes` onto `target`, at every depth of nested objects. Other properties are left out.
 *
 * @throws DustError `invalid_value` when one of them is no object
 */
export function mergeInto<T extends object>(
  context: EntityContext<T>,
  target: T,
  likes: readonly object[],
): T {
  assertObject(context, target);
  for (const like of likes) {
    assertObject(context, like);
    context.mapper.merge(target, like);
  }
  return target;
}
