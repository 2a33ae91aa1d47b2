import type { JsonObject } from '../../../protocol/values/value.js';
import { isMap } from '../../../protocol/values/value.js';
import type {
  LeaseReceipt,
  ReleaseReceipt,
  Store,
  WriteContext,
  WriteOperation,
} from '../../../store/index.js';
import type { TypedJson } from '../../http/typed-json.js';
import { clientOpIdOf, withoutClientOpId } from './client-op-id.js';
import { invalidField } from './errors.js';
import type { Membership } from './membership.js';
import { refusalOf } from './membership.js';
import { fieldsOf } from './payload.js';
import type { Outcome } from './replies.js';
import { done } from './replies.js';
import {
  assertUnconditional,
  contextOf,
  holderOf,
  pathOf,
  preconditionsOf,
  tokenOf,
  ttlOf,
} from './write-fields.js';

/** `write`: one operation on the store (PROTOCOL §4). @throws DustError what the store refuses it with */
export async function write(membership: Membership, payload: unknown, written?: TypedJson): Promise<Outcome> {
  const fields = fieldsOf(payload);
  const clientOpId = clientOpIdOf(fields);
  if (clientOpId === undefined) return withoutClientOpId(membership, fields);
  const refusal = refusalOf(membership, 'entries:write', 'writes');
  if (refusal !== undefined) return refusal;
  const { store, parts } = membership;
  const context = contextOf(membership, clientOpId, fields);
  return done(await parts.writer.run(store, 1, () => apply(store, fields, context, written)));
}

async function apply(
  store: Store,
  fields: JsonObject,
  context: WriteContext,
  written?: TypedJson,
): Promise<object> {
  switch (fields.op) {
    case 'lease': {
      assertUnconditional(fields);
      const [path, ttl, holder] = [pathOf(fields), ttlOf(fields), holderOf(fields)];
      return leased(await store.lease({ path, ttl, holder, ...context }));
    }
    case 'renew': {
      assertUnconditional(fields);
      const [path, ttl, token] = [pathOf(fields), ttlOf(fields), tokenOf(fields)];
      return leased(await store.renew({ path, ttl, token, ...context }));
    }
    case 'release': {
      assertUnconditional(fields);
      return released(await store.release({ path: pathOf(fields), token: tokenOf(fields), ...context }));
    }
    default: {
      const { storeSeq } = await store.write({ ...operationOf(fields, written), ...context });
      return { store_seq: storeSeq };
    }
  }
}

function operationOf(fields: JsonObject, written?: TypedJson): WriteOperation {
  const { op, value = null } = fields;
  switch (op) {
    case 'set': {
      const path = pathOf(fields);
      return { op, path, value, leafTypes: written?.at('value').leafTypes(path), ...preconditionsOf(fields) };
    }
    case 'delete':
      return { op, path: pathOf(fields), ...preconditionsOf(fields) };
    case 'merge':
      if (!isMap(value)) throw invalidField('merge_requires_map_value');
      return { op, path: pathOf(fields), value, ...preconditionsOf(fields) };
    case 'increment':
      if (typeof value !== 'number') throw invalidField('increment_requires_number_value');
      return { op, path: pathOf(fields), value, ...preconditionsOf(fields) };
    case 'add':
    case 'remove':
      return { op, path: pathOf(fields), value, ...preconditionsOf(fields) };
    default:
      throw invalidField('invalid op');
  }
}

function leased({ storeSeq, token, expiresAt, holder }: LeaseReceipt): object {
  return { store_seq: storeSeq, token, expires_at: expiresAt, holder };
}

function released(receipt: ReleaseReceipt): object {
  return receipt.released ? { store_seq: receipt.storeSeq } : { released: false };
}
