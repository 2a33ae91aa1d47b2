import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { JsonObject } from '../../protocol/values/value.js';
import { isObject } from '../../protocol/values/value.js';
import type { Acknowledgement } from './pending-write.js';

/** What a reply would have said of an own operation, from its event: the two come in any order (PROTOCOL §5.1). */
export function acknowledgementOf({ op, storeSeq, value }: CommittedOperation): Acknowledgement {
  const response: Record<string, JsonObject[string]> = { store_seq: storeSeq };
  if (isObject(value) && (op === 'lease' || op === 'renew')) {
    for (const key of ['token', 'expires_at', 'holder']) response[key] = value[key] ?? null;
  }
  if (isObject(value) && op === 'put_file') response.hash = value.hash ?? null;
  return { storeSeq, response: Object.freeze(response) };
}
