import { commitWrites } from '../commit/commit.js';
import type { EntityContext } from '../entity-context.js';
import { thenFollow } from '../lifecycle/after-write.js';
import { heardBy } from '../lifecycle/heard.js';
import { atPosition, positionAmong } from '../commit/position.js';
import { prepareInsert } from '../prepare/prepare-insert.js';
import { SlugClaims } from '../prepare/slug-claims.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import type { InsertResult } from '../requests/results.js';
import { writeResult } from '../requests/results.js';
import type { InsertOptions } from '../requests/write-options.js';
import { checkInsertOptions, requestOf } from '../requests/write-options.js';

/** Inserts entities or plain objects, each slug once; all are validated before the first is sent. */
export async function insertRecords<T extends object>(
  method: 'insert' | 'upsert',
  context: EntityContext<T>,
  sources: readonly unknown[],
  options: InsertOptions,
): Promise<InsertResult> {
  checkInsertOptions('insert', options);
  const heard = heardBy(context, options);
  const claims = new SlugClaims(method);
  const writes: PreparedWrite[] = [];
  for (const [index, source] of sources.entries()) {
    const position = positionAmong(sources.length, index);
    const prepare = async (): Promise<PreparedWrite> => {
      const { write } = await prepareInsert(heard, source, options);
      claims.claim(context, write.slug, index);
      return write;
    };
    writes.push(await atPosition(position, prepare));
  }
  const commit = () => commitWrites(writes, context.clock, requestOf(options));
  return writeResult(await thenFollow(writes, commit));
}
