import { toJson } from '../../protocol/json.js';
import { MAX_BATCH_OPERATIONS, MAX_PAGE_SIZE } from '../../protocol/listing.js';
import type { Path } from '../../protocol/path.js';
import { invalidPath, pathFault } from '../../protocol/path.js';
import { Pattern } from '../../protocol/pattern.js';
import type { JsonValue } from '../../protocol/value.js';
import { isMap } from '../../protocol/value.js';
import type { BatchOperation, ListQuery, SetOptions, WriteOptions } from '../transport.js';
import type { Subject } from './errors.js';
import { batchSize, invalidCall, invalidParams, invalidValue, noFences, notInBatches } from './errors.js';

const MAX_CLIENT_OP_ID_LENGTH = 255;

/** What a header carries unchanged: printable ASCII that neither begins nor ends with a space. */
const HEADER_VALUE = /^[!-~](?:[ -~]*[!-~])?$/;

/** @throws DustError `invalid_params` with a path fault as detail */
export function checkPath(path: Path, opIndex?: number): void {
  const fault = typeof path === 'string' ? pathFault(path) : 'empty_path';
  if (fault === undefined) return;
  const error = invalidPath(path, fault);
  throw opIndex === undefined ? error : invalidParams({ path, opIndex }, fault, error.message);
}

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

/** A frozen copy of a value to be written. @throws DustError `invalid_value` */
export function checkedValue(value: unknown, subject: Subject): JsonValue {
  const result = toJson(value);
  if ('fault' in result) throw invalidValue(subject, result.fault);
  return result.value;
}

/** @throws DustError `invalid_params` with the reasons of PROTOCOL §2, or `invalid_if_match` */
export function checkPreconditions(
  { ifMatch, ifAbsent }: Pick<SetOptions, 'ifMatch' | 'ifAbsent'>,
  value: JsonValue,
  subject: Subject,
): void {
  if (ifMatch === undefined && ifAbsent !== true) return;
  if (ifMatch !== undefined && ifAbsent === true) {
    throw invalidParams(subject, 'invalid_precondition', 'if_match and if_absent exclude each other.');
  }
  if (ifMatch !== undefined && !(Number.isSafeInteger(ifMatch) && ifMatch > 0)) {
    throw invalidParams(subject, 'invalid_if_match', 'if_match takes a revision, a positive integer.');
  }
  if (!isMap(value)) return;
  const precondition = ifMatch === undefined ? 'if_absent' : 'if_match';
  throw invalidParams(
    subject,
    `${precondition}_multi_leaf`,
    `${precondition} guards one leaf, and a map is many. Write the leaves in one batch, each with its own.`,
  );
}

/** @throws DustError `invalid_params` with detail `batch_size`, `not_supported` for what batches do not take */
export function checkBatch(operations: readonly BatchOperation[]): void {
  if (operations.length < 1 || operations.length > MAX_BATCH_OPERATIONS) throw batchSize(operations.length);
  for (const operation of operations) {
    if (operation.op === 'merge') throw notInBatches('merge');
    if (operation.op === 'set' && operation.ifAbsent === true) throw notInBatches('ifAbsent');
  }
}

/** @throws DustError `invalid_params` with detail `invalid_limit`, `invalid_order`, `invalid_range` or a pattern's fault */
export function checkQuery(query: ListQuery): void {
  const { limit = MAX_PAGE_SIZE, order = 'asc' } = query;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE) {
    throw invalidCall('invalid_limit', `A page holds 1 to ${MAX_PAGE_SIZE} leaves, not ${String(limit)}.`);
  }
  if (!['asc', 'desc'].includes(order)) {
    throw invalidCall('invalid_order', `An order is "asc" or "desc", not ${JSON.stringify(order)}.`);
  }
  if ('pattern' in query) {
    Pattern.parse(query.pattern);
  } else if (typeof query.from !== 'string' || typeof query.to !== 'string') {
    throw invalidCall('invalid_range', 'A range has both ends, "from" and "to".');
  }
}
