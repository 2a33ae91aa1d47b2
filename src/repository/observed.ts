import type { DustOperation, OperationObserver, OperationSubject } from '../diagnostics/index.js';
import type { EntityMetadata } from '../metadata/types.js';
import type { OnRead } from '../query/index.js';
import type { EntityContext } from './entity-context.js';
import type { EntitySource } from './write/save.js';
import { slugTextIn } from './prepare/name-entity.js';

/** The part of an entity's context that observing takes. */
type ObservedContext = Pick<EntityContext<object>, 'observer'> & { readonly metadata: NamedClass };
type NamedClass = Pick<EntityMetadata, 'name' | 'prefixPath' | 'slugProperty' | 'store'>;

/**
 * Runs an operation on records of one class so that those who watch operations hear of it.
 *
 * @param given what names the records: a slug, a list, an entity, a where
 * @param countOf counts the records in what the operation came to
 */
export function observed<R>(
  { observer, metadata }: ObservedContext,
  operation: DustOperation,
  given: unknown,
  work: () => Promise<R>,
  countOf?: (outcome: R) => number,
): Promise<R> {
  if (!observer.isNeeded) return work();
  return observer.observe(subjectOf(operation, metadata, given), work, countOf);
}

/** As {@link observed}, for a read that says by `onRead` how it was carried out; undefined where nobody wants to know. */
export function observedRead<R>(
  { observer, metadata }: ObservedContext,
  operation: DustOperation,
  given: unknown,
  work: (onRead: OnRead | undefined) => Promise<R>,
  countOf: (outcome: R) => number,
): Promise<R> {
  if (!observer.isNeeded) return work(undefined);
  return observer.observe(subjectOf(operation, metadata, given), work, countOf);
}

/** What is known of an operation on records of one class. */
export function subjectOf(operation: DustOperation, metadata: NamedClass, given: unknown): OperationSubject {
  const { name, prefixPath, slugProperty, store } = metadata;
  const isList = Array.isArray(given);
  const slug = subjectSlugIn(isList && given.length === 1 ? given[0] : given, slugProperty);
  const count = isList ? given.length : slug === undefined ? undefined : 1;
  return { operation, entity: name, prefix: prefixPath, store, slug, count };
}

/** As {@link observed}, for an operation that concerns no class, or several. */
export function observedWithoutClass<R>(
  observer: OperationObserver,
  operation: DustOperation,
  { store, count }: { readonly store?: string | undefined; readonly count?: number },
  work: () => Promise<R>,
  countOf?: (outcome: R) => number,
): Promise<R> {
  if (!observer.isNeeded) return work();
  const subject = { operation, entity: undefined, prefix: undefined, store, slug: undefined, count };
  return observer.observe(subject, work, countOf);
}

/** As {@link observed}, for entities that are of one class as a rule. */
export function observedSources<R>(
  observer: OperationObserver,
  operation: DustOperation,
  sources: readonly EntitySource<object>[],
  work: () => Promise<R>,
): Promise<R> {
  const count = sources.length;
  const [first] = sources;
  const isOfOneClass = sources.every(({ context }) => context === first?.context);
  if (first === undefined || !isOfOneClass) {
    const store = first?.context.metadata.store;
    return observedWithoutClass(observer, operation, { store, count }, work, () => count);
  }
  const given = sources.map(({ source }) => source);
  return observed(first.context, operation, given, work, () => count);
}

function subjectSlugIn(given: unknown, property: string): string | undefined {
  if (typeof given === 'string') return given;
  return Array.isArray(given) ? undefined : slugTextIn(given, property);
}

/** The where of find options, unless it is a list: a list of alternatives names no records. */
export function whereOf(options: { readonly where?: unknown } | undefined): unknown {
  const where = options?.where;
  return Array.isArray(where) ? undefined : where;
}

/** How many entities a list holds. */
export function lengthOf(found: readonly unknown[]): number {
  return found.length;
}

/** One, unless nothing was found. */
export function oneOrNone(found: unknown): number {
  return found === null || found === undefined ? 0 : 1;
}

/** How many records a write has written. */
export function affectedOf({ affected }: { readonly affected: number }): number {
  return affected;
}
