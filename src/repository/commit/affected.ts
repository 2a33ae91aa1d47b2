import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { FindCriteria } from '../../query/index.js';
import { existingSlugs as existingOf, resolveCriteria } from '../../query/index.js';
import type { RequestOptions } from '../../transport/transport.js';
import type { EntityContext } from '../entity-context.js';
import { FOR_WRITE } from '../prepare/for-write.js';
import { pipeline } from './pipeline.js';

/**
 * The slugs of the records that criteria name or find. Those named may not exist.
 *
 * @throws DustError `invalid_criteria`
 */
export async function slugsOf<T extends object>(
  { metadata, mapper, reader }: EntityContext<T>,
  criteria: FindCriteria<T>,
  { signal }: RequestOptions,
): Promise<readonly string[]> {
  const resolved = resolveCriteria(metadata, criteria);
  if (resolved.query === undefined) return resolved.slugs;
  const entities = await reader.find({ ...resolved.query, signal, forWrite: true });
  return entities.map((entity) => mapper.slugOf(entity));
}

/**
 * The list, after a turn of the event loop when it is empty. Whoever tries again until there is something to write would otherwise keep all
 * work from being done, that of the mirror too, which brings it.
 */
export async function orTurn<Item>(list: Item[]): Promise<Item[]> {
  if (list.length === 0) await turnOfTheLoop();
  return list;
}

/** The results of `work` for each slug, several at a time. @throws what the first failing one threw */
export async function forEachSlug<Result>(
  slugs: readonly string[],
  work: (slug: string) => Promise<Result>,
): Promise<readonly Result[]> {
  const { results, failure } = await pipeline(slugs, work);
  if (failure !== undefined) throw failure.error;
  return results;
}

/** Those of the slugs whose record exists. */
export function existingSlugs<T extends object>(
  { metadata, transport }: EntityContext<T>,
  slugs: readonly string[],
  options: RequestOptions = {},
): Promise<string[]> {
  return existingOf(transport, metadata, slugs, { ...options, ...FOR_WRITE });
}

/** As {@link existingSlugs}. Where none does, nothing will be written, and other work has had its turn. */
export async function slugsToWrite<T extends object>(
  context: EntityContext<T>,
  slugs: readonly string[],
  options: RequestOptions = {},
): Promise<string[]> {
  return orTurn(await existingSlugs(context, slugs, options));
}
