import type { Observable } from 'rxjs';
import type { ListPage } from '../protocol/listing.js';
import type { CommittedOperation, Fence, RecordOperation } from '../protocol/operation.js';
import type { Path } from '../protocol/path.js';
import type { Entry, JsonObject, JsonValue, Leaf } from '../protocol/value.js';

export type { ListPage } from '../protocol/listing.js';
export { MAX_BATCH_OPERATIONS, MAX_PAGE_SIZE } from '../protocol/listing.js';
export type { Fence, RecordChange, RecordOperation } from '../protocol/operation.js';

/** What a transport can do. What it lacks answers `DustError('not_supported')`. */
export interface TransportCapabilities {
  /** `watch` and `watchRecords`. */
  readonly realtime: boolean;
  /**
   * `batchWrite` commits all of its operations or none. Turns false for good when a server has answered a batch with
   * `not_implemented`: it has no such route.
   */
  readonly atomicBatch: boolean;
  /** `ifAbsent` is honoured inside a batch. */
  readonly batchIfAbsent: boolean;
  /** `merge` may be part of a batch, beyond what PROTOCOL §3 offers. */
  readonly batchMerge: boolean;
  /** `merge`: several fields of a record in one operation. */
  readonly merge: boolean;
  /** `increment`, `add` and `remove`. */
  readonly counters: boolean;
  /** `lease`, `renew`, `release` and fences (PROTOCOL §6). */
  readonly leases: boolean;
  /** `putFile`. Reading a file, `getFile`, is open to every transport (PROTOCOL §3). */
  readonly files: boolean;
  /** Reads are answered from this process, without a round trip. */
  readonly localReads: boolean;
}

/** What every request takes. */
export interface RequestOptions {
  /** Calls the request off; it then rejects with `DustError('aborted')`. A write already sent may still be committed. */
  readonly signal?: AbortSignal | undefined;
}

/** What every write takes. */
export interface WriteOptions extends RequestOptions {
  /** Identifies the operation for deduplication; one is made up when left out. */
  readonly clientOpId?: string | undefined;
  /** The write applies only while this lease is live (PROTOCOL §6). */
  readonly fence?: Fence | undefined;
}

/** What `delete` takes. */
export interface DeleteOptions extends WriteOptions {
  /** Only when the exact leaf has this revision (PROTOCOL §2). */
  readonly ifMatch?: number | undefined;
}

/** What `set` takes. */
export interface SetOptions extends DeleteOptions {
  /** Only when there is no leaf at exactly this path. Not together with `ifMatch`. */
  readonly ifAbsent?: boolean | undefined;
}

/** An acknowledged write. */
export interface WriteReceipt {
  /** The seq the operation was committed under; of several, the last one's. */
  readonly storeSeq: number;
}

/** One operation of a batch. */
export type BatchOperation =
  | {
      readonly op: 'set';
      readonly path: Path;
      readonly value: JsonValue;
      readonly ifMatch?: number | undefined;
      readonly ifAbsent?: boolean | undefined;
    }
  | { readonly op: 'delete'; readonly path: Path; readonly ifMatch?: number }
  | { readonly op: 'merge'; readonly path: Path; readonly value: JsonObject };

/** An acknowledged batch: the seq of each operation, in order, and of the last. */
export interface BatchReceipt extends WriteReceipt {
  /** The receipt of each operation, in the order they were given. */
  readonly operations: readonly WriteReceipt[];
}

interface ListOptions extends RequestOptions {
  /** Items on one page, 1 to 1000. Default 1000. */
  readonly limit?: number | undefined;
  /** Continue behind this path, in the direction of `order`: the `nextCursor` of the page before. */
  readonly after?: Path | undefined;
  /** Store order (PROTOCOL §1) or its reverse. Default `asc`. */
  readonly order?: 'asc' | 'desc' | undefined;
}

/** Leaves by pattern, or by range `[from, to)`. */
export type ListQuery = ListOptions &
  ({ readonly pattern: string } | { readonly from: Path; readonly to: Path });

/** What `lease` and `renew` take. */
export interface LeaseOptions extends WriteOptions {
  /** Milliseconds. Default 30,000 (PROTOCOL §6). */
  readonly ttl?: number | undefined;
  /** Who holds it, for operators to read. */
  readonly holder?: string | undefined;
}

/** A lease as its holder knows it; `token` goes into a {@link Fence}. */
export interface LeaseReceipt extends WriteReceipt {
  /** The seq of the operation that took the lease; `renew` keeps it. */
  readonly token: number;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  /** Who took it, as they put it. */
  readonly holder: string | null;
}

/** How a file is stored. */
export interface FileUpload extends WriteOptions {
  /** The file's name, for those who download it. Not empty. */
  readonly filename: string;
  /** A media type. Default `application/octet-stream`. */
  readonly contentType?: string | undefined;
}

/** An acknowledged file. */
export interface FileReceipt extends WriteReceipt {
  /** The content's address: `sha256:` and 64 hexadecimal digits. */
  readonly hash: string;
}

