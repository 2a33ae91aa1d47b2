import type { Observable } from 'rxjs';
import type { DustError } from '../errors.js';
import type { Commit, RecordCommit } from '../protocol/requests/operation.js';
import type { Path } from '../protocol/paths/path.js';
import type { IndexDefinition, LocalRecords } from '../protocol/values/record-access.js';
import type { Entry, JsonObject, JsonValue, Leaf } from '../protocol/values/value.js';
import { eachSubtree } from './each-subtree.js';
import { notSupported } from './errors.js';
import type {
  BarrierOptions,
  BatchOperation,
  BatchReceipt,
  DeleteOptions,
  FileContent,
  FileReceipt,
  FileUpload,
  IndexingOptions,
  LeaseOptions,
  LeaseReceipt,
  ListPage,
  ListQuery,
  LocalReadOptions,
  LogPage,
  LogQuery,
  RequestOptions,
  SetOptions,
  Transport,
  TransportCapabilities,
  TransportStatus,
  WriteOptions,
  WriteReceipt,
} from './transport.js';

/** The methods of a transport that make one request each. */
export type RequestMethod =
  | 'subtrees'
  | 'barrier'
  | 'log'
  | {
      [K in keyof Transport]-?: Transport[K] extends (...args: never[]) => Promise<unknown> ? K : never;
    }[Exclude<keyof Transport, 'connect' | 'close'>];

/** A transport that passes calls on to another one, which may be another one for each call. */
export abstract class ForwardingTransport implements Transport {
  /** The transport of the next call. */
  protected abstract get way(): Transport;

  /** Makes a request on that transport. */
  protected run<T>(_method: RequestMethod, request: (way: Transport) => Promise<T>): Promise<T> {
    return request(this.way);
  }

  get capabilities(): TransportCapabilities {
    return this.way.capabilities;
  }

  get deviceId(): string {
    return this.way.deviceId;
  }

  get status$(): Observable<TransportStatus> {
    return this.way.status$;
  }

  connect(): Promise<void> {
    return this.way.connect();
  }

  close(): Promise<void> {
    return this.way.close();
  }

  status(options?: RequestOptions): Promise<TransportStatus> {
    return this.run('status', (way) => way.status(options));
  }

  barrier(options?: BarrierOptions): Promise<number> {
    return this.run('barrier', (way) => way.barrier?.(options) ?? Promise.reject(noBarrier()));
  }

  get(path: Path, options?: RequestOptions): Promise<Entry | null> {
    return this.run('get', (way) => way.get(path, options));
  }

  getMany(paths: readonly Path[], options?: RequestOptions): Promise<ReadonlyMap<Path, Leaf>> {
    return this.run('getMany', (way) => way.getMany(paths, options));
  }

  exists(path: Path, options?: RequestOptions): Promise<boolean> {
    return this.run('exists', (way) => way.exists(path, options));
  }

  subtree(path: Path, options?: RequestOptions): Promise<readonly Leaf[]> {
    return this.run('subtree', (way) => way.subtree(path, options));
  }

  subtrees(paths: readonly Path[], options?: RequestOptions): Promise<ReadonlyMap<Path, readonly Leaf[]>> {
    return this.run('subtrees', (way) => way.subtrees?.(paths, options) ?? eachSubtree(way, paths, options));
  }

  localRecords(prefix: Path, options?: LocalReadOptions): LocalRecords | undefined {
    return this.way.localRecords?.(prefix, options);
  }

  /** Where there are none, nothing is to be done. */
  useIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options?: IndexingOptions,
  ): Promise<void> {
    return this.way.useIndexes?.(prefix, definitions, options) ?? Promise.resolve();
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.run('list', (way) => way.list(query));
  }

  listKeys(query: ListQuery): Promise<ListPage<Path>> {
    return this.run('listKeys', (way) => way.listKeys(query));
  }

  log(query?: LogQuery): Promise<LogPage> {
    return this.run('log', (way) => way.log?.(query) ?? Promise.reject(noLog()));
  }

  set(path: Path, value: JsonValue, options?: SetOptions): Promise<WriteReceipt> {
    return this.run('set', (way) => way.set(path, value, options));
  }

  delete(path: Path, options?: DeleteOptions): Promise<WriteReceipt> {
    return this.run('delete', (way) => way.delete(path, options));
  }

  merge(path: Path, value: JsonObject, options?: WriteOptions): Promise<WriteReceipt> {
    return this.run('merge', (way) => way.merge(path, value, options));
  }

  increment(path: Path, delta: number, options?: WriteOptions): Promise<WriteReceipt> {
    return this.run('increment', (way) => way.increment(path, delta, options));
  }

  add(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt> {
    return this.run('add', (way) => way.add(path, member, options));
  }

  remove(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt> {
    return this.run('remove', (way) => way.remove(path, member, options));
  }

  batchWrite(operations: readonly BatchOperation[], options?: WriteOptions): Promise<BatchReceipt> {
    return this.run('batchWrite', (way) => way.batchWrite(operations, options));
  }

  watch(pattern: string): Observable<Commit> {
    return this.way.watch(pattern);
  }

  watchRecords(prefix: Path): Observable<readonly RecordCommit[]> {
    return this.way.watchRecords(prefix);
  }

  lease(key: Path, options?: LeaseOptions): Promise<LeaseReceipt> {
    return this.run('lease', (way) => way.lease(key, options));
  }

  renew(key: Path, token: number, options?: LeaseOptions): Promise<LeaseReceipt> {
    return this.run('renew', (way) => way.renew(key, token, options));
  }

  release(key: Path, token: number, options?: WriteOptions): Promise<boolean> {
    return this.run('release', (way) => way.release(key, token, options));
  }

  putFile(path: Path, content: Uint8Array, upload: FileUpload): Promise<FileReceipt> {
    return this.run('putFile', (way) => way.putFile(path, content, upload));
  }

  getFile(hash: string, options?: RequestOptions): Promise<FileContent | null> {
    return this.run('getFile', (way) => way.getFile(hash, options));
  }
}

function noLog(): DustError {
  return notSupported('underlying', 'log', 'Watch what happens from now on.');
}

function noBarrier(): DustError {
  return notSupported('underlying', 'barrier', 'Leave `consistency` out.');
}
