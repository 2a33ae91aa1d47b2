import type { FindCriteria } from '../../query/index.js';
import { slugsOf, slugsToWrite } from '../commit/affected.js';
import { commitOne } from '../commit/commit.js';
import type { EntityContext } from '../entity-context.js';
import type { CounterChange, FieldChange, SetChange } from './field-changes.js';
import { assertCounters, counterChange, prepareFieldChange, setChange } from './field-changes.js';
import { pipeline } from '../commit/pipeline.js';
import type { UpdateResult } from '../requests/results.js';
import { writeResult } from '../requests/results.js';
import { stoppedBetweenRecords } from '../commit/stopped-between-records.js';
import type { WriteRequest } from '../requests/write-options.js';
import { checkWriteRequest, requestOf } from '../requests/write-options.js';

/** Adds to or takes from a counter of every record that the criteria name and that exists. */
export async function changeCounter<T extends object>(
  context: EntityContext<T>,
  criteria: FindCriteria<T>,
  change: CounterChange,
  options: WriteRequest,
): Promise<UpdateResult> {
  return changeEach(context, criteria, counterChange(context, change), options);
}

/** Adds a member to or takes it from a set of every record that the criteria name and that exists. */
export async function changeSet<T extends object>(
  context: EntityContext<T>,
  criteria: FindCriteria<T>,
  change: SetChange,
  options: WriteRequest,
): Promise<UpdateResult> {
  return changeEach(context, criteria, setChange(context, change), options);
}

/** Each record by itself: where there is no time to write, that is one operation, which counts once whatever happens to the connection. */
async function changeEach<T extends object>(
  context: EntityContext<T>,
  criteria: FindCriteria<T>,
  change: FieldChange,
  options: WriteRequest,
): Promise<UpdateResult> {
  assertCounters(context, change.method);
  checkWriteRequest(change.method, options);
  const request = requestOf(options);
  const slugs = await slugsToWrite(context, await slugsOf(context, criteria, request), request);
  const { results: each, failure } = await pipeline(slugs, (slug) =>
    commitOne(prepareFieldChange(context, slug, change), request),
  );
  const results = each.flat();
  if (failure === undefined) return writeResult(results);
  throw stoppedBetweenRecords(
    results.map(({ slug }) => slug),
    slugs.length,
    failure,
  );
}
