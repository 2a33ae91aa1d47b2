import type { Hono } from 'hono';
import type { WireBatchReceipt, WireEntries, WireEntry } from '../../../protocol/http.js';
import { MAX_BATCH_OPERATIONS, MAX_PAGE_SIZE } from '../../../protocol/listing.js';
import type { Path } from '../../../protocol/path.js';
import type { JsonValue } from '../../../protocol/value.js';
import { isObject, setOwn } from '../../../protocol/value.js';
import type { BatchOperation } from '../../../store/index.js';
import { answerJson } from '../answers.js';
import type { ServerEnvironment, ServerParts } from '../../environment.js';
import { badRequest } from '../../errors.js';
import type { Gate } from '../../access/gate.js';
import type { Imitation } from '../../imitation.js';
import { pathOf } from '../parameters.js';
import type { TypedJson } from '../typed-json.js';
import { wireEntry } from '../wire-value.js';
import { writeContext } from '../write-context.js';
import { ifAbsentOf, ifMatchOf, readFields } from './entry-bodies.js';

/** `POST /entries/batch` and `POST /entries/batch_write` (PROTOCOL §3). */
export function addBatchRoutes(routes: Hono<ServerEnvironment>, gate: Gate, parts: ServerParts): void {
  const { imitation, bounds } = parts;

  routes.post('/entries/batch', gate('entries:read', 'writes'), async (c) => {
    const paths = pathsOf(await readFields(c, bounds.body));
    const leaves = c.var.store.getMany(paths);
    const entries: Record<Path, Omit<WireEntry, 'path'>> = {};
    for (const leaf of leaves.values()) {
      const { path, ...entry } = wireEntry(leaf);
      setOwn(entries, path, entry);
    }
    const missing = paths.filter((path) => !leaves.has(path));
    return answerJson(c, { entries, missing } satisfies WireEntries);
  });

  routes.post('/entries/batch_write', gate('entries:write', 'writes'), async (c) => {
    const operations = operationsOf(await readFields(c, bounds.body), imitation);
    const receipt = await c.var.store.writeBatch({ operations, ...writeContext(c, imitation) });
    const ops = receipt.operations.map(({ storeSeq }, i) => ({
      path: operations[i]?.path ?? '',
      revision: storeSeq,
      store_seq: storeSeq,
    }));
    return answerJson(c, { ops, store_seq: receipt.storeSeq } satisfies WireBatchReceipt);
  });
}

function pathsOf(body: TypedJson): readonly Path[] {
  const paths = listOf(body.at('paths').value);
  if (paths === undefined || paths.length > MAX_PAGE_SIZE) {
    throw badRequest(`"paths" is a list of at most ${MAX_PAGE_SIZE} paths.`);
  }
  return [...new Set(paths.map(pathOf))];
}

function operationsOf(body: TypedJson, imitation: Imitation): BatchOperation[] {
  const ops = body.at('ops');
  const list = listOf(ops.value);
  if (list === undefined || list.length === 0 || list.length > MAX_BATCH_OPERATIONS) {
    throw badRequest(`"ops" is a list of 1 to ${MAX_BATCH_OPERATIONS} operations.`);
  }
  return list.map((_, i) => operationOf(ops.at(i), i, imitation));
}

function operationOf(operation: TypedJson, position: number, imitation: Imitation): BatchOperation {
  if (!isObject(operation.value)) throw badRequest(`ops[${position}] is not an object.`);
  const path = pathOf(operation.at('path').value);
  const ifMatch = ifMatchOf(operation);
  switch (operation.value.op) {
    case 'set': {
      const { value } = operation.at('value');
      if (value === undefined) throw badRequest(`ops[${position}] has no "value".`);
      const leafTypes = operation.at('value').leafTypes(path);
      const ifAbsent = !imitation.ignoresIfAbsentInBatches && ifAbsentOf(operation);
      return { op: 'set', path, value, leafTypes, ifMatch, ifAbsent };
    }
    case 'delete':
      return { op: 'delete', path, ifMatch };
    default:
      throw badRequest(`ops[${position}].op is "set" or "delete".`);
  }
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : undefined;
}
