import { commitWrites } from '../commit/commit.js';
import type { EntityContext } from '../entity-context.js';
import { thenFollow } from '../lifecycle/after-write.js';
import { heardBy } from '../lifecycle/heard.js';
import { atPosition, positionAmong } from '../commit/position.js';
import { prepareInsert } from '../prepare/prepare-insert.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import type { InsertResult } from '../requests/results.js';
import { writeResult } from '../requests/results.js';
import type { InsertOptions } from '../requests/write-options.js';
import { checkInsertOptions, requestOf } from '../requests/write-options.js';

/** Inserts entities or plain objects; all are validated before the first is sent. */
export async function insertRecords<T extends object>(
  context: EntityContext<T>,
  sources: readonly unknown[],
  options: InsertOptions,
): Promise<InsertResult> {
  checkInsertOptions('insert', options);
  const heard = heardBy(context, options);
  const writes: PreparedWrite[] = [];
  for (const [index, source] of sources.entries()) {
    const position = positionAmong(sources.length, index);
    const prepare = async (): Promise<PreparedWrite> => (await prepareInsert(heard, source, options)).write;
    writes.push(await atPosition(position, prepare));
  }
  const commit = () => commitWrites(writes, context.clock, requestOf(options));
  return writeResult(await thenFollow(writes, commit));
}
