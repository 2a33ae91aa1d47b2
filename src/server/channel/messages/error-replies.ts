import type { DustError } from '../../../errors.js';
import { isDustError } from '../../../errors.js';
import type { JsonValue } from '../../../protocol/values/value.js';
import type { Reply } from './replies.js';
import { refused } from './replies.js';

/** In milliseconds. */
const RETRY_AFTER = 1_000;

/** The answer to a write that a store refused; undefined for what is no refusal but a fault (PROTOCOL §4). */
export function refusalReply(error: unknown, op: JsonValue | undefined): Reply | undefined {
  if (!isDustError(error)) return undefined;
  const { path, duplicate } = error;
  if (duplicate !== undefined) return refused(error.kind, { path, duplicate });
  switch (error.kind) {
    case 'conflict':
    case 'exists':
    case 'fenced':
    case 'held':
    case 'occupied':
    case 'not_held':
      return refused(error.kind);
    // A node of a cluster holds as many as it may, and has sent nothing: clients send it again.
    case 'rate_limited':
      return refused('rate_limited', { retry_after_ms: RETRY_AFTER });
    case 'invalid_value':
      return refused('invalid_value', { message: error.message });
    case 'invalid_params':
      return invalidReply(error, op);
    default:
      return undefined;
  }
}

/** Only where an operation takes no precondition does a recorded server repeat the operation. */
function invalidReply({ detail = 'invalid_params' }: DustError, op: JsonValue | undefined): Reply {
  return refused(detail, detail.endsWith('_unsupported_op') ? { op } : {});
}
