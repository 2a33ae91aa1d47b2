import { historyOf } from '../api/history.js';
import { remove } from '../api/leaf-writes.js';
import { restore } from '../api/restore.js';
import { save } from '../api/save.js';
import { statusInfo } from '../api/status.js';
import { listChildren } from '../api/children.js';
import { recordInfo } from '../api/record.js';
import { findRecords } from '../api/records.js';
import {
  deleteRequest,
  numberIn,
  pathOf,
  recordsQuery,
  restoreRequest,
  saveRequest,
} from '../api/requests.js';
import type { Asking, StudioSource } from '../api/source.js';
import { storeInfo } from '../api/store-info.js';

/** What a request says: a query of a GET, a body of a POST. */
export interface Asked {
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** A request of the page that is answered with JSON. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Whether it changes the store. */
  readonly writes?: true;
  readonly answer: (source: StudioSource, asked: Asked, asking: Asking) => unknown;
}

const MAX_CHILDREN = 1000;

const MAX_HISTORY = 200;

/** By path. There are no others. */
export const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/api/store', { method: 'GET', answer: (source) => storeInfo(source) }],
  [
    '/api/children',
    {
      method: 'GET',
      answer: (source, { query }, asking) =>
        listChildren(
          source,
          {
            path: query.get('path') ?? '',
            after: query.get('after') ?? undefined,
            limit: numberIn(query, 'limit', { min: 1, max: MAX_CHILDREN, fallback: 100 }),
          },
          asking,
        ),
    },
  ],
  [
    '/api/records',
    {
      method: 'POST',
      answer: (source, { body }, asking) => findRecords(source, recordsQuery(body), asking),
    },
  ],
  [
    '/api/record',
    {
      method: 'GET',
      answer: (source, { query }, asking) => recordInfo(source, pathOf(query.get('path')), asking),
    },
  ],
  [
    '/api/history',
    {
      method: 'GET',
      answer: (source, { query }, asking) =>
        historyOf(
          source,
          {
            path: pathOf(query.get('path')),
            before: query.has('before')
              ? numberIn(query, 'before', { min: 0, max: Number.MAX_SAFE_INTEGER, fallback: 0 })
              : undefined,
            limit: numberIn(query, 'limit', { min: 1, max: MAX_HISTORY, fallback: 50 }),
          },
          asking,
        ),
    },
  ],
  [
    '/api/status',
    { method: 'GET', answer: (source, _asked, asking) => statusInfo(source, asking, source.clock.now()) },
  ],
  [
    '/api/save',
    {
      method: 'POST',
      writes: true,
      answer: (source, { body }, asking) => save(source, saveRequest(body), asking),
    },
  ],
  [
    '/api/delete',
    {
      method: 'POST',
      writes: true,
      answer: (source, { body }, asking) => remove(source, deleteRequest(body), asking),
    },
  ],
  [
    '/api/restore',
    {
      method: 'POST',
      writes: true,
      answer: (source, { body }, asking) => restore(source, restoreRequest(body), asking),
    },
  ],
]);
