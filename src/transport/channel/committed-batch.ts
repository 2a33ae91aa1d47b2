import type { CommittedOperation } from '../../protocol/requests/operation.js';
import { toJson } from '../../protocol/values/json.js';
import type { JsonValue } from '../../protocol/values/value.js';
import type { BatchOperation, BatchReceipt } from '../transport.js';

/** Copies of the operations that nobody changes while they travel; what is no JSON stays, for the sender to refuse. */
export function frozenBatch(operations: readonly BatchOperation[]): readonly BatchOperation[] {
  return operations.map((operation) => {
    if (!('value' in operation)) return operation;
    const copy = toJson(operation.value);
    return 'fault' in copy ? operation : ({ ...operation, value: copy.value } as BatchOperation);
  });
}

/** What a counter or a set comes to is not in the answer. */
const UNTOLD: ReadonlySet<string> = new Set(['increment', 'add', 'remove']);

/**
 * The operations of a batch as the store has committed them: its receipt tells the seq of each (PROTOCOL §7). Undefined when it
 * does not tell what one of them came to.
 */
export function committedBatch(
  operations: readonly BatchOperation[],
  receipt: BatchReceipt,
  writer: { readonly deviceId: string; readonly clientOpId: string },
): CommittedOperation[] | undefined {
  if (operations.some(({ op }) => UNTOLD.has(op))) return undefined;
  const { deviceId, clientOpId } = writer;
  const committed = operations.flatMap((operation, i): CommittedOperation[] => {
    const one = receipt.operations[i];
    if (one === undefined || operation.op === 'check') return [];
    const { op, path } = operation;
    const value: JsonValue = op === 'delete' ? null : operation.value;
    return [{ storeSeq: one.storeSeq, op, path, value, deviceId, clientOpId }];
  });
  const [first, last] = [committed[0], committed.at(-1)];
  if (first === undefined || last === undefined || first === last) return committed;
  const commit = { first: first.storeSeq, last: last.storeSeq };
  return committed.map((operation) => ({ ...operation, commit }));
}
