import type { CommittedOperation } from '../protocol/requests/operation.js';
import { isObject } from '../protocol/values/value.js';
import { parseLease } from './operations/leases.js';

/** An acknowledged write: the seq of its operation, which is the revision of every leaf it wrote. */
export interface WriteReceipt {
  readonly storeSeq: number;
}

/** An acknowledged batch: the seq of each operation, in order, and of the last. */
export interface BatchReceipt extends WriteReceipt {
  readonly operations: readonly WriteReceipt[];
}

export interface LeaseReceipt extends WriteReceipt {
  /** What a fence carries: the seq of the operation that took the lease, kept by `renew`. */
  readonly token: number;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  readonly holder: string | null;
}

/** `released: false` answers a token that does not hold the lease: nothing was written. */
export type ReleaseReceipt = ({ readonly released: true } & WriteReceipt) | { readonly released: false };

export interface FileReceipt extends WriteReceipt {
  /** The content's address: `sha256:` and 64 hexadecimal digits. */
  readonly hash: string;
}

/** A rollback: how many operations it took, none when nothing had changed, and the seq of the store's last one. */
export interface RollbackReceipt extends WriteReceipt {
  readonly operationCount: number;
}

/** What a batch was committed as. */
interface CommittedBatch {
  readonly operations: readonly CommittedOperation[];
  readonly storeSeq: number;
}

/** The receipt of a committed operation. */
export function writeReceipt({ storeSeq }: CommittedOperation): WriteReceipt {
  return { storeSeq };
}

/** The receipt of a batch. An operation that wrote nothing has the seq of the one before it, or of the store then. */
export function batchReceipt(
  requested: readonly { readonly op: string }[],
  { operations, storeSeq }: CommittedBatch,
): BatchReceipt {
  const first = operations[0]?.storeSeq ?? storeSeq + 1;
  let written = 0;
  const receipts = requested.map(({ op }) => {
    if (op !== 'check') written++;
    return { storeSeq: first + written - 1 };
  });
  return { storeSeq, operations: receipts };
}

/** The receipt of a committed `lease` or `renew`, read from the envelope it wrote. */
export function leaseReceipt({ storeSeq, value }: CommittedOperation): LeaseReceipt {
  const lease = parseLease(value);
  if (lease === undefined) throw new TypeError(`operation ${storeSeq} wrote no lease`);
  return { storeSeq, ...lease };
}

/** The receipt of a committed `put_file`, read from the envelope it wrote. */
export function fileReceipt({ storeSeq, value }: CommittedOperation): FileReceipt {
  const hash = isObject(value) ? value.hash : undefined;
  if (typeof hash !== 'string') throw new TypeError(`operation ${storeSeq} wrote no file`);
  return { storeSeq, hash };
}
