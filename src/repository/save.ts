import { systemClock } from '../clock.js';
import { commitOne, commitWrites } from './commit.js';
import type { EntityContext } from './entity-context.js';
import { oneRecordOnly } from './record-errors.js';
import { prepareSave } from './prepare-save.js';
import type { SaveOptions } from './write-options.js';
import { checkCompareOptions, requestOf } from './write-options.js';

/** An entity (or a plain object) with what its class's repository works with. */
export interface EntitySource<T extends object> {
  readonly context: EntityContext<T>;
  readonly source: unknown;
}

/** Saves one entity. Resolves to the instance. */
export async function saveEntity<T extends object>(
  context: EntityContext<T>,
  source: unknown,
  options: SaveOptions,
): Promise<T> {
  checkCompareOptions('save', options);
  const { entity, write } = await prepareSave(context, source, options);
  if (write !== undefined) await commitOne(write, requestOf(options));
  return entity;
}

/** Saves entities of any classes; all are validated before the first is sent. Resolves to the instances. */
export async function saveEntities<T extends object>(
  sources: readonly EntitySource<T>[],
  options: SaveOptions,
): Promise<T[]> {
  checkCompareOptions('save', options);
  if (options.ifMatch !== undefined && sources.length !== 1) throw oneRecordOnly('save', sources.length);
  const prepared = [];
  for (const { context, source } of sources) prepared.push(await prepareSave(context, source, options));
  await commitWrites(
    prepared.flatMap(({ write }) => (write === undefined ? [] : [write])),
    sources[0]?.context.clock ?? systemClock,
    requestOf(options),
  );
  return prepared.map(({ entity }) => entity);
}
