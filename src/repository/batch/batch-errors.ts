import { DustError } from '../../errors.js';
import type { EntityMetadata } from '../../metadata/types.js';
import { MAX_BATCH_OPERATIONS } from '../../transport/transport.js';

type Named = Pick<EntityMetadata, 'name'>;

/** A batch to which nothing was added. */
export function emptyBatch(): DustError {
  return new DustError(
    'nothing_to_write',
    'The batch is empty. Add at least one insert, update, save or delete in the function given to batch().',
  );
}

/** A batch over the limit of one atomic commit (PROTOCOL §3). */
export function batchTooLarge(operations: number): DustError {
  return new DustError(
    'invalid_params',
    `The batch takes ${operations} operations and one atomic commit holds at most ${MAX_BATCH_OPERATIONS}. ` +
      'Split it, or use insertMany, which commits in chunks; nothing was written.',
    { detail: 'batch_too_large' },
  );
}

/** A batch of entities in different stores. */
export function batchAcrossStores(names: readonly string[]): DustError {
  return new DustError(
    'invalid_params',
    `One batch commits to one store, and ${names.join(', ')} lie in different stores. Make one batch for each store.`,
    { detail: 'batch_across_stores' },
  );
}

/** An insert-or-fail in a batch of a server that can only claim a record with a write of its own. */
export function insertIfAbsentInBatch(entity: Named, slug: string): DustError {
  return new DustError(
    'not_supported',
    `${entity.name} ${JSON.stringify(slug)}: insert with { ifAbsent: true } cannot be part of a batch here, for the server's batches know no such condition. ` +
      'Call insert(…, { ifAbsent: true }) on the repository first, and batch the rest when it has succeeded; nothing was written.',
    { detail: 'batchIfAbsent' },
  );
}

/** A change of a counter or a set in a batch of a server whose batches take none. */
export function changeInBatch(entity: Named, method: string): DustError {
  return new DustError(
    'not_supported',
    `${entity.name}: ${method} cannot be part of a batch here, for the server's batches only set and delete. ` +
      `Call ${method} on the repository when the batch has succeeded; nothing was written.`,
    { detail: 'batchCounters' },
  );
}

/** A part of a batch that depends on a record which an earlier part changes. */
export function earlierInBatch(entity: Named, slug: string, method: string): DustError {
  return new DustError(
    'invalid_params',
    `${entity.name} ${JSON.stringify(slug)}: this ${method} depends on the stored record, which an earlier part of the batch changes. ` +
      'Make it one write.',
    { detail: 'earlier_in_batch' },
  );
}

/** An addition to a batch that was committed or refused already. */
export function batchOver(): DustError {
  return new DustError(
    'invalid_params',
    'This batch has been committed or refused already: add to it only inside the function given to batch().',
    { detail: 'batch_over' },
  );
}
