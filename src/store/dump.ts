import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { DumpedLeaf } from '../protocol/wire/dump.js';
import { MAX_BATCH_OPERATIONS, MAX_PAGE_BYTES, MAX_PAGE_SIZE } from '../protocol/requests/listing.js';
import { inStoreOrder } from '../protocol/paths/order.js';
import type { Path } from '../protocol/paths/path.js';
import { leafTypeOf } from '../protocol/values/value.js';
import { checkPath, checkValue } from './request-checks.js';
import type { SetOperation, WriteContext } from './requests.js';
import type { Store } from './store.js';

/** What an import did. */
export interface ImportReceipt {
  /** The number of leaves written. */
  readonly imported: number;
  /** The seq of the store's last operation. */
  readonly storeSeq: number;
}

/** All leaves of a store in store order, read page by page: what is written meanwhile may be among them. */
export function* exportLeaves(store: Store): Generator<DumpedLeaf, void, undefined> {
  for (const page of exportPages(store)) yield* page;
}

/**
 * The same in pages of bounded number and size. Each is read when it is asked for and at once: nothing of the storage is
 * held from one to the next, however long the reader takes.
 */
export function* exportPages(store: Store): Generator<readonly DumpedLeaf[], void, undefined> {
  let after: Path | undefined;
  for (;;) {
    const { items, nextCursor } = store.list({
      pattern: '**',
      limit: MAX_PAGE_SIZE,
      bytes: MAX_PAGE_BYTES,
      after,
    });
    yield items.map(({ path, value, type }) => ({ path, value, type }));
    if (nextCursor === null) return;
    after = nextCursor;
  }
}

/**
 * Writes leaves with their types, each in place of what lay at and below its path; of two at one path the later one
 * stays. All are checked before the first is written, then they are committed in batches: when a batch fails, those
 * before it stand.
 *
 * @throws DustError `invalid_params`, `invalid_value` for a leaf that no store takes
 */
export async function importLeaves(
  store: Store,
  leaves: Iterable<DumpedLeaf>,
  context: Omit<WriteContext, 'clientOpId' | 'fence'> = {},
): Promise<ImportReceipt> {
  const operations = Array.from(leaves, setOperation);
  // A leaf comes before those below it: writing it afterwards would remove them.
  const inOrder = inStoreOrder(operations, ({ path }) => path);
  for (let start = 0; start < inOrder.length; start += MAX_BATCH_OPERATIONS) {
    await store.writeBatch({ ...context, operations: inOrder.slice(start, start + MAX_BATCH_OPERATIONS) });
    // A storage in memory is done at once: others get their turn between two batches.
    await turnOfTheLoop();
  }
  return { imported: inOrder.length, storeSeq: store.status().storeSeq };
}

function setOperation({ path, value, type }: DumpedLeaf): SetOperation {
  checkPath(path);
  checkValue(value, { path });
  const operation = { op: 'set', path, value } as const;
  return type === leafTypeOf(value) ? operation : { ...operation, leafTypes: new Map([[path, type]]) };
}
