import { toJson } from '../values/json.js';
import { MAX_PAGE_SIZE } from './listing.js';
import type { OperationKind } from './operation.js';
import type { Path } from '../paths/path.js';
import { invalidPath, pathFault } from '../paths/path.js';
import type { Subject } from './request-errors.js';
import { invalidCall, invalidParams, invalidValue } from './request-errors.js';
import type { JsonObject, JsonValue } from '../values/value.js';
import { isMap } from '../values/value.js';

/** The longest client id of an operation, in characters. */
export const MAX_CLIENT_OP_ID_LENGTH = 255;

/** The longest a lease lasts without being renewed, in milliseconds: 24 hours. */
export const MAX_LEASE_TTL = 86_400_000;

/** What must hold for a write to be applied (PROTOCOL §2). */
export interface Preconditions {
  /** The leaf at exactly this path has this revision. For `set` of a leaf and `delete`. */
  readonly ifMatch?: number | undefined;
  /** There is no leaf at exactly this path. For `set` of a leaf, and not together with `ifMatch`. */
  readonly ifAbsent?: boolean | undefined;
}

/** @throws DustError `invalid_params` with a path fault as detail */
export function checkPath(path: Path, opIndex?: number): void {
  const fault = pathFault(path);
  if (fault === undefined) return;
  const error = invalidPath(path, fault);
  throw opIndex === undefined ? error : invalidParams({ path, opIndex }, fault, error.message);
}

/** @throws DustError `invalid_params` with detail `invalid_paths` for what cannot be a list of paths; the paths themselves are not looked at */
export function checkPathList(paths: unknown): void {
  if (typeof paths === 'object' && paths !== null && Symbol.iterator in paths) return;
  throw invalidCall('invalid_paths', 'Several leaves are read by a list of their paths.');
}

/** @throws DustError `invalid_params` with detail `invalid_batch` for what cannot be a list of operations; what these say is not looked at */
export function checkOperationList(operations: unknown): void {
  if (!Array.isArray(operations)) throw invalidCall('invalid_batch', 'A batch is a list of operations.');
  const odd = operations.findIndex((operation) => typeof operation !== 'object' || operation === null);
  if (odd === -1) return;
  throw invalidCall('invalid_batch', `Operation ${odd} of the batch must be an object with op and path.`);
}

const BATCH_OPERATIONS: ReadonlySet<unknown> = new Set([
  'set',
  'delete',
  'merge',
  'increment',
  'add',
  'remove',
  'check',
]);

/** Whether a batch may have such an operation. */
export function isBatchOperation(op: unknown): boolean {
  return BATCH_OPERATIONS.has(op);
}

/** @throws DustError `invalid_params` with detail `unsupported_batch_op` for an operation that no batch takes */
export function checkBatchOperation(
  { op, path }: { readonly op: unknown; readonly path: Path },
  opIndex: number,
): void {
  if (isBatchOperation(op)) return;
  throw invalidParams(
    { path, opIndex },
    'unsupported_batch_op',
    `a batch takes ${[...BATCH_OPERATIONS].join(', ')}, not ${JSON.stringify(op)}.`,
  );
}

/** @throws DustError `invalid_params` with detail `invalid_fence` for what is no object with a key and a token */
export function checkFenceForm(fence: unknown): void {
  if (typeof fence === 'object' && fence !== null && 'key' in fence && 'token' in fence) return;
  throw invalidCall('invalid_fence', 'A fence is an object with the key and the token of a lease.');
}

/** A frozen copy of a value to be written. @throws DustError `invalid_value` */
export function checkedValue(value: unknown, subject: Subject): JsonValue {
  const result = toJson(value);
  if ('fault' in result) throw invalidValue(subject, result.fault);
  return result.value;
}

/** The map itself. @throws DustError `invalid_params` with detail `merge_requires_map_value` */
export function mapToMerge(value: JsonValue, subject: Subject): JsonObject {
  if (isMap(value)) return value;
  throw invalidParams(subject, 'merge_requires_map_value', 'merge takes a map of values.');
}

/** @throws DustError `invalid_params` with detail `add_requires_value` or `remove_requires_value` */
export function checkMemberGiven(op: 'add' | 'remove', value: unknown, subject: Subject): void {
  if (value !== null && value !== undefined) return;
  throw invalidParams(subject, `${op}_requires_value`, `${op} takes a member that is not null.`);
}

/** The number itself. @throws DustError `invalid_params` with detail `increment_requires_number_value` */
export function checkDelta(value: unknown, subject: Subject): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalidParams(subject, 'increment_requires_number_value', 'increment takes a finite number.');
}

/** The revision itself. @throws DustError `invalid_params` with detail `invalid_revision` */
export function checkRevision(revision: unknown, subject: Subject): number {
  if (typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0) return revision;
  throw invalidParams(subject, 'invalid_revision', 'a check takes a revision, 0 or more.');
}

/**
 * Checks the preconditions of an operation.
 *
 * @param value what a `set` writes; null for what writes none
 * @throws DustError `invalid_params` with the reasons of PROTOCOL §2, or `invalid_if_match`
 */
export function checkPreconditions(
  op: OperationKind,
  { ifMatch, ifAbsent }: Preconditions,
  value: JsonValue,
  subject: Subject,
): void {
  if (ifMatch === undefined && ifAbsent !== true) return;
  if (ifMatch !== undefined && ifAbsent === true) {
    throw invalidParams(subject, 'invalid_precondition', 'if_match and if_absent exclude each other.');
  }
  const precondition = ifMatch === undefined ? 'if_absent' : 'if_match';
  if (op !== 'set' && !(op === 'delete' && precondition === 'if_match')) {
    throw invalidParams(subject, `${precondition}_unsupported_op`, `${op} takes no ${precondition}.`);
  }
  if (ifMatch !== undefined && !(Number.isSafeInteger(ifMatch) && ifMatch > 0)) {
    throw invalidParams(subject, 'invalid_if_match', 'if_match takes a revision, a positive integer.');
  }
  if (!isMap(value)) return;
  throw invalidParams(
    subject,
    `${precondition}_multi_leaf`,
    `${precondition} guards one leaf, and a map is many. Write the leaves in one batch, each with its own.`,
  );
}

/** @throws DustError `invalid_params` with detail `invalid_ttl` */
export function checkTtl(ttl: number, subject: Subject): void {
  if (Number.isSafeInteger(ttl) && ttl > 0 && ttl <= MAX_LEASE_TTL) return;
  throw invalidParams(
    subject,
    'invalid_ttl',
    `a lease takes its time to live in whole milliseconds, from 1 to ${MAX_LEASE_TTL}, not ${String(ttl)}.`,
  );
}

/** @throws DustError `invalid_params` with detail `invalid_limit` or `invalid_order` */
export function checkPage(limit: number, order: string): void {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE) {
    throw invalidCall('invalid_limit', `A page holds 1 to ${MAX_PAGE_SIZE} leaves, not ${String(limit)}.`);
  }
  if (order !== 'asc' && order !== 'desc') {
    throw invalidCall('invalid_order', `An order is "asc" or "desc", not ${JSON.stringify(order)}.`);
  }
}

/** @throws DustError `invalid_params` with detail `invalid_range` when an end is missing */
export function checkRange(from: unknown, to: unknown): void {
  if (typeof from !== 'string' || typeof to !== 'string') {
    throw invalidCall('invalid_range', 'A range has both ends, "from" and "to".');
  }
}
