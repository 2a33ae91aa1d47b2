import type { WireBatchOperation } from '../../protocol/http.js';
import { checkPath, checkPreconditions, checkedValue } from '../../protocol/request-checks.js';
import type { Subject } from '../../protocol/request-errors.js';
import type { BatchOperation } from '../transport.js';
import { notInBatches } from './errors.js';

/**
 * An operation as it is sent, its value a copy. `opIndex` is its position in a batch.
 *
 * @throws DustError `invalid_params`, `invalid_value`; `not_supported` for a merge
 */
export function wireOperation(operation: BatchOperation, opIndex?: number): WireBatchOperation {
  const { path } = operation;
  const subject: Subject = { path, opIndex };
  checkPath(path, opIndex);
  switch (operation.op) {
    case 'merge':
    case 'increment':
    case 'add':
    case 'remove':
    case 'check':
      throw notInBatches(operation.op);
    case 'delete': {
      checkPreconditions('delete', operation, null, subject);
      const { ifMatch } = operation;
      return { op: 'delete', path, ...(ifMatch === undefined ? {} : { if_match: ifMatch }) };
    }
    case 'set': {
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
  }
}

/** Whether the operation has a precondition: made again, it may fail where it succeeded. */
export function isGuarded(operation: WireBatchOperation): boolean {
  return operation.if_match !== undefined || (operation.op === 'set' && operation.if_absent === true);
}
