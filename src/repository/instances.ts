import type { EntityContext } from './entity-context.js';
import { notAnEntity } from './record-errors.js';

/** Whether `value` is an instance of the entity class or of one that extends it, rather than a plain object. */
export function isInstance<T extends object>(context: EntityContext<T>, value: object): value is T {
  return value instanceof context.metadata.target;
}

/** `value` itself when it is an instance, else a new instance with its properties. */
export function instanceOf<T extends object>(context: EntityContext<T>, value: unknown): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw notAnEntity(context.metadata, value);
  }
  return isInstance(context, value) ? value : createInstance(context, value);
}

/** A new instance with the defined properties of `like`. */
export function createInstance<T extends object>(context: EntityContext<T>, like: object = {}): T {
  return mergeInto(context, context.mapper.instantiate(), [like]);
}

/** Copies the slug and the fields that are defined in `likes` onto `target`. Other properties are left out. */
export function mergeInto<T extends object>(
  context: EntityContext<T>,
  target: T,
  likes: readonly object[],
): T {
  const { slugProperty, fields } = context.metadata;
  const properties = [slugProperty, ...fields.map((field) => field.propertyName)];
  for (const like of likes) {
    for (const property of properties) {
      const value: unknown = Reflect.get(like, property);
      if (value !== undefined) Reflect.set(target, property, value);
    }
  }
  return target;
}
