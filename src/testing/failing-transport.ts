import type { Observable } from 'rxjs';
import type { CommittedOperation } from '../protocol/operation.js';
import type { Path } from '../protocol/path.js';
import type { Entry, JsonObject, JsonValue, Leaf } from '../protocol/value.js';
import type {
  BatchOperation,
  BatchReceipt,
  DeleteOptions,
  FileContent,
  FileReceipt,
  FileUpload,
  LeaseOptions,
  LeaseReceipt,
  ListPage,
  ListQuery,
  RecordOperation,
  RequestOptions,
  SetOptions,
  Transport,
  TransportCapabilities,
  TransportStatus,
  WriteOptions,
  WriteReceipt,
} from '../transport/transport.js';
import type { PlannedFailures } from './planned-failures.js';

/** A transport that passes every call on to another one, save those that were planned to fail. */
export class FailingTransport implements Transport {
  readonly #inner: Transport;
  readonly #failures: PlannedFailures;

  constructor(inner: Transport, failures: PlannedFailures) {
    this.#inner = inner;
    this.#failures = failures;
  }

  get capabilities(): TransportCapabilities {
    return this.#inner.capabilities;
  }

  get deviceId(): string {
    return this.#inner.deviceId;
  }

  get status$(): Observable<TransportStatus> {
    return this.#inner.status$;
  }

  connect(): Promise<void> {
    return this.#inner.connect();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  status(options?: RequestOptions): Promise<TransportStatus> {
    return this.#failures.run('status', () => this.#inner.status(options));
  }

  get(path: Path, options?: RequestOptions): Promise<Entry | null> {
    return this.#failures.run('get', () => this.#inner.get(path, options));
  }

  getMany(paths: readonly Path[], options?: RequestOptions): Promise<ReadonlyMap<Path, Leaf>> {
    return this.#failures.run('getMany', () => this.#inner.getMany(paths, options));
  }

  exists(path: Path, options?: RequestOptions): Promise<boolean> {
    return this.#failures.run('exists', () => this.#inner.exists(path, options));
  }

  subtree(path: Path, options?: RequestOptions): Promise<readonly Leaf[]> {
    return this.#failures.run('subtree', () => this.#inner.subtree(path, options));
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.#failures.run('list', () => this.#inner.list(query));
  }

  listKeys(query: ListQuery): Promise<ListPage<Path>> {
    return this.#failures.run('listKeys', () => this.#inner.listKeys(query));
  }

  set(path: Path, value: JsonValue, options?: SetOptions): Promise<WriteReceipt> {
    return this.#failures.run('set', () => this.#inner.set(path, value, options));
  }

  delete(path: Path, options?: DeleteOptions): Promise<WriteReceipt> {
    return this.#failures.run('delete', () => this.#inner.delete(path, options));
  }

  merge(path: Path, value: JsonObject, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#failures.run('merge', () => this.#inner.merge(path, value, options));
  }

  increment(path: Path, delta: number, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#failures.run('increment', () => this.#inner.increment(path, delta, options));
  }

  add(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#failures.run('add', () => this.#inner.add(path, member, options));
  }

  remove(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#failures.run('remove', () => this.#inner.remove(path, member, options));
  }

  batchWrite(operations: readonly BatchOperation[], options?: WriteOptions): Promise<BatchReceipt> {
    return this.#failures.run('batchWrite', () => this.#inner.batchWrite(operations, options));
  }

  watch(pattern: string): Observable<CommittedOperation> {
    return this.#inner.watch(pattern);
  }

  watchRecords(prefix: Path): Observable<RecordOperation> {
    return this.#inner.watchRecords(prefix);
  }

  lease(key: Path, options?: LeaseOptions): Promise<LeaseReceipt> {
    return this.#failures.run('lease', () => this.#inner.lease(key, options));
  }

  renew(key: Path, token: number, options?: LeaseOptions): Promise<LeaseReceipt> {
    return this.#failures.run('renew', () => this.#inner.renew(key, token, options));
  }

  release(key: Path, token: number, options?: WriteOptions): Promise<boolean> {
    return this.#failures.run('release', () => this.#inner.release(key, token, options));
  }

  putFile(path: Path, content: Uint8Array, upload: FileUpload): Promise<FileReceipt> {
    return this.#failures.run('putFile', () => this.#inner.putFile(path, content, upload));
  }

  getFile(hash: string, options?: RequestOptions): Promise<FileContent | null> {
    return this.#failures.run('getFile', () => this.#inner.getFile(hash, options));
  }
}
