import { MAX_BATCH_OPERATIONS, MAX_PAGE_SIZE } from '../../protocol/requests/listing.js';
import { invalidPath } from '../../protocol/paths/path.js';
import { Pattern } from '../../protocol/paths/pattern.js';
import {
  MAX_CLIENT_OP_ID_LENGTH,
  checkBatchOperation,
  checkOperationList,
  checkPage,
  checkRange,
} from '../../protocol/requests/request-checks.js';
import { invalidCall } from '../../protocol/requests/request-errors.js';
import type { BatchOperation, ListQuery, TransportCapabilities, WriteOptions } from '../transport.js';
import type { BatchExtra } from './errors.js';
import { batchSize, noFences, notInBatches } from './errors.js';

/** What a header carries unchanged: printable ASCII that neither begins nor ends with a space. */
const HEADER_VALUE = /^[!-~](?:[ -~]*[!-~])?$/;

/** @throws DustError `not_supported` for a fence; `invalid_params` with detail `invalid_client_op_id` */
export function checkWriteOptions({ clientOpId, fence }: WriteOptions): void {
  if (fence !== undefined) throw noFences();
  if (clientOpId === undefined) return;
  if (
    typeof clientOpId === 'string' &&
    clientOpId.length <= MAX_CLIENT_OP_ID_LENGTH &&
    HEADER_VALUE.test(clientOpId)
  ) {
    return;
  }
  throw invalidCall(
    'invalid_client_op_id',
    `Over HTTP, a client id has 1 to ${MAX_CLIENT_OP_ID_LENGTH} printable ASCII characters, with no space at its ends.`,
  );
}

/** The capability that what is not in every batch needs. */
const NEEDED: Readonly<Record<BatchExtra, keyof TransportCapabilities>> = {
  ifAbsent: 'batchIfAbsent',
  merge: 'batchMerge',
  increment: 'batchCounters',
  add: 'batchCounters',
  remove: 'batchCounters',
  check: 'batchCheck',
};

/** @throws DustError `invalid_params` with detail `batch_size`, `not_supported` for what the server's batches do not take */
export function checkBatch(operations: readonly BatchOperation[], capabilities: TransportCapabilities): void {
  checkOperationList(operations);
  if (operations.length < 1 || operations.length > MAX_BATCH_OPERATIONS) throw batchSize(operations.length);
  for (const [opIndex, operation] of operations.entries()) {
    checkBatchOperation(operation, opIndex);
    const extra = extraOf(operation);
    if (extra !== undefined && !capabilities[NEEDED[extra]]) throw notInBatches(extra);
  }
}

function extraOf(operation: BatchOperation): BatchExtra | undefined {
  if (operation.op === 'delete') return undefined;
  if (operation.op !== 'set') return operation.op;
  return operation.ifAbsent === true ? 'ifAbsent' : undefined;
}

/** @throws DustError `invalid_params` with detail `invalid_limit`, `invalid_order`, `invalid_range` or a pattern's fault */
export function checkQuery(query: ListQuery): void {
  const { limit = MAX_PAGE_SIZE, order = 'asc', after } = query;
  checkPage(limit, order);
  if (after !== undefined && typeof (after as unknown) !== 'string') throw invalidPath(after, 'empty_path');
  if ('pattern' in query) Pattern.parse(query.pattern);
  else checkRange(query.from, query.to);
}
