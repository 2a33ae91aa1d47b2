import { commitWrites } from './commit.js';
import type { EntityContext } from './entity-context.js';
import { atPosition, positionAmong } from './position.js';
import { prepareInsert } from './prepare-insert.js';
import type { PreparedWrite } from './prepared-write.js';
import type { InsertResult } from './results.js';
import { writeResult } from './results.js';
import type { InsertOptions } from './write-options.js';
import { checkInsertOptions, requestOf } from './write-options.js';

/** Inserts entities or plain objects; all are validated before the first is sent. */
export async function insertRecords<T extends object>(
  context: EntityContext<T>,
  sources: readonly unknown[],
  options: InsertOptions,
): Promise<InsertResult> {
  checkInsertOptions('insert', options);
  const writes: PreparedWrite[] = [];
  for (const [index, source] of sources.entries()) {
    const position = positionAmong(sources.length, index);
    const prepare = async (): Promise<PreparedWrite> => (await prepareInsert(context, source, options)).write;
    writes.push(await atPosition(position, prepare));
  }
  return writeResult(await commitWrites(writes, context.clock, requestOf(options)));
}
