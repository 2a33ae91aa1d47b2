import { isDustError } from '../../errors.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { FindCriteria } from '../../query/index.js';
import type { RequestOptions } from '../../transport/transport.js';
import { forEachSlug, orTurn, slugsOf, slugsToWrite } from '../commit/affected.js';
import { commitOne, commitWrites } from '../commit/commit.js';
import type { EntityContext } from '../entity-context.js';
import { FOR_WRITE } from '../prepare/for-write.js';
import { contention, oneRecordOnly } from '../prepare/record-errors.js';
import type { EncodedPartial } from '../prepare/partial.js';
import { checkSlugStays, copyOf, encodePartial } from '../prepare/partial.js';
import { ignore, prepareFields } from '../prepare/prepare.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import { hasParts } from '../prepare/parts.js';
import { preparePartly, prepareUpdate } from '../prepare/prepare-update.js';
import { recordPath } from '../prepare/record-path.js';
import type { UpdateResult, WrittenRecord } from '../requests/results.js';
import { writeResult } from '../requests/results.js';
import type { UpdateOptions } from '../requests/write-options.js';
import { checkCompareOptions, requestOf } from '../requests/write-options.js';

/** How often a map-mode record is read and written again when other writers are faster. At least one of them wins each time. */
const MAX_ATTEMPTS = 50;

/** How often several of them are, all together. */
const MAX_TOGETHER = 3;

/** Writes the defined properties of a partial to every record that the criteria name and that exists. */
export async function updateRecords<T extends object>(
  context: EntityContext<T>,
  criteria: FindCriteria<T>,
  partial: unknown,
  options: UpdateOptions,
): Promise<UpdateResult> {
  checkCompareOptions('update', options);
  const { lifecycle } = context;
  if (lifecycle === undefined) return updateEach(context, criteria, partial, options);
  const given = copyOf(context, partial);
  const told = lifecycle.writingBy('update', given);
  await told.before();
  const result = await updateEach(context, criteria, given, options);
  await told.after();
  return result;
}

async function updateEach<T extends object>(
  context: EntityContext<T>,
  criteria: FindCriteria<T>,
  partial: unknown,
  options: UpdateOptions,
): Promise<UpdateResult> {
  const encoded = await encodePartial(context, partial);
  const slugs = await slugsOf(context, criteria, requestOf(options));
  return writeToRecords(context, slugs, encoded, { ...options, method: 'update' });
}

/** Writes what was encoded to those of the records that exist. */
export async function writeToRecords<T extends object>(
  context: EntityContext<T>,
  slugs: readonly string[],
  encoded: EncodedPartial,
  { method, ...options }: UpdateOptions & { readonly method: string },
): Promise<UpdateResult> {
  const request = requestOf(options);
  const { ifMatch } = options;
  if (ifMatch !== undefined && slugs.length !== 1) throw oneRecordOnly(method, slugs.length);
  if (context.metadata.mode === 'map' && ifMatch === undefined) {
    return writeResult(await orTurn(await rewriteAll(context, slugs, encoded, request)));
  }
  const writes =
    ifMatch === undefined
      ? await prepareUpdates(context, slugs, encoded, request)
      : await forEachSlug(slugs, (slug) => prepareUpdate(context, slug, encoded, ifMatch));
  return writeResult(
    await commitWrites(
      writes.filter((write) => write !== undefined),
      context.clock,
      request,
    ),
  );
}

async function prepareUpdates<T extends object>(
  context: EntityContext<T>,
  slugs: readonly string[],
  partial: EncodedPartial,
  request: RequestOptions,
): Promise<readonly PreparedWrite[]> {
  for (const slug of slugs) checkSlugStays(context, slug, partial);
  if (hasParts(partial.fields)) {
    const records = await context.reader.readRecords(slugs, { ...request, ...FOR_WRITE });
    return slugs.flatMap((slug) => {
      const leaves = records.get(slug)?.leaves ?? [];
      return leaves.length === 0 ? [] : (preparePartly(context, slug, partial.fields, leaves) ?? []);
    });
  }
  const existing = await slugsToWrite(context, slugs, request);
  return existing.map((slug) => prepareFields(context, slug, partial.fields, ignore));
}

/**
 * Changes and writes back map-mode records: together, as those of the other mode are, and each by itself when other writers come in
 * between again and again.
 */
async function rewriteAll<T extends object>(
  context: EntityContext<T>,
  slugs: readonly string[],
  partial: EncodedPartial,
  request: RequestOptions,
): Promise<WrittenRecord[]> {
  for (let attempt = 1; ; attempt++) {
    const records = await context.reader.readRecords(slugs, { ...request, ...FOR_WRITE });
    const leavesOf = (slug: string): readonly Leaf[] => records.get(slug)?.leaves ?? [];
    if (slugs.length === 1 || attempt > MAX_TOGETHER) {
      const written = await forEachSlug(slugs, (slug) =>
        rewrite(context, slug, partial, request, leavesOf(slug)),
      );
      return written.flat();
    }
    const writes = await forEachSlug(slugs, (slug) =>
      prepareUpdate(context, slug, partial, undefined, leavesOf(slug)),
    );
    try {
      return await commitWrites(
        writes.filter((write) => write !== undefined),
        context.clock,
        request,
      );
    } catch (error) {
      if (!isDustError(error, 'conflict')) throw error;
    }
  }
}

/** Changes and writes back one map-mode record, which was read as `leaves`; reads it again until no other writer came in between. */
async function rewrite<T extends object>(
  context: EntityContext<T>,
  slug: string,
  partial: EncodedPartial,
  request: RequestOptions,
  leaves: readonly Leaf[],
): Promise<WrittenRecord[]> {
  for (let attempt = 1; ; attempt++) {
    const write = await prepareUpdate(context, slug, partial, undefined, attempt === 1 ? leaves : undefined);
    if (write === undefined) return [];
    try {
      return await commitOne(write, request);
    } catch (error) {
      if (!isDustError(error, 'conflict')) throw error;
      if (attempt === MAX_ATTEMPTS) {
        throw contention(context.metadata, slug, recordPath(context.metadata, slug), attempt, error);
      }
    }
  }
}
