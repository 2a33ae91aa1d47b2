import type { WireJoinReply } from '../../protocol/wire/frames.js';
import type { JsonObject } from '../../protocol/values/value.js';
import type { PushReply } from '../connection/link.js';
import { isRecord } from '../messages/read-operation.js';

/** The payload of a `phx_reply`, undefined when it is something else. */
export function pushReplyIn(payload: unknown): PushReply | undefined {
  if (!isRecord(payload) || !isRecord(payload.response)) return undefined;
  const { status, response } = payload;
  return status === 'ok' || status === 'error' ? { status, response: response as JsonObject } : undefined;
}

/** Whether an answer to a join is all that PROTOCOL §4 promises. */
export function isJoinReply(response: unknown): response is WireJoinReply {
  if (!isRecord(response)) return false;
  const { store_seq, capver, capver_min, permissions, scopes, store_access } = response;
  return (
    [store_seq, capver, capver_min].every(Number.isSafeInteger) &&
    isRecord(permissions) &&
    typeof permissions.read === 'boolean' &&
    typeof permissions.write === 'boolean' &&
    Array.isArray(scopes) &&
    isRecord(store_access)
  );
}
