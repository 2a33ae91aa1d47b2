import type { Attributes } from '@opentelemetry/api';
import type { DustOperationMessage } from '../diagnostics/index.js';
import { isDustError } from '../errors.js';

/** What the conventions call an error without a name of its own. */
const OTHER_ERROR = '_OTHER';

/** What an operation is known by: the same on its span and in its metrics. Few values each, and none of a record. */
export function operationAttributes({ operation, prefix, store }: DustOperationMessage): Attributes {
  return {
    'db.system.name': 'dust',
    'db.namespace': store,
    'db.operation.name': operation,
    ...(prefix !== undefined && { 'db.collection.name': prefix }),
  };
}

/** What kind of error: a word of few. */
export function errorType(error: unknown): string {
  return isDustError(error) ? error.kind : OTHER_ERROR;
}
