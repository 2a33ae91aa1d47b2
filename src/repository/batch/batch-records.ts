import type { Path } from '../../protocol/paths/path.js';
import type { EntityContext } from '../entity-context.js';
import { earlierInBatch } from './batch-errors.js';
import { recordPath } from '../prepare/record-path.js';

/** What earlier parts of a batch have made of a record. */
type Fate = 'written' | 'deleted';

/**
 * What the parts of a batch do to records, in order. Operations of a batch see the earlier ones, but what is read
 * while the batch is prepared does not: a part that depends on the stored record must be the record's first.
 */
export class BatchRecords {
  readonly #fates = new Map<Path, Fate>();

  fateOf<T extends object>(context: EntityContext<T>, slug: string): Fate | undefined {
    return this.#fates.get(recordPath(context.metadata, slug));
  }

  note<T extends object>(context: EntityContext<T>, slug: string, fate: Fate): void {
    this.#fates.set(recordPath(context.metadata, slug), fate);
  }

  /** @throws DustError `invalid_params` when an earlier part of the batch changes the record */
  mustBeFirst<T extends object>(context: EntityContext<T>, slug: string, method: string): void {
    if (this.fateOf(context, slug) !== undefined) throw earlierInBatch(context.metadata, slug, method);
  }
}
