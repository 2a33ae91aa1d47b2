import type { WireBatchOperation } from '../../protocol/wire/http.js';
import {
  checkDelta,
  checkMemberGiven,
  checkPath,
  checkPreconditions,
  checkRevision,
  checkedValue,
  mapToMerge,
} from '../../protocol/requests/request-checks.js';
import type { Subject } from '../../protocol/requests/request-errors.js';
import type { BatchOperation } from '../transport.js';

/** What a URL can name: an operation that is also sent by itself. */
export type WireSingleOperation = Extract<WireBatchOperation, { op: 'set' | 'delete' }>;
type SingleOperation = Extract<BatchOperation, { op: 'set' | 'delete' }>;

/**
 * An operation of a batch as it is sent, its value a copy. `opIndex` is its position.
 *
 * @throws DustError `invalid_params`, `invalid_value`
 */
export function wireOperation(operation: BatchOperation, opIndex: number): WireBatchOperation {
  const { path } = operation;
  const subject: Subject = { path, opIndex };
  switch (operation.op) {
    case 'set':
    case 'delete':
      return wireSingle(operation, opIndex);
    case 'merge':
      checkPath(path, opIndex);
      return { op: 'merge', path, value: mapToMerge(checkedValue(operation.value, subject), subject) };
    case 'increment':
      checkPath(path, opIndex);
      return { op: 'increment', path, value: checkDelta(operation.value, subject) };
    case 'add':
    case 'remove':
      checkPath(path, opIndex);
      checkMemberGiven(operation.op, operation.value, subject);
      return { op: operation.op, path, value: checkedValue(operation.value, subject) };
    case 'check':
      checkPath(path, opIndex);
      return { op: 'check', path, revision: checkRevision(operation.revision, subject) };
  }
}

/** As {@link wireOperation}, for what may also be sent by itself: it then has no position. */
export function wireSingle(operation: SingleOperation, opIndex?: number): WireSingleOperation {
  const { path } = operation;
  const subject: Subject = { path, opIndex };
  checkPath(path, opIndex);
  if (operation.op === 'delete') {
    checkPreconditions('delete', operation, null, subject);
    const { ifMatch } = operation;
    return { op: 'delete', path, ...(ifMatch === undefined ? {} : { if_match: ifMatch }) };
  }
  const value = checkedValue(operation.value, subject);
  checkPreconditions('set', operation, value, subject);
  const { ifMatch, ifAbsent } = operation;
  return {
    op: 'set',
    path,
    value,
    ...(ifMatch === undefined ? {} : { if_match: ifMatch }),
    ...(ifAbsent === true ? { if_absent: true } : {}),
  };
}

/** Whether there is a request for this operation alone. */
export function goesByItself(operation: WireBatchOperation): operation is WireSingleOperation {
  return operation.op === 'set' || operation.op === 'delete';
}

/** Whether the operation, made again, may do something else: it has a precondition, or adds to what is there. */
export function countsOnce(operation: WireBatchOperation): boolean {
  switch (operation.op) {
    case 'set':
      return operation.if_match !== undefined || operation.if_absent === true;
    case 'delete':
      return operation.if_match !== undefined;
    case 'check':
    case 'increment':
      return true;
    default:
      return false;
  }
}
