import type { Clock } from '../../clock.js';
import { isDustError } from '../../errors.js';
import type { EntityContext } from '../../repository/index.js';
import { retryOnConflict, saveEntities, saveEntity } from '../../repository/index.js';
import type { WalkOutcome } from '../types.js';

/** What a walk saves with. */
export interface SavingOptions<T extends object> {
  readonly context: EntityContext<T>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Has `fn` change an entity; whether it is to be saved. */
  readonly apply: (entity: T) => Promise<boolean>;
  /** Reads an entity again; null when it is gone. */
  readonly read: (slug: string) => Promise<T | null>;
}

/** A record that a walk has passed, with its entity where that is to be saved. */
export interface Passed<T extends object> {
  readonly slug: string;
  readonly entity: T | undefined;
}

/** How `fn` wants it, on the entity. @param merge as {@link Repository.merge} */
export async function applied<T extends object>(
  fn: ((entity: T) => WalkOutcome<T> | Promise<WalkOutcome<T>>) | undefined,
  entity: T,
  merge: (entity: T, like: object) => void,
): Promise<boolean> {
  if (fn === undefined) return true;
  const outcome: unknown = await fn(entity);
  if (outcome === false) return false;
  if (typeof outcome === 'object' && outcome !== null && outcome !== entity) merge(entity, outcome);
  return true;
}

/**
 * Saves what has changed, each record only if it is still as it was read: all together, and where that is refused one after the other.
 *
 * @param onSaved hears of each record that is done with, and whether it was written, in their order
 */
export async function saveChanges<T extends object>(
  passed: readonly Passed<T>[],
  options: SavingOptions<T>,
  onSaved: (slug: string, isWritten: boolean) => void,
): Promise<void> {
  const { context, clock, signal } = options;
  const entities = passed.flatMap(({ entity }) => (entity === undefined ? [] : [entity]));
  const before = new Map(entities.map((entity) => [entity, context.mapper.revisionOf(entity)]));
  try {
    const sources = entities.map((source) => ({ context, source, ifMatch: expected(context, source) }));
    await saveEntities(sources, clock, { signal });
  } catch (error) {
    if (!isDustError(error) || signal.aborted) throw error;
    for (const { slug, entity } of passed) {
      const isWritten = entity !== undefined && (await saveOne(slug, entity, before.get(entity), options));
      onSaved(slug, isWritten);
    }
    return;
  }
  for (const { slug, entity } of passed) {
    onSaved(slug, entity !== undefined && context.mapper.revisionOf(entity) !== before.get(entity));
  }
}

/** Saves one entity, read and changed again while other writers are faster. Resolves to whether its record was written. */
async function saveOne<T extends object>(
  slug: string,
  entity: T,
  before: number | undefined,
  { context, clock, signal, apply, read }: SavingOptions<T>,
): Promise<boolean> {
  const attempt = async (attempts: number): Promise<boolean> => {
    const current = attempts === 1 ? entity : await read(slug);
    if (current === null) return false;
    if (attempts > 1 && !(await apply(current))) return false;
    const known = attempts === 1 ? before : context.mapper.revisionOf(current);
    const ifMatch = expected(context, current);
    await saveEntity(context, current, { signal, ...(ifMatch !== undefined && { ifMatch }) });
    return context.mapper.revisionOf(current) !== known;
  };
  return retryOnConflict(attempt, { signal }, clock);
}

/** The revision that a record must still have; undefined where the transport cannot make a write depend on it. */
function expected<T extends object>({ mapper, transport }: EntityContext<T>, entity: T): number | undefined {
  return transport.capabilities.atomicBatch ? mapper.revisionOf(entity) : undefined;
}
