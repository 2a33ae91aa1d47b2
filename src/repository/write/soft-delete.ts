import type { Clock } from '../../clock.js';
import type { StoredRecord } from '../../mapping/index.js';
import type { EncodedField } from '../../metadata/types.js';
import { queryForDeletion } from '../../query/index.js';
import type { FindCriteria } from '../../query/index.js';
import { orTurn, slugsOf } from '../commit/affected.js';
import { commitWrites } from '../commit/commit.js';
import { atPosition, positionAmong } from '../commit/position.js';
import type { EntityContext } from '../entity-context.js';
import { thenFollow } from '../lifecycle/after-write.js';
import { heardBy } from '../lifecycle/heard.js';
import { instanceOf } from '../prepare/instances.js';
import { assertOwnSlug } from '../prepare/name-entity.js';
import { expectedRevision } from '../prepare/prepare-save.js';
import { isSoftlyDeleted, prepareDeletion } from '../prepare/prepare-deletion.js';
import { prepareUpdate } from '../prepare/prepare-update.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import { noTimeOfDeletion, oneRecordOnly, recordMissing } from '../prepare/record-errors.js';
import type { UpdateResult } from '../requests/results.js';
import { writeResult } from '../requests/results.js';
import type { RemoveOptions, UpdateOptions, WriteRequest } from '../requests/write-options.js';
import { checkCompareOptions, checkEntityOptions, requestOf } from '../requests/write-options.js';
import type { EntitySource } from './save.js';
import { writeToRecords } from './update.js';

/** Which way: records are deleted softly, or come back. */
export interface SoftDeletion {
  readonly method: 'softDelete' | 'softRemove' | 'restore' | 'recover';
  readonly isDeleted: boolean;
}

export const SOFT_DELETE: SoftDeletion = { method: 'softDelete', isDeleted: true };
export const SOFT_REMOVE: SoftDeletion = { method: 'softRemove', isDeleted: true };
export const RESTORE: SoftDeletion = { method: 'restore', isDeleted: false };
export const RECOVER: SoftDeletion = { method: 'recover', isDeleted: false };

/** @throws DustError `invalid_metadata` for a class without a time of deletion */
export function assertDeletedAt<T extends object>(
  { metadata }: Pick<EntityContext<T>, 'metadata'>,
  { method }: SoftDeletion,
): void {
  if (metadata.deletedAtField === undefined) throw noTimeOfDeletion(metadata, method);
}

/** Sets or clears the time of deletion of the records that the criteria name or find, those aside that have it so already. */
export async function softDeleteRecords<T extends object>(
  context: EntityContext<T>,
  criteria: FindCriteria<T>,
  options: UpdateOptions,
  deletion: SoftDeletion,
): Promise<UpdateResult> {
  const { method, isDeleted } = deletion;
  checkCompareOptions(method, options);
  assertDeletedAt(context, deletion);
  const request = requestOf(options);
  const { ifMatch } = options;
  const slugs =
    ifMatch === undefined
      ? await slugsToChange(context, criteria, request, isDeleted)
      : await slugsOf(context, criteria, request);
  const told = context.lifecycle?.writingBy(toldOf(isDeleted));
  if (told !== undefined) await told.before();
  const fields = context.mapper.encodeDeletion(isDeleted);
  const result =
    ifMatch === undefined
      ? await changeEach(context, slugs, fields, { ...deletion, request })
      : await writeToRecords(context, slugs, { fields, slug: undefined }, { ...options, method });
  if (told !== undefined) await told.after();
  return result;
}

/** Changes those of the records that are not so already when it comes to them. */
async function changeEach<T extends object>(
  context: EntityContext<T>,
  slugs: readonly string[],
  fields: readonly EncodedField[],
  { isDeleted, request }: SoftDeletion & { readonly request: WriteRequest },
): Promise<UpdateResult> {
  const admits = (record: StoredRecord): boolean => isSoftlyDeleted(context, record) !== isDeleted;
  const writes = slugs.map((slug) => prepareDeletion(context, slug, { fields, admits }));
  return writeResult(await orTurn(await commitWrites(writes, context.clock, request)));
}

/** What those are told who listen. */
export function toldOf(isDeleted: boolean): 'softRemove' | 'recover' {
  return isDeleted ? 'softRemove' : 'recover';
}

async function slugsToChange<T extends object>(
  { metadata, mapper, reader }: EntityContext<T>,
  criteria: FindCriteria<T>,
  { signal }: WriteRequest,
  isDeleted: boolean,
): Promise<string[]> {
  const query = queryForDeletion(metadata, criteria, isDeleted ? 'left out' : 'alone');
  const entities = await reader.find({ ...query, signal, forWrite: true });
  return entities.map((entity) => mapper.slugOf(entity));
}

/** Sets or clears the time of deletion of the records of entities of any classes, and of the entities. */
export async function softRemoveEntities(
  sources: readonly EntitySource<object>[],
  clock: Clock,
  options: RemoveOptions,
  deletion: SoftDeletion,
): Promise<void> {
  const { method } = deletion;
  checkEntityOptions(method, options);
  for (const { context } of sources) assertDeletedAt(context, deletion);
  if (options.ifMatch !== undefined && sources.length !== 1) throw oneRecordOnly(method, sources.length);
  const writes: PreparedWrite[] = [];
  for (const [index, { context, source }] of sources.entries()) {
    const prepare = () => prepareSoftRemoval(heardBy(context, options), source, options, deletion);
    writes.push(await atPosition(positionAmong(sources.length, index), prepare));
  }
  await thenFollow(writes, () => commitWrites(writes, clock, requestOf(options)));
}

/**
 * The time of deletion of the record of an entity; with a version field, if nobody changed it since. Nothing else of the entity is written.
 *
 * @throws DustError `not_found` when there is no record, `conflict`
 */
export async function prepareSoftRemoval<T extends object>(
  context: EntityContext<T>,
  source: unknown,
  { ifMatch }: Pick<RemoveOptions, 'ifMatch'>,
  { method, isDeleted }: SoftDeletion,
): Promise<PreparedWrite> {
  const { mapper, metadata } = context;
  const entity = instanceOf(context, source);
  assertOwnSlug(context, entity, method);
  const slug = mapper.slugOf(entity);
  const told = context.lifecycle?.writing(toldOf(isDeleted), entity);
  if (told !== undefined) await told.before();
  const given = source as T;
  const fields = mapper.encodeDeletion(isDeleted);
  const expected = expectedRevision(context, given, ifMatch);
  const missing = (): never => {
    throw recordMissing(metadata, slug, method);
  };
  const write =
    expected === undefined
      ? prepareDeletion(context, slug, { fields, missing })
      : ((await prepareUpdate(context, slug, { fields, slug }, expected)) ?? missing());
  const settle = (revision: number): void => {
    for (const each of new Set([entity, given])) mapper.markDeletion(each, fields, revision);
  };
  const settling = { ...write, settle };
  return told === undefined ? settling : told.follow(settling);
}
