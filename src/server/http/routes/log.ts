import type { Hono } from 'hono';
import { MAX_PAGE_BYTES, MAX_PAGE_SIZE } from '../../../protocol/requests/listing.js';
import type { CommittedOperation } from '../../../protocol/requests/operation.js';
import { answerJson } from '../answers.js';
import type { ServerEnvironment, ServerParts } from '../../environment.js';
import type { Gate } from '../../access/gate.js';
import { queryOf, wholeNumber } from '../parameters.js';
import { wireValue } from '../wire-value.js';

const DEFAULT_LIMIT = 50;

/**
 * `GET /log?after=<seq>&limit=`: the kept operations, oldest first. `first_seq` says from which seq on they are kept.
 */
export function addLogRoute(
  routes: Hono<ServerEnvironment>,
  gate: Gate,
  { features }: Pick<ServerParts, 'features'>,
): void {
  const tellsCommits = features.includes('commits');

  routes.get('/log', gate('entries:read', 'reads'), (c) => {
    const params = queryOf(c.env.incoming.url ?? '');
    const { operations, nextCursor, firstSeq } = c.var.store.log({
      after: wholeNumber(params, 'after', { min: 0, max: Number.MAX_SAFE_INTEGER, fallback: 0 }),
      limit: wholeNumber(params, 'limit', { min: 1, max: MAX_PAGE_SIZE, fallback: DEFAULT_LIMIT }),
      bytes: MAX_PAGE_BYTES,
    });
    return answerJson(c, {
      items: operations.map((operation) => wireOperation(operation, tellsCommits)),
      next_cursor: nextCursor,
      first_seq: firstSeq,
    });
  });
}

function wireOperation(operation: CommittedOperation, tellsCommit: boolean): object {
  const { storeSeq, op, path, value, deviceId, clientOpId, commit } = operation;
  return {
    store_seq: storeSeq,
    op,
    path,
    value: wireValue(value),
    device_id: deviceId,
    client_op_id: clientOpId,
    ...(tellsCommit && commit !== undefined ? { commit } : {}),
  };
}
