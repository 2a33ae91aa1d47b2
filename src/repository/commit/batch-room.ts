import { MAX_LEAVES_PER_WRITE } from '../../protocol/listing.js';
import { leafCount } from '../../protocol/value.js';
import { MAX_BATCH_OPERATIONS } from '../../transport/transport.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';

/** The operations a write adds to a batch; 0 for one that is sent by itself. */
export function sizeInBatch({ operations, transport }: PreparedWrite): number {
  return operations !== undefined && transport.capabilities.atomicBatch ? operations.length : 0;
}

/** What still fits into one batch, in operations and in the leaves they make. */
export class BatchRoom {
  readonly #most: number;
  #operations: number;
  #leaves = MAX_LEAVES_PER_WRITE;

  /** @param operations how many there is room for at the most */
  constructor(operations = MAX_BATCH_OPERATIONS) {
    this.#most = operations;
    this.#operations = operations;
  }

  /** The operations taken so far. */
  get taken(): number {
    return this.#most - this.#operations;
  }

  /** Takes the room for a write. False, and nothing taken, when there is none. */
  take(write: PreparedWrite): boolean {
    const operations = sizeInBatch(write);
    const leaves = operations === 0 ? 0 : leavesOf(write);
    if (operations > this.#operations || leaves > this.#leaves) return false;
    this.#operations -= operations;
    this.#leaves -= leaves;
    return true;
  }
}

function leavesOf({ operations = [] }: PreparedWrite): number {
  return operations.reduce((sum, each) => sum + ('value' in each ? leafCount(each.value) : 0), 0);
}
