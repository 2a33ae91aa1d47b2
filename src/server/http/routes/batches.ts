import type { Hono } from 'hono';
import type { Feature } from '../../../protocol/wire/features.js';
import type { WireBatchReceipt, WireEntries, WireEntry } from '../../../protocol/wire/http.js';
import { MAX_BATCH_OPERATIONS, MAX_PAGE_SIZE } from '../../../protocol/requests/listing.js';
import type { CommitRange } from '../../../protocol/requests/operation.js';
import type { Path } from '../../../protocol/paths/path.js';
import type { JsonValue, Leaf } from '../../../protocol/values/value.js';
import { setOwn } from '../../../protocol/values/value.js';
import type { BatchOperation, BatchReceipt } from '../../../store/index.js';
import { answerJson } from '../answers.js';
import type { ServerEnvironment, ServerParts } from '../../environment.js';
import { badRequest } from '../../errors.js';
import type { Gate } from '../../access/gate.js';
import { batchOperation } from '../batch-operations.js';
import { leavesBelowEach } from '../leaves-below.js';
import { pathOf } from '../parameters.js';
import type { TypedJson } from '../typed-json.js';
import { wireEntry } from '../wire-value.js';
import { writeContext } from '../write-context.js';
import { readFields } from './entry-bodies.js';

/** `POST /entries/batch` and `POST /entries/batch_write` (PROTOCOL §3). */
export function addBatchRoutes(routes: Hono<ServerEnvironment>, gate: Gate, parts: ServerParts): void {
  const { imitation, features, bounds, writer } = parts;

  routes.post('/entries/batch', gate('entries:read', 'writes'), async (c) => {
    const body = await readFields(c, bounds.body);
    const paths = pathsOf(body);
    if (features.includes('batch-below') && isBelowAsked(body)) {
      const { leaves, missing, unread } = leavesBelowEach(c.var.store, paths);
      return answerJson(c, { entries: entriesOf(leaves), missing, unread } satisfies WireEntries);
    }
    const leaves = c.var.store.getMany(paths);
    const missing = paths.filter((path) => !leaves.has(path));
    return answerJson(c, { entries: entriesOf(leaves.values()), missing } satisfies WireEntries);
  });

  // Parameters come before scopes here, as on a recorded server: who probes this one learns what holds there (PROTOCOL §8).
  routes.post('/entries/batch_write', gate.known('writes'), async (c) => {
    const operations = operationsOf(await readFields(c, bounds.body), features);
    gate.enter(c, 'entries:write');
    const { store } = c.var;
    const request = { operations, ...writeContext(c, imitation) };
    const receipt = await writer.run(store, operations.length, () => store.writeBatch(request));
    return answerJson(c, {
      ...answerTo(operations, receipt),
      ...(features.includes('commits') ? committed(operations, receipt) : {}),
    });
  });
}

function entriesOf(leaves: Iterable<Leaf>): WireEntries['entries'] {
  const entries: Record<Path, Omit<WireEntry, 'path'>> = {};
  for (const leaf of leaves) {
    const { path, ...entry } = wireEntry(leaf);
    setOwn(entries, path, entry);
  }
  return entries;
}

function isBelowAsked(body: TypedJson): boolean {
  const { value = false } = body.at('below');
  if (typeof value !== 'boolean') throw badRequest('"below" is true or false.');
  return value;
}

function answerTo(operations: readonly BatchOperation[], receipt: BatchReceipt): WireBatchReceipt {
  const ops = receipt.operations.map(({ storeSeq }, i) => ({
    path: operations[i]?.path ?? '',
    revision: storeSeq,
    store_seq: storeSeq,
  }));
  return { ops, store_seq: receipt.storeSeq };
}

/** Told as in events: where more than one operation was committed. */
function committed(operations: readonly BatchOperation[], receipt: BatchReceipt): { commit?: CommitRange } {
  const first = receipt.operations[operations.findIndex(({ op }) => op !== 'check')]?.storeSeq;
  if (first === undefined || first === receipt.storeSeq) return {};
  return { commit: { first, last: receipt.storeSeq } };
}

function pathsOf(body: TypedJson): readonly Path[] {
  const paths = listOf(body.at('paths').value);
  if (paths === undefined || paths.length > MAX_PAGE_SIZE) {
    throw badRequest(`"paths" is a list of at most ${MAX_PAGE_SIZE} paths.`);
  }
  return [...new Set(paths.map(pathOf))];
}

function operationsOf(body: TypedJson, features: readonly Feature[]): BatchOperation[] {
  const ops = body.at('ops');
  const list = listOf(ops.value);
  if (list === undefined || list.length === 0 || list.length > MAX_BATCH_OPERATIONS) {
    throw badRequest(`"ops" is a list of 1 to ${MAX_BATCH_OPERATIONS} operations.`);
  }
  return list.map((_, i) => batchOperation(ops.at(i), i, features));
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : undefined;
}
