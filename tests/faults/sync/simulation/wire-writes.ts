import { isDustError } from '../../../../src/errors.js';
import type { WireWrite } from '../../../../src/protocol/wire/frames.js';
import { renderPath } from '../../../../src/protocol/paths/path.js';
import type { JsonObject, JsonValue } from '../../../../src/protocol/values/value.js';
import type { Store, WriteContext, WriteRequest } from '../../../../src/store/index.js';
import type { PushReply } from '../../../../src/sync/connection/link.js';

/** Does what a `write` asks for and gives the reply of a 0.1 server (PROTOCOL §4): nothing is deduplicated. */
export async function answerWrite(store: Store, write: WireWrite, deviceId: string): Promise<PushReply> {
  try {
    return { status: 'ok', response: await apply(store, write, deviceId) };
  } catch (error) {
    if (!isDustError(error)) throw error;
    const reason = error.kind === 'invalid_params' ? (error.detail ?? error.kind) : error.kind;
    return { status: 'error', response: { reason } };
  }
}

async function apply(store: Store, write: WireWrite, deviceId: string): Promise<JsonObject> {
  const path = write.path_segments === undefined ? write.path : renderPath(write.path_segments);
  const { client_op_id: clientOpId, ttl_ms: ttl, holder, token = 0 } = write;
  const context: WriteContext = { deviceId, clientOpId, fence: write.fence, deduplicate: false };
  switch (write.op) {
    case 'lease': {
      const lease = await store.lease({ ...context, path, ttl, holder });
      return leaseResponse(lease);
    }
    case 'renew':
      return leaseResponse(await store.renew({ ...context, path, token, ttl }));
    case 'release': {
      const receipt = await store.release({ ...context, path, token });
      return receipt.released ? { store_seq: receipt.storeSeq } : { released: false };
    }
    default: {
      const request = { op: write.op, path, value: write.value ?? null, ifMatch: write.if_match };
      const { storeSeq } = await store.write({
        ...request,
        ifAbsent: write.if_absent,
        ...context,
      } as WriteRequest);
      return { store_seq: storeSeq };
    }
  }
}

function leaseResponse({
  storeSeq,
  token,
  expiresAt,
  holder,
}: {
  storeSeq: number;
  token: number;
  expiresAt: number;
  holder: string | null;
}): JsonObject {
  return { store_seq: storeSeq, token, expires_at: expiresAt, holder };
}

/** A value as a snapshot carries it (PROTOCOL §5.6). */
export function wrapped(value: JsonValue): JsonValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { _scalar: value };
}
