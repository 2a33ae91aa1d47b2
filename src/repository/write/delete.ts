import type { Clock } from '../../clock.js';
import type { FindCriteria } from '../../query/index.js';
import { slugsOf, slugsToWrite } from '../commit/affected.js';
import { commitWrites } from '../commit/commit.js';
import { thenFollow } from '../lifecycle/after-write.js';
import { heardBy } from '../lifecycle/heard.js';
import { prepareSwap } from '../prepare/compare-and-swap.js';
import type { EntityContext } from '../entity-context.js';
import { atPosition, positionAmong } from '../commit/position.js';
import { oneRecordOnly } from '../prepare/record-errors.js';
import { ignore, prepareDelete, target } from '../prepare/prepare.js';
import { expectedRevision } from '../prepare/prepare-save.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import type { ClearResult, DeleteResult } from '../requests/results.js';
import { writeResult } from '../requests/results.js';
import type { EntitySource } from './save.js';
import { instanceOf } from '../prepare/instances.js';
import { assertOwnSlug } from '../prepare/name-entity.js';
import type { DeleteOptions, RemoveOptions, WriteRequest } from '../requests/write-options.js';
import {
  checkCompareOptions,
  checkEntityOptions,
  checkWriteRequest,
  requestOf,
} from '../requests/write-options.js';

/** Deletes the records that the criteria name and that exist. */
export async function deleteRecords<T extends object>(
  context: EntityContext<T>,
  criteria: FindCriteria<T>,
  options: DeleteOptions,
): Promise<DeleteResult> {
  checkCompareOptions('delete', options);
  const request = requestOf(options);
  const slugs = await slugsOf(context, criteria, request);
  const { ifMatch } = options;
  const told = context.lifecycle?.writingBy('remove');
  if (told !== undefined) await told.before();
  const writes = await prepareDeletes(context, slugs, ifMatch, request);
  const {
    storeSeq,
    affected,
    slugs: deleted,
  } = writeResult(await commitWrites(writes, context.clock, request));
  if (told !== undefined) await told.after();
  return { storeSeq, affected, slugs: deleted };
}

async function prepareDeletes<T extends object>(
  context: EntityContext<T>,
  slugs: readonly string[],
  ifMatch: number | undefined,
  request: WriteRequest,
): Promise<PreparedWrite[]> {
  const [slug] = slugs;
  if (ifMatch !== undefined) {
    if (slug === undefined || slugs.length !== 1) throw oneRecordOnly('delete', slugs.length);
    return [await prepareGuardedDelete(context, slug, ifMatch)];
  }
  return (await slugsToWrite(context, slugs, request)).map((existing) => prepareDelete(context, existing));
}

/** Deletes a record if it still has the revision `expected`. */
export function prepareGuardedDelete<T extends object>(
  context: EntityContext<T>,
  slug: string,
  expected: number,
  settle: (revision: number) => void = ignore,
): Promise<PreparedWrite> {
  const { path } = target(context, slug);
  return prepareSwap(context, slug, { expected, change: () => [{ op: 'delete', path }], settle });
}

/** Deletes the records of entities of any classes. */
export async function removeEntities(
  sources: readonly EntitySource<object>[],
  clock: Clock,
  options: RemoveOptions,
): Promise<void> {
  checkEntityOptions('remove', options);
  if (options.ifMatch !== undefined && sources.length !== 1) throw oneRecordOnly('remove', sources.length);
  const writes: PreparedWrite[] = [];
  for (const [index, { context, source }] of sources.entries()) {
    const prepare = () => prepareRemoval(heardBy(context, options), source, options.ifMatch);
    writes.push(await atPosition(positionAmong(sources.length, index), prepare));
  }
  await thenFollow(writes, () => commitWrites(writes, clock, requestOf(options)));
}

/** Deletes the record of an entity; with a version field, if nobody changed it since. */
export async function prepareRemoval<T extends object>(
  context: EntityContext<T>,
  source: unknown,
  ifMatch: number | undefined,
): Promise<PreparedWrite> {
  const entity = instanceOf(context, source);
  assertOwnSlug(context, entity, 'remove');
  const slug = context.mapper.slugOf(entity);
  const told = context.lifecycle?.writing('remove', entity);
  if (told !== undefined) await told.before();
  const expected = expectedRevision(context, entity, ifMatch);
  const settle = (): void => {
    context.mapper.forget(entity);
  };
  const write =
    expected === undefined
      ? prepareDelete(context, slug, settle)
      : await prepareGuardedDelete(context, slug, expected, settle);
  return told === undefined ? write : told.follow(write);
}

/** Deletes the whole prefix in one operation. */
export async function clearRecords<T extends object>(
  { metadata, transport }: EntityContext<T>,
  options: WriteRequest,
): Promise<ClearResult> {
  checkWriteRequest('clear', options);
  const { storeSeq } = await transport.delete(metadata.prefixPath, requestOf(options));
  return { storeSeq };
}
