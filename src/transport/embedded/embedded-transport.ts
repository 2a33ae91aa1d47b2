import type { OptionNames } from '../../options/index.js';
import { DEVICE_ID, FOLDER, checkOptionNames, checkOptionValues } from '../../options/index.js';
import type { RequestName } from '../request-names.js';
import { checkRequestNames } from '../request-names.js';
import { randomUUID } from 'node:crypto';
import type { Observable } from 'rxjs';
import type { Commit, RecordCommit } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import { Pattern } from '../../protocol/paths/pattern.js';
import type { IndexDefinition, LocalRecords } from '../../protocol/values/record-access.js';
import { MAX_PAGE_BYTES } from '../../protocol/requests/listing.js';
import type { Entry, JsonObject, JsonValue, Leaf } from '../../protocol/values/value.js';
import type { LeafQuery, Store, WriteContext } from '../../store/index.js';
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
  TransportStatus,
  WriteOptions,
  WriteReceipt,
} from '../transport.js';
import { assertNotAborted, untilAborted } from '../abort.js';
import { unknownSeq } from '../errors.js';
import { logPage } from '../log-pages.js';
import { HeldIndexes } from '../held-indexes.js';
import { STORE_CAPABILITIES } from '../store-capabilities.js';
import type { EmbeddedTransportOptions } from './embedded-transport-options.js';
import { fromStore, statusOf } from './observing.js';
import { StoreConnection } from './store-connection.js';
import { storageName, storeSource } from './store-source.js';

const OPTIONS: OptionNames<EmbeddedTransportOptions> = {
  path: true,
  takeOver: true,
  verify: true,
  clock: true,
  logger: true,
  log: true,
  store: true,
  cluster: true,
  deviceId: true,
};

/**
 * The way to a store in this process, in memory or durable. It can do all a transport can do; reads are answered on
 * the spot, and an aborted write that has begun is still committed.
 */
export class EmbeddedTransport implements Transport {
  readonly capabilities = STORE_CAPABILITIES;
  readonly deviceId: string;
  readonly #connection: StoreConnection;
  readonly #readsFrom: string;
  readonly #indexes = new HeldIndexes();

  /** Opens nothing before `connect`. @throws DustError `invalid_options` for an option that is unknown or of another kind */
  constructor(options: EmbeddedTransportOptions = {}) {
    checkOptionNames('EmbeddedTransport', options, OPTIONS);
    checkOptionValues<{ readonly path?: unknown; readonly deviceId?: unknown }>(
      'EmbeddedTransport',
      options,
      { path: FOLDER, deviceId: DEVICE_ID },
    );
    this.deviceId = options.deviceId ?? randomUUID();
    this.#connection = new StoreConnection(storeSource(options));
    this.#readsFrom = storageName(options);
  }

  /** @throws DustError `storage` when the data folder cannot be opened; the call may be made again */
  connect(): Promise<void> {
    return this.#connection.connect();
  }

  close(): Promise<void> {
    this.#indexes.close();
    return this.#connection.close();
  }