/** A stored file's content. */
export interface FileContent {
  /** The bytes, a copy of the reader's own. */
  readonly content: Uint8Array;
  /** Its media type. */
  readonly contentType: string;
}

/** `connecting` before the first usable moment, `live` while reads and writes go through, `closed` for good. */
export interface TransportStatus {
  /** Whether the transport can be used just now; `degraded` reads and writes in a slower or staler way. */
  readonly state: 'connecting' | 'live' | 'degraded' | 'closed';
  /** Which transport answers reads just now, such as `memory`, `lmdb`, `http` or `channel`. */
  readonly readsFrom: string;
  /** The seq of the store's last operation as far as this transport knows. */
  readonly storeSeq: number;
}

/**
 * The way to one store. Paths are rendered (PROTOCOL §1). Every method rejects with a `DustError`; once a write
 * has resolved, every read through the same transport sees it.
 */
export interface Transport {
  /** What it can do. While it is open it may lose `atomicBatch`, and one that joins an engine gains what that can do. */
  readonly capabilities: TransportCapabilities;
  /** Who this transport writes as: the `deviceId` of its operations. */
  readonly deviceId: string;

  /** Opens what the transport needs. Everything else is refused before it has resolved. */
  connect(): Promise<void>;
  /** Ends every watch, releases every resource. Later calls reject with `closed`. Calling it again does nothing. */
  close(): Promise<void>;
  /** The status just now. */
  status(options?: RequestOptions): Promise<TransportStatus>;
  /** The current status, then each change of it; completes with `close`. */
  readonly status$: Observable<TransportStatus>;

  /** The leaf at `path`, else the subtree below it as a map, else null. */
  get(path: Path, options?: RequestOptions): Promise<Entry | null>;
  /** The leaves at exactly these paths; absent ones are missing from the result. Any number of paths. */
  getMany(paths: readonly Path[], options?: RequestOptions): Promise<ReadonlyMap<Path, Leaf>>;
  /** Whether there is a leaf at or below `path`. */
  exists(path: Path, options?: RequestOptions): Promise<boolean>;
  /** All leaves at and below `path` in store order, as they stood at one moment. */
  subtree(path: Path, options?: RequestOptions): Promise<readonly Leaf[]>;
  /** One page of leaves. Pages of one listing may see different moments. */
  list(query: ListQuery): Promise<ListPage>;
  /** One page of the paths of leaves. */
  listKeys(query: ListQuery): Promise<ListPage<Path>>;

  /** Replaces what is at and below `path` by the value. @throws DustError `conflict`, `exists`, `fenced` */
  set(path: Path, value: JsonValue, options?: SetOptions): Promise<WriteReceipt>;
  /** Removes the leaf and everything below it; succeeds where nothing is. @throws DustError `conflict`, `fenced` */
  delete(path: Path, options?: DeleteOptions): Promise<WriteReceipt>;
  /** Writes the children that `value` names and leaves the others alone (PROTOCOL §2). @throws DustError `fenced` */
  merge(path: Path, value: JsonObject, options?: WriteOptions): Promise<WriteReceipt>;
  /** Adds to the number at `path`, 0 where none is. @throws DustError `fenced`, `invalid_params` */
  increment(path: Path, delta: number, options?: WriteOptions): Promise<WriteReceipt>;
  /** Puts the member in front of the set at `path`. @throws DustError `fenced` */
  add(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt>;
  /** Takes the member out of the set at `path`. @throws DustError `fenced` */
  remove(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt>;
  /** 1 to {@link MAX_BATCH_OPERATIONS} operations, later ones seeing earlier ones; all are committed or none. */
  batchWrite(operations: readonly BatchOperation[], options?: WriteOptions): Promise<BatchReceipt>;

  /**
   * Committed operations, in store order, whose own path matches `pattern` or that changed a leaf that does.
   * Cold; begins with the first operation after subscribing; completes with `close`.
   */
  watch(pattern: string): Observable<CommittedOperation>;
  /**
   * Committed operations, in store order, that changed a record `<prefix>/<slug>`, with how they left it.
   * Cold; begins with the first operation after subscribing; completes with `close`.
   */
  watchRecords(prefix: Path): Observable<RecordOperation>;

  /** @throws DustError `held` or `occupied` (PROTOCOL §6) */
  lease(key: Path, options?: LeaseOptions): Promise<LeaseReceipt>;
  /** @throws DustError `not_held` */
  renew(key: Path, token: number, options?: LeaseOptions): Promise<LeaseReceipt>;
  /** Resolves to whether the token was the live one. */
  release(key: Path, token: number, options?: WriteOptions): Promise<boolean>;

  /** Stores the content under its hash, and its description at `path`. @throws DustError `fenced` */
  putFile(path: Path, content: Uint8Array, upload: FileUpload): Promise<FileReceipt>;
  /** The content behind a hash, null when the store has no such blob. */
  getFile(hash: string, options?: RequestOptions): Promise<FileContent | null>;
}
