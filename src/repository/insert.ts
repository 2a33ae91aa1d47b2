import { commitWrites } from './commit.js';
import type { EntityContext } from './entity-context.js';
import { prepareInsert } from './prepare-insert.js';
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
  const prepared = [];
  for (const source of sources) prepared.push(await prepareInsert(context, source, options));
  return writeResult(
    await commitWrites(
      prepared.map(({ write }) => write),
      context.clock,
      requestOf(options),
    ),
  );
}
