import type { WireBatchOperation } from '../../protocol/wire/http.js';
import { entryUrlPath, storeBasePath } from '../../protocol/wire/http.js';
import { MAX_PAGE_SIZE } from '../../protocol/requests/listing.js';
import type { Path } from '../../protocol/paths/path.js';
import { isObject } from '../../protocol/values/value.js';
import type { IndexDefinition, IndexPart } from '../../protocol/values/record-access.js';
import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import type { ListQuery, RequestOptions } from '../transport.js';
import type { HttpRequest, RequestEffect } from './client/http-client.js';
import type { WireSingleOperation } from './wire-operations.js';
import { countsOnce } from './wire-operations.js';

/** What identifies a write to the server, and what calls it off. */
export interface WriteIdentity extends RequestOptions {
  readonly clientOpId: string;
}

/** The requests of PROTOCOL §3 to one store. Nothing is checked here. */
export class EntryRequests {
  readonly #base: string;

  /** `store` is `org/name`. */
  constructor(store: string) {
    this.#base = storeBasePath(store);
  }

  /** The entry at a path; undefined for a path that a URL cannot carry. */
  entry(method: 'GET' | 'HEAD', path: Path, { signal }: RequestOptions): HttpRequest | undefined {
    const tail = entryUrlPath(path);
    if (tail === undefined) return undefined;
    return {
      method,
      target: `${this.#base}/entries/${tail}`,
      effect: 'read',
      notFound: 'entry',
      hasFallback: true,
      path,
      signal,
    };
  }

  /** One page of a listing. */
  page(query: ListQuery, select: 'entries' | 'keys'): HttpRequest {
    const { limit = MAX_PAGE_SIZE, after, order = 'asc', signal } = query;
    const selection = 'pattern' in query ? { pattern: query.pattern } : { from: query.from, to: query.to };
    const parameters = {
      ...selection,
      ...(select === 'keys' ? { select } : {}),
      limit: String(limit),
      ...(order === 'desc' ? { order } : {}),
      ...(after === undefined ? {} : { after }),
    };
    const path = 'pattern' in query ? query.pattern : query.from;
    return this.#read('GET', `/entries?${queryString(parameters)}`, { path, signal });
  }

  /** The leaves at exactly these paths, 1000 at the most. */
  leaves(paths: readonly Path[], { signal }: RequestOptions): HttpRequest {
    return this.#read('POST', '/entries/batch', { body: { paths }, signal });
  }

  /** The leaves at and below these paths, 1000 at the most, as far as an answer has room for them. */
  leavesBelow(paths: readonly Path[], { signal }: RequestOptions): HttpRequest {
    return this.#read('POST', '/entries/batch', { body: { paths, below: true }, signal });
  }

  /** A `set` or `delete` by itself. */
  write(operation: WireSingleOperation, { clientOpId, signal }: WriteIdentity): HttpRequest {
    const { op, path, ...body } = operation;
    const tail = op === 'set' && needsBodyPath(operation.value) ? undefined : entryUrlPath(path);
    const request = { path, signal, effect: effectOf([operation]) };
    const headers = { 'X-Request-Id': clientOpId };
    if (tail === undefined) {
      const method = op === 'set' ? 'POST' : 'DELETE';
      return { ...request, method, target: `${this.#base}/entries`, headers, body: { path, ...body } };
    }
    return {
      ...request,
      method: op === 'set' ? 'PUT' : 'DELETE',
      target: `${this.#base}/entries/${tail}`,
      headers: { ...headers, ...preconditionsOf(operation) },
      ...(op === 'set' ? { body: operation.value } : {}),
    };
  }

  /** Operations that are committed together, 1000 at the most. */
  batch(ops: readonly WireBatchOperation[], { clientOpId, signal }: WriteIdentity): HttpRequest {
    return {
      method: 'POST',
      target: `${this.#base}/entries/batch_write`,
      effect: effectOf(ops),
      headers: { 'X-Request-Id': clientOpId },
      body: { ops },
      signal,
    };
  }

  /** The indexes of the store. */
  indexes({ signal }: RequestOptions): HttpRequest {
    return this.#read('GET', '/indexes', { signal });
  }

  /** What is declared unique below a prefix, or no more. Saying it again does nothing. */
  uniqueIndexes(
    method: 'PUT' | 'DELETE',
    prefix: Path,
    definitions: readonly IndexDefinition[],
    { signal }: RequestOptions,
  ): HttpRequest {
    const unique = definitions.map(({ parts }) => ({ parts: parts.map(wirePart) }));
    return {
      method,
      target: `${this.#base}/indexes`,
      effect: 'idempotent',
      body: { prefix, unique },
      path: prefix,
      signal,
    };
  }

  /** The blob behind a hash. */
  file(hash: string, { signal }: RequestOptions): HttpRequest {
    const target = `/api/files/${encodeURIComponent(hash)}`;
    return { method: 'GET', target, effect: 'read', read: 'bytes', notFound: 'entry', signal };
  }

  /** The operations behind a seq that the store keeps, oldest first. */
  log(after: number, limit: number, { signal }: RequestOptions): HttpRequest {
    return this.#read('GET', `/log?after=${after}&limit=${limit}`, { signal });
  }

  /** The store as JSON lines. */
  export({ signal }: RequestOptions): HttpRequest {
    return { ...this.#read('GET', '/export', { signal }), read: 'stream' };
  }

  /** Loads JSON lines into the store. */
  import(lines: string, { signal }: RequestOptions): HttpRequest {
    return {
      method: 'POST',
      target: `${this.#base}/import`,
      effect: 'once',
      contentType: 'application/x-ndjson',
      body: lines,
      signal,
    };
  }

  #read(
    method: 'GET' | 'POST',
    target: string,
    rest: Pick<HttpRequest, 'body' | 'path' | 'signal'>,
  ): HttpRequest {
    return { method, target: `${this.#base}${target}`, effect: 'read', ...rest };
  }
}

function wirePart({ path, type, absent = null }: IndexPart): JsonObject {
  return absent === null ? { path, type } : { path, type, absent };
}

/** PUT refuses `{}` and takes `{"_json": v}` for `v` (PROTOCOL §3). */
function needsBodyPath(value: JsonValue): boolean {
  return isObject(value) && (Object.keys(value).length === 0 || Object.hasOwn(value, '_json'));
}

function preconditionsOf(operation: WireSingleOperation): Record<string, string> {
  if (operation.if_match !== undefined) return { 'If-Match': String(operation.if_match) };
  return operation.op === 'set' && operation.if_absent === true ? { 'If-None-Match': '*' } : {};
}

function effectOf(operations: readonly WireBatchOperation[]): RequestEffect {
  return operations.some(countsOnce) ? 'once' : 'idempotent';
}

/** Not URLSearchParams, which writes a space as `+`. */
function queryString(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}
