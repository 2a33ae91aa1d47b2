import { isDustError } from '../../errors.js';
import type { RequestOptions } from '../../transport/transport.js';
import type { EntityContext } from '../entity-context.js';
import { FOR_WRITE } from '../prepare/for-write.js';
import { ignore, prepareNothing } from '../prepare/prepare.js';
import { prepareUpdate } from '../prepare/prepare-update.js';
import { recordPath } from '../prepare/record-path.js';
import { revisionOfLeaves } from '../prepare/whole-record.js';
import { commitOne } from './commit.js';

const MAX_ATTEMPTS = 50;

/**
 * Brings a record that an older class wrote up to date in a commit of its own, for a write that cannot be a part of one. Does nothing with a
 * record that is up to date, or not there.
 *
 * @throws DustError `invalid_record` when it cannot be brought up to date
 */
export async function bringUpToDate<T extends object>(
  context: EntityContext<T>,
  slug: string,
  options: RequestOptions,
): Promise<void> {
  const { mapper, metadata, transport } = context;
  if (mapper.evolution === undefined) return;
  for (let attempt = 1; ; attempt++) {
    const leaves = await transport.subtree(recordPath(metadata, slug), { ...options, ...FOR_WRITE });
    const revision = revisionOfLeaves(leaves);
    if (revision === null || mapper.evolution.changes({ slug, leaves, revision }) === undefined) return;
    if (metadata.mode === 'flat') {
      // It reads its record by itself, and again when others were faster.
      await commitOne(prepareNothing(context, slug, ignore), options);
      return;
    }
    const write = await prepareUpdate(context, slug, { fields: [], slug }, undefined, leaves);
    if (write === undefined) return;
    try {
      await commitOne(write, options);
      return;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isDustError(error, 'conflict')) throw error;
    }
  }
}
