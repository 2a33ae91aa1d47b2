import type { DataSourceOptions } from '../../data-source/index.js';
import { DEFAULT_STORE } from '../../data-source/index.js';
import { folderOf } from '../../data-source/folder-of.js';
import { isDustError, messageOf } from '../../errors.js';
import { createEntityMapper, loadClassTransformer } from '../../mapping/index.js';
import type { EntityMetadata } from '../../metadata/index.js';
import type { CliContext } from '../context.js';
import { loggerTo } from '../output/logger.js';
import { openTarget } from '../target/open-target.js';
import { Progress } from '../output/progress.js';
import { WorkProgress } from '../output/work-progress.js';
import type { Target } from '../target/target.js';
import type { Finding } from './finding.js';
import { fail, ok, warn } from './finding.js';
import type { RecordCount, RecordSurvey } from './record-survey.js';
import { surveyRecords } from './record-survey.js';

const CHECK = 'records';

/** Reads all records of all entities, and says which of them do not fit their class, and which are older than it. */
export async function* checkRecords(
  options: DataSourceOptions,
  source: string,
  stores: ReadonlyMap<string, readonly EntityMetadata[]>,
  context: CliContext,
): AsyncGenerator<Finding, void, undefined> {
  if ([...stores.values()].flat().length === 0) {
    yield warn(CHECK, 'No records were looked at: there are no entities. Give --config with them.');
    return;
  }
  for (const [store, entities] of stores) {
    if (entities.length > 0) {
      yield* checkStore({ ...options, store }, options.store, source, entities, context);
    }
  }
}

async function* checkStore(
  options: DataSourceOptions & { readonly store: string },
  ownStore: string = DEFAULT_STORE,
  source: string,
  entities: readonly EntityMetadata[],
  context: CliContext,
): AsyncGenerator<Finding, void, undefined> {
  const { io, err, signal } = context;
  const path = folderOf(options.path, { ...options, store: ownStore }, options.store);
  const placed = path === undefined ? options : { ...options, path };
  let target: Target;
  try {
    target = await openTarget(
      { source, options: { ...placed, entities: [] } },
      { create: false, signal, clock: io.clock, logger: loggerTo(err) },
    );
  } catch (error) {
    if (!isDustError(error) || error.kind === 'aborted') throw error;
    const text = `${options.store}: no records were looked at. ${error.message}`;
    yield error.kind === 'invalid_options' ? warn(CHECK, text) : fail(CHECK, text);
    return;
  }
  try {
    const classTransformer = await loadClassTransformer(entities);
    for (const metadata of entities) {
      yield await checkEntity(target, metadata, { clock: io.clock, classTransformer }, context);
    }
  } finally {
    await target.close();
  }
}

async function checkEntity(
  { transport }: Target,
  metadata: EntityMetadata,
  mapping: Parameters<typeof createEntityMapper>[1],
  { err, io, signal }: CliContext,
): Promise<Finding> {
  const progress = new Progress(err);
  const work = new WorkProgress(progress, io.clock, { unit: `records of ${metadata.name}` });
  try {
    const survey = await surveyRecords(transport, createEntityMapper(metadata, mapping), {
      signal,
      onProgress: (records) => work.tell(records),
    });
    return { ...verdict(survey), records: survey };
  } catch (error) {
    if (!isDustError(error) || error.kind === 'aborted') throw error;
    return fail(CHECK, `${metadata.name}: its records could not be read. ${messageOf(error)}`);
  } finally {
    await progress.clear();
  }
}

function verdict({ entity, records, unfit, reasons, older }: RecordSurvey): Finding {
  const age =
    older.length === 0
      ? ''
      : `\nOlder than the class, each until its next save:${older.map(asLine).join('')}`;
  if (unfit === 0) return ok(CHECK, `${entity}: ${counted(records)}, all of which fit.${age}`);
  const cure =
    'Nothing finds them: mend or delete them, or have the class read them (docs/schema-over-time.md).';
  return fail(
    CHECK,
    `${entity}: ${unfit} of ${counted(records)} do not fit. ${cure}${reasons.map(asLine).join('')}${age}`,
  );
}

function asLine({ reason, count, slugs }: RecordCount): string {
  const more = count > slugs.length ? ', …' : '';
  return `\n  ${count} × ${reason} (${slugs.map((slug) => JSON.stringify(slug)).join(', ')}${more})`;
}

function counted(records: number): string {
  return records === 1 ? '1 record' : `${records} records`;
}
