import type { WireIndex } from '../../protocol/wire/http.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue, Leaf } from '../../protocol/values/value.js';
import { isLeafType, leafTypeOf } from '../../protocol/values/value.js';
import type { BatchReceipt, ListPage, WriteReceipt } from '../transport.js';
import { unexpectedResponse } from './errors.js';

type Fields = Readonly<Record<string, unknown>>;

/** The leaf or assembled map in the answer to `GET /entries/<path>`. @throws DustError `http` (`unexpected_response`) */
export function entryIn(body: unknown, path: Path): Leaf {
  const entry = isFields(body) ? leafIn(path, body) : undefined;
  if (entry === undefined) throw unexpectedResponse('an entry', path);
  return entry;
}

/** The leaves on a page of a listing. @throws DustError `http` (`unexpected_response`) */
export function leavesIn(body: unknown): ListPage {
  return pageIn(body, (item) =>
    isFields(item) && typeof item.path === 'string' ? leafIn(item.path, item) : undefined,
  );
}

/** The paths on a page of a listing. @throws DustError `http` (`unexpected_response`) */
export function keysIn(body: unknown): ListPage<Path> {
  return pageIn(body, (item) => (typeof item === 'string' ? item : undefined));
}

/** The leaves in the answer to `POST /entries/batch`. @throws DustError `http` (`unexpected_response`) */
export function entriesIn(body: unknown): ReadonlyMap<Path, Leaf> {
  if (!isFields(body) || !isFields(body.entries)) throw unexpectedResponse('a set of entries');
  const leaves = new Map<Path, Leaf>();
  for (const [path, entry] of Object.entries(body.entries)) {
    leaves.set(path, entryIn(entry, path));
  }
  return leaves;
}

/** How many of the paths that were asked for, with what lies below them, had no more room in the answer. @throws DustError `http` (`unexpected_response`) */
export function unreadIn(body: unknown): number {
  if (isFields(body) && Array.isArray(body.unread)) return body.unread.length;
  throw unexpectedResponse('a set of entries below many paths');
}

/** The receipt of a single write. @throws DustError `http` (`unexpected_response`) */
export function receiptIn(body: unknown, path: Path): WriteReceipt {
  if (isFields(body) && isSeq(body.store_seq)) return { storeSeq: body.store_seq };
  throw unexpectedResponse('the receipt of a write', path);
}

/** The receipt of a batch of `count` operations. @throws DustError `http` (`unexpected_response`) */
export function batchReceiptIn(body: unknown, count: number): BatchReceipt {
  if (isFields(body) && isSeq(body.store_seq) && Array.isArray(body.ops) && body.ops.length === count) {
    const operations = body.ops.map((op: unknown) => (isFields(op) ? op.store_seq : undefined));
    if (operations.every(isSeq)) {
      return { storeSeq: body.store_seq, operations: operations.map((storeSeq) => ({ storeSeq })) };
    }
  }
  throw unexpectedResponse(`the receipt of a batch of ${count} operations`);
}

/** Whether what was declared unique is kept so, or is still being built. @throws DustError `http` (`unexpected_response`) */
export function isCompleteIn(body: unknown): boolean {
  if (isFields(body) && (body.state === 'complete' || body.state === 'building')) {
    return body.state === 'complete';
  }
  throw unexpectedResponse('the state of indexes');
}

/** The answer to `GET /indexes`. @throws DustError `http` (`unexpected_response`) */
export function indexesIn(body: unknown): readonly WireIndex[] {
  if (isFields(body) && Array.isArray(body.indexes) && body.indexes.every(isIndex)) return body.indexes;
  throw unexpectedResponse('a list of indexes');
}

/** How many indexes were dropped. @throws DustError `http` (`unexpected_response`) */
export function droppedIn(body: unknown): number {
  if (isFields(body) && isSeq(body.dropped)) return body.dropped;
  throw unexpectedResponse('the number of dropped indexes');
}

/** How many leaves an import wrote and the seq it ended with, as far as the server says. */
export function importIn(body: unknown): { readonly imported?: number; readonly storeSeq?: number } {
  if (!isFields(body)) throw unexpectedResponse('the receipt of an import');
  return {
    ...(isSeq(body.imported) ? { imported: body.imported } : {}),
    ...(isSeq(body.store_seq) ? { storeSeq: body.store_seq } : {}),
  };
}

function pageIn<Item>(body: unknown, itemIn: (item: unknown) => Item | undefined): ListPage<Item> {
  if (!isFields(body) || !Array.isArray(body.items)) throw unexpectedResponse('a page of a listing');
  const { next_cursor: nextCursor } = body;
  if (nextCursor !== null && typeof nextCursor !== 'string') throw unexpectedResponse('a page of a listing');
  const items = body.items.map((item: unknown) => {
    const read = itemIn(item);
    if (read === undefined) throw unexpectedResponse('a page of a listing');
    return read;
  });
  return { items, nextCursor };
}

function leafIn(path: Path, { value, type, revision }: Fields): Leaf | undefined {
  if (!isJson(value) || typeof type !== 'string' || !isSeq(revision)) return undefined;
  return { path, value, type: isLeafType(type) ? type : leafTypeOf(value), revision };
}

function isIndex(value: unknown): value is WireIndex {
  return (
    isFields(value) &&
    typeof value.prefix === 'string' &&
    typeof value.unique === 'boolean' &&
    typeof value.kept === 'boolean' &&
    (value.state === 'complete' || value.state === 'building') &&
    Array.isArray(value.parts) &&
    value.parts.every(
      (part: unknown) => isFields(part) && typeof part.path === 'string' && typeof part.type === 'string',
    )
  );
}

/** Whether it is a seq, or a revision. */
export function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Whether it is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a part of a parsed body is there at all; freezes it, as every value that a transport hands out is. */
export function isJson(value: unknown): value is JsonValue {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) isJson(member);
    Object.freeze(value);
  }
  return value !== undefined;
}