  status(options?: RequestOptions): Promise<TransportStatus> {
    return this.#request('status', options, (store) => {
      store.probe();
      const { members } = store;
      const { storeSeq } = store.status();
      return {
        state: 'live',
        readsFrom: this.#readsFrom,
        storeSeq,
        ...(members === undefined ? {} : { members }),
      };
    });
  }

  get status$(): Observable<TransportStatus> {
    return statusOf(this.#connection, this.#readsFrom);
  }

  /**
   * Nothing is to be waited for where nobody else has the store: what it holds is all there is.
   *
   * @throws DustError as {@link Transport.barrier} does
   */
  barrier(options: BarrierOptions = {}): Promise<number> {
    return this.#request('barrier', options, async (store) => {
      const { minSeq } = options;
      await store.barrier({ minSeq });
      const { storeSeq } = store.status();
      if (minSeq !== undefined && storeSeq < minSeq) throw unknownSeq(minSeq, storeSeq);
      return storeSeq;
    });
  }

  get(path: Path, options?: RequestOptions): Promise<Entry | null> {
    return this.#request('get', options, (store) => store.get(path));
  }

  getMany(paths: readonly Path[], options?: RequestOptions): Promise<ReadonlyMap<Path, Leaf>> {
    return this.#request('getMany', options, (store) => store.getMany(paths));
  }

  exists(path: Path, options?: RequestOptions): Promise<boolean> {
    return this.#request('exists', options, (store) => store.exists(path));
  }

  subtree(path: Path, options?: RequestOptions): Promise<readonly Leaf[]> {
    return this.#request('subtree', options, (store) => store.subtree(path));
  }

  localRecords(prefix: Path, options?: LocalReadOptions): LocalRecords {
    checkRequestNames('localRecords', options);
    const { store } = this.#connection;
    assertNotAborted(options?.signal);
    return store.records(prefix);
  }

  useIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: IndexingOptions = {},
  ): Promise<void> {
    return this.#request('useIndexes', options, (store) => {
      const { beside, signal, onProgress } = options;
      return this.#indexes.hold({ prefix, definitions, beside }, () =>
        store.useIndexes(prefix, definitions, { signal, onProgress }),
      );
    });
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.#request('list', query, (store) => store.list(leavesOf(query)));
  }

  listKeys(query: ListQuery): Promise<ListPage<Path>> {
    return this.#request('listKeys', query, (store) => store.listKeys(leavesOf(query)));
  }

  log(query: LogQuery = {}): Promise<LogPage> {
    return this.#request('log', query, (store) =>
      logPage(query, {
        read: (after, limit) => {
          const { operations, nextCursor, firstSeq } = store.log({ after, limit, bytes: MAX_PAGE_BYTES });
          return { operations, more: nextCursor !== null, firstSeq };
        },
        lastSeq: () => store.status().storeSeq,
      }),
    );
  }

  set(path: Path, value: JsonValue, options: SetOptions = {}): Promise<WriteReceipt> {
    return this.#request('set', options, (store) => {
      const { ifMatch, ifAbsent } = options;
      return store.write({ op: 'set', path, value, ifMatch, ifAbsent, ...this.#context(options) });
    });
  }

  delete(path: Path, options: DeleteOptions = {}): Promise<WriteReceipt> {
    return this.#request('delete', options, (store) => {
      const { ifMatch } = options;
      return store.write({ op: 'delete', path, ifMatch, ...this.#context(options) });
    });
  }

  merge(path: Path, value: JsonObject, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#request('merge', options, (store) =>
      store.write({ op: 'merge', path, value, ...this.#context(options) }),
    );
  }

  increment(path: Path, delta: number, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#request('increment', options, (store) =>
      store.write({ op: 'increment', path, value: delta, ...this.#context(options) }),
    );
  }

  add(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#request('add', options, (store) =>
      store.write({ op: 'add', path, value: member, ...this.#context(options) }),
    );
  }

  remove(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#request('remove', options, (store) =>
      store.write({ op: 'remove', path, value: member, ...this.#context(options) }),
    );
  }

  batchWrite(operations: readonly BatchOperation[], options?: WriteOptions): Promise<BatchReceipt> {
    return this.#request('batchWrite', options, (store) =>
      store.writeBatch({ operations, ...this.#context(options) }),
    );
  }

  watch(pattern: string): Observable<Commit> {
    return fromStore(this.#connection, (store, listener) => store.watch(Pattern.parse(pattern), listener));
  }

  watchRecords(prefix: Path): Observable<readonly RecordCommit[]> {
    return fromStore(this.#connection, (store, listener) => store.watchRecords(prefix, listener));
  }

  lease(key: Path, options: LeaseOptions = {}): Promise<LeaseReceipt> {
    return this.#request('lease', options, (store) => {
      const { ttl, holder } = options;
      return store.lease({ path: key, ttl, holder, ...this.#context(options) });
    });
  }

  renew(key: Path, token: number, options: LeaseOptions = {}): Promise<LeaseReceipt> {
    return this.#request('renew', options, (store) => {
      const { ttl } = options;
      return store.renew({ path: key, token, ttl, ...this.#context(options) });
    });
  }

  release(key: Path, token: number, options?: WriteOptions): Promise<boolean> {
    return this.#request('release', options, async (store) => {
      const { released } = await store.release({ path: key, token, ...this.#context(options) });
      return released;
    });
  }

  putFile(path: Path, content: Uint8Array, upload: FileUpload): Promise<FileReceipt> {
    return this.#request('putFile', upload, (store) => {
      const { filename, contentType } = upload;
      return store.putFile({ path, content, filename, contentType, ...this.#context(upload) });
    });
  }

  getFile(hash: string, options?: RequestOptions): Promise<FileContent | null> {
    return this.#request('getFile', options, (store) => store.file(hash));
  }

  backup(folder: string): Promise<void> {
    return this.#request('backup', undefined, (store) => store.backup(folder));
  }

  #context({ clientOpId, fence }: WriteOptions = {}): WriteContext {
    return { deviceId: this.deviceId, clientOpId, fence };
  }

  /** Runs a request unless it was called off; whatever it throws becomes a rejection. */
  #request<T>(
    request: RequestName,
    options: RequestOptions | undefined,
    run: (store: Store) => T | Promise<T>,
  ): Promise<T> {
    const signal = options?.signal;
    return new Promise((resolve) => {
      checkRequestNames(request, options);
      const { store } = this.#connection;
      assertNotAborted(signal);
      const outcome = run(store);
      resolve(signal === undefined ? outcome : untilAborted(outcome, signal));
    });
  }
}

/** What a query asks of the store itself. */
function leavesOf({ signal: _, forWrite: __, ...query }: ListQuery): LeafQuery {
  return query;
}
