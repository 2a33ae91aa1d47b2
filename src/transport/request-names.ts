import type { OptionNames } from '../options/index.js';
import { SIGNAL, checkOptionNames, checkOptionValues } from '../options/index.js';
import type { RequestMethod } from './forwarding-transport.js';
import type {
  BarrierOptions,
  DeleteOptions,
  FileUpload,
  IndexingOptions,
  LeaseOptions,
  ListQuery,
  LogQuery,
  LocalReadOptions,
  RequestOptions,
  SetOptions,
  WriteOptions,
} from './transport.js';

const REQUEST: OptionNames<RequestOptions> = { signal: true, forWrite: true };
const BARRIER: OptionNames<BarrierOptions> = { ...REQUEST, minSeq: true };
const WRITE: OptionNames<WriteOptions> = { ...REQUEST, clientOpId: true, fence: true };
const DELETE: OptionNames<DeleteOptions> = { ...WRITE, ifMatch: true };
const SET: OptionNames<SetOptions> = { ...DELETE, ifAbsent: true };
const LEASE: OptionNames<LeaseOptions> = { ...WRITE, ttl: true, holder: true };
const FILE: OptionNames<FileUpload> = { ...WRITE, filename: true, contentType: true };
const INDEXING: OptionNames<IndexingOptions> = { ...REQUEST, beside: true, onProgress: true };
const LOCAL: OptionNames<LocalReadOptions> = { ...REQUEST, asWatched: true };
const LIST: OptionNames<ListQuery> = {
  ...REQUEST,
  limit: true,
  after: true,
  order: true,
  pattern: true,
  from: true,
  to: true,
};

const LOG: OptionNames<LogQuery> = { ...REQUEST, after: true, before: true, limit: true, order: true };

/** The requests of transports, with those that only some of them offer. */
export type RequestName =
  | RequestMethod
  | 'localRecords'
  | 'useIndexes'
  | 'indexes'
  | 'dropIndexes'
  | 'exportDump'
  | 'importDump'
  | 'backup';

const NAMES: Readonly<Record<RequestName, Readonly<Record<string, true>>>> = {
  status: REQUEST,
  barrier: BARRIER,
  get: REQUEST,
  getMany: REQUEST,
  exists: REQUEST,
  subtree: REQUEST,
  subtrees: REQUEST,
  localRecords: LOCAL,
  useIndexes: INDEXING,
  indexes: REQUEST,
  dropIndexes: REQUEST,
  list: LIST,
  listKeys: LIST,
  log: LOG,
  set: SET,
  delete: DELETE,
  merge: WRITE,
  increment: WRITE,
  add: WRITE,
  remove: WRITE,
  batchWrite: WRITE,
  lease: LEASE,
  renew: LEASE,
  release: WRITE,
  putFile: FILE,
  getFile: REQUEST,
  exportDump: REQUEST,
  importDump: REQUEST,
  backup: REQUEST,
};

/** Requests that say nothing without their options. */
const NEED_OPTIONS: ReadonlySet<RequestName> = new Set(['list', 'listKeys', 'putFile']);

/** @throws DustError `invalid_options` for what are no options, an option that the request does not take, and a signal that is none */
export function checkRequestNames(request: RequestName, options: unknown): void {
  if (options === undefined && !NEED_OPTIONS.has(request)) return;
  const owner = `transport.${request}`;
  checkOptionNames(owner, options, NAMES[request]);
  checkOptionValues<RequestOptions>(owner, options, { signal: SIGNAL });
}

/** Makes a request whose options have been checked; whatever is thrown becomes a rejection. */
export function asked<T>(
  request: RequestName,
  options: object | undefined,
  make: () => T | Promise<T>,
): Promise<T> {
  return new Promise((resolve) => {
    checkRequestNames(request, options);
    resolve(make());
  });
}
