import type { EntityContext } from '../entity-context.js';
import { underOtherSlug } from './record-errors.js';

/** What an entity has for a slug, whatever that is worth; undefined while it has none. */
export function slugIn<T extends object>(
  { metadata }: Pick<EntityContext<T>, 'metadata'>,
  entity: object,
): unknown {
  return Reflect.get(entity, metadata.slugProperty) ?? undefined;
}

/** The text that anything has for a slug; undefined for what has none, and for what is no object. */
export function slugTextIn(source: unknown, slugProperty: string): string | undefined {
  if (typeof source !== 'object' || source === null) return undefined;
  const slug: unknown = Reflect.get(source, slugProperty);
  return typeof slug === 'string' ? slug : undefined;
}

/**
 * Gives an entity that is about to be inserted a slug, where it has none and its class makes them.
 *
 * @throws InvalidValueError when the class's own function does not return one
 */
export function giveSlug<T extends object>(context: EntityContext<T>, entity: T): void {
  if (context.makeSlug === undefined || slugIn(context, entity) !== undefined) return;
  Reflect.set(entity, context.metadata.slugProperty, context.makeSlug());
}

/**
 * That an entity which was loaded or saved still has the slug of its record. One without a slug stands for none: it may become another record.
 *
 * @throws DustError `invalid_value` when it has another one
 */
export function assertOwnSlug<T extends object>(context: EntityContext<T>, entity: T, method: string): void {
  const known = context.mapper.knownSlugOf(entity);
  const now = slugIn(context, entity);
  if (known === undefined || now === undefined || now === known) return;
  throw underOtherSlug(context.metadata, method, { known, now });
}

/** Tells a plain object without a slug which one the instance has that stands for it: inserted again, it is the same record. */
export function tellSlug<T extends object>(
  context: EntityContext<T>,
  source: unknown,
  entity: T,
  slug: string,
): void {
  if (source === entity || slugIn(context, source as object) !== undefined) return;
  Reflect.set(source as object, context.metadata.slugProperty, slug);
}
