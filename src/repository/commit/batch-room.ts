import { MAX_LEAVES_PER_WRITE } from '../../protocol/requests/listing.js';
import { leafCount } from '../../protocol/values/value.js';
import { MAX_BATCH_OPERATIONS } from '../../transport/transport.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';

/** The operations a write adds to a batch; 0 for one that is sent by itself. */
export function sizeInBatch({ operations, transport }: PreparedWrite): number {
  return operations !== undefined && transport.capabilities.atomicBatch ? operations.length : 0;
}

/** What one batch takes, in operations and in the leaves they make. */
export class BatchRoom {
  readonly #most: number;
  #operations = 0;
  #leaves = 0;

  /** @param operations how many there is room for, unless one write has more */
  constructor(operations = MAX_BATCH_OPERATIONS) {
    this.#most = operations;
  }

  /** The operations taken so far. */
  get taken(): number {
    return this.#operations;
  }

  /** Takes a write, the first however large it is. False, and nothing taken, when there is no room for it beside the others. */
  take(write: PreparedWrite): boolean {
    const operations = this.#operations + sizeInBatch(write);
    const leaves = this.#leaves + leavesOf(write);
    const fits = operations <= this.#most && leaves <= MAX_LEAVES_PER_WRITE;
    if (!fits && this.#operations > 0) return false;
    this.#operations = operations;
    this.#leaves = leaves;
    return true;
  }
}

function leavesOf({ operations = [] }: PreparedWrite): number {
  return operations.reduce((sum, each) => sum + ('value' in each ? leafCount(each.value) : 0), 0);
}
