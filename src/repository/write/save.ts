import type { Clock } from '../../clock.js';
import { commitOne, commitWrites } from '../commit/commit.js';
import type { EntityContext } from '../entity-context.js';
import { atPosition, positionAmong } from '../commit/position.js';
import { oneRecordOnly } from '../prepare/record-errors.js';
import { prepareSave } from '../prepare/prepare-save.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import type { SaveOptions } from '../requests/write-options.js';
import { checkCompareOptions, requestOf } from '../requests/write-options.js';

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
  clock: Clock,
  options: SaveOptions,
): Promise<T[]> {
  checkCompareOptions('save', options);
  if (options.ifMatch !== undefined && sources.length !== 1) throw oneRecordOnly('save', sources.length);
  const entities: T[] = [];
  const writes: PreparedWrite[] = [];
  for (const [index, { context, source }] of sources.entries()) {
    const write = await atPosition(positionAmong(sources.length, index), async () => {
      const prepared = await prepareSave(context, source, options);
      entities.push(prepared.entity);
      return prepared.write;
    });
    if (write !== undefined) writes.push(write);
  }
  await commitWrites(writes, clock, requestOf(options));
  return entities;
}
