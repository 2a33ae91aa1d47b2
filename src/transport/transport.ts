import type { ClusterMember } from '../protocol/requests/cluster-member.js';
import type { Observable } from 'rxjs';
import type { ListPage } from '../protocol/requests/listing.js';
import type { Commit, CommittedOperation, Fence, RecordCommit } from '../protocol/requests/operation.js';
import type { Path } from '../protocol/paths/path.js';
import type { IndexDefinition, LocalRecords } from '../protocol/values/record-access.js';
import type { Entry, JsonObject, JsonValue, Leaf } from '../protocol/values/value.js';

export type { ListPage } from '../protocol/requests/listing.js';
export { MAX_BATCH_OPERATIONS, MAX_PAGE_SIZE } from '../protocol/requests/listing.js';
export type {
  Commit,
  CommitRange,
  Fence,
  RecordChange,
  RecordCommit,
} from '../protocol/requests/operation.js';

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
  /** `increment`, `add` and `remove` may be part of a batch, beyond what PROTOCOL §3 offers. */
  readonly batchCounters: boolean;
  /** `check` may be part of a batch: a precondition that writes nothing, beyond what PROTOCOL §3 offers. */
  readonly batchCheck: boolean;
  /**
   * The store tells which operations were committed together, so that watchers hear of a commit whole. Without it what a
   * batch wrote is recognised by its ids as far as it can be.
   */
  readonly commits: boolean;
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
  /** {@link Transport.subtrees} takes fewer round trips than `subtree` of each. Left out where it is not there. */
  readonly subtrees?: boolean | undefined;
  /** {@link Transport.useIndexes}: records are found by what they hold. Left out where they are not. */
  readonly indexes?: boolean | undefined;
  /**
   * What {@link Transport.useIndexes} was told to be unique is kept so: by the store, whoever writes, or by claims, among all who heed them.
   * Left out where a unique index only finds records.
   */
  readonly uniqueIndexes?: boolean | undefined;
  /** {@link Transport.barrier}: reads can be made to show what others have written. Left out where they cannot. */
  readonly barrier?: boolean | undefined;
  /** {@link Transport.log}: the operations that the store keeps can be read. Left out where they cannot. */
  readonly log?: boolean | undefined;
}

/** What every request takes. */
export interface RequestOptions {
  /** Calls the request off; it then rejects with `DustError('aborted')`. A write already sent may still be committed. */
  readonly signal?: AbortSignal | undefined;
  /**
   * A read that a write depends on: where writes wait for a lost connection to come back, it does too. Means nothing to writes.
   * Default `false`.
   */
  readonly forWrite?: boolean | undefined;
}

/** What {@link Transport.barrier} takes. */
export interface BarrierOptions extends RequestOptions {
  /** It is enough that reads show the operation with this seq, which somebody has seen. */
  readonly minSeq?: number | undefined;
}

/** What {@link Transport.localRecords} takes. */
export interface LocalReadOptions extends RequestOptions {
  /**
   * The records as those who watch them are told of them, or as they will be told next: also while reads go another way, because these
   * may be too old for them. Default `false`.
   */
  readonly asWatched?: boolean | undefined;
}

/** What {@link Transport.useIndexes} takes. */
export interface IndexingOptions extends RequestOptions {
  /**
   * Whether what the transport was asked for before stays in use, for others who have the same transport. Default false: of one prefix
   * the last call says all that this transport uses.
   */
  readonly beside?: boolean | undefined;
  /** Hears, now and then while an index is built, how many records it has so far, and of how many where that is known. */
  readonly onProgress?: ((definition: IndexDefinition, records: number, total?: number) => void) | undefined;
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
      /** As {@link Transport.set}. */
      readonly op: 'set';
      /** Where to write. */
      readonly path: Path;
      /** What to write. */
      readonly value: JsonValue;
      /** As {@link SetOptions.ifMatch}. */
      readonly ifMatch?: number | undefined;
      /** As {@link SetOptions.ifAbsent}. Where the capability `batchIfAbsent` is. */
      readonly ifAbsent?: boolean | undefined;
    }
  | {
      /** As {@link Transport.delete}. */
      readonly op: 'delete';
      /** What to remove, with everything below it. */
      readonly path: Path;
      /** As {@link DeleteOptions.ifMatch}. */
      readonly ifMatch?: number;
    }
  | {
      /** As {@link Transport.merge}. Where the capability `batchMerge` is. */
      readonly op: 'merge';
      /** The parent of what is written. */
      readonly path: Path;
      /** The children to write. */
      readonly value: JsonObject;
    }
  | {
      /** As {@link Transport.increment}. Where the capability `batchCounters` is. */
      readonly op: 'increment';
      /** Where the number is. */
      readonly path: Path;
      /** What is added to it. */
      readonly value: number;
    }
  | {
      /** As {@link Transport.add} and {@link Transport.remove}. Where the capability `batchCounters` is. */
      readonly op: 'add' | 'remove';
      /** Where the set is. */
      readonly path: Path;
      /** Its member. */
      readonly value: JsonValue;
    }
  | {
      /**
       * Writes nothing: the batch is refused unless this holds when its turn comes, as `exists` where nothing was to be there
       * and as `conflict` otherwise. Where the capability `batchCheck` is.
       */
      readonly op: 'check';
      /** What is looked at, with everything below it. */
      readonly path: Path;
      /** The greatest revision at and below the path; 0 where nothing is. */
      readonly revision: number;
    };

/** An acknowledged batch: the seq of each operation, in order, and of the last. One that only checked has the seq before it. */
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
  (
    | {
        /** Such as `links/**` (PROTOCOL §1). */
        readonly pattern: string;
      }
    | {
        /** The first path of the range. */
        readonly from: Path;
        /** The path behind the last one. */
        readonly to: Path;
      }
  );

/** Which operations of the log to read. */
export interface LogQuery extends RequestOptions {
  /** Only those with a greater seq. Default 0. */
  readonly after?: number | undefined;
  /** Only those with a smaller seq. Default: to the last one. */
  readonly before?: number | undefined;
  /** Operations on one page, 1 to 1000. Default 1000. Where values are long a page holds fewer. */
  readonly limit?: number | undefined;
  /** Oldest or newest first. Default `asc`. */
  readonly order?: 'asc' | 'desc' | undefined;
}

/** One page of the log. */
export interface LogPage {
  /** In the order asked for, without holes. */
  readonly operations: readonly CommittedOperation[];
  /** What `after` must be for the next page, in descending order `before`; null when there is none. */
  readonly nextCursor: number | null;
  /** The log keeps the operations from this seq on; older ones live only in the leaves they wrote. */
  readonly firstSeq: number;
}

/** What `lease` and `renew` take. */
export interface LeaseOptions extends WriteOptions {
  /** Milliseconds. Default 30,000 (PROTOCOL §6), at most 86,400,000. */
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
  /**
   * Of a folder that several processes share: `owner` in the one that has it just now and serves it to the others, `member` in these. Left out
   * for every other store.
   */
  readonly shared?: 'owner' | 'member' | undefined;
  /**
   * Of a node of a cluster, when it is asked for its status: the nodes that have made themselves known, as far as this one has read the log. Left out
   * for every other store, and by `status$`.
   */
  readonly members?: readonly ClusterMember[] | undefined;
}

/**
 * The way to one store. Paths are rendered (PROTOCOL §1). Once a write has resolved, every read through the same transport
 * sees it.
 *
 * Every method fails with a `DustError`, and there are some that every request may meet: `not_initialized` before
 * `connect` has resolved, `closed` after `close`, `aborted` by its signal, `invalid_params` for a malformed path, and
 * `not_supported` for what the {@link TransportCapabilities} exclude. Beside these, a store in a folder fails with `storage`, and
 * one on a server with `network`, `timeout`, `http`, `unauthorized`, `forbidden`, `store_not_found`, `not_implemented` and
 * `rate_limited`.
 */
export interface Transport {
  /** What it can do. While it is open it may lose `atomicBatch`, and one that joins an engine gains what that can do. */
  readonly capabilities: TransportCapabilities;
  /** Who this transport writes as: the `deviceId` of its operations. */
  readonly deviceId: string;

  /**
   * Opens what the transport needs. Everything else is refused before it has resolved. When it fails it may be called again.
   *
   * @throws DustError `closed` after `close`; `storage` for a data folder; for a server what every request may meet
   */
  connect(): Promise<void>;
  /**
   * Ends every watch, releases every resource. Later calls reject with `closed`. Calling it again does nothing.
   *
   * @throws whatever the medium of a data folder fails with; the transport is closed all the same
   */
  close(): Promise<void>;
  /**
   * The status just now. Reads something, the way reads go just now: whoever has an answer can read.
   *
   * @throws DustError what every request may meet
   */
  status(options?: RequestOptions): Promise<TransportStatus>;
  /**
   * The current status, then each change of it; completes with `close`.
   *
   * @throws DustError as an error of the Observable: `closed` when the owner of a shared store has closed it
   */
  readonly status$: Observable<TransportStatus>;
  /**
   * From when it resolves on, reads through this transport show every write that was acknowledged anywhere before the call; with `minSeq`,
   * at least the operation with that seq. Resolves to the seq that they show. Where the capability `barrier` is.
   *
   * @throws DustError `timeout` with detail `not_current`, retryable, when that cannot be known in time; `invalid_params` with detail
   * `unknown_seq` when the store has no operation `minSeq`; what every request may meet
   */
  barrier?(options?: BarrierOptions): Promise<number>;

  /**
   * The leaf at `path`, else the subtree below it as a map, else null.
   *
   * @throws DustError what every request may meet
   */
  get(path: Path, options?: RequestOptions): Promise<Entry | null>;
  /**
   * The leaves at exactly these paths; absent ones are missing from the result. Any number of paths.
   *
   * @throws DustError what every request may meet
   */
  getMany(paths: readonly Path[], options?: RequestOptions): Promise<ReadonlyMap<Path, Leaf>>;
  /**
   * Whether there is a leaf at or below `path`.
   *
   * @throws DustError what every request may meet
   */
  exists(path: Path, options?: RequestOptions): Promise<boolean>;
  /**
   * All leaves at and below `path` in store order, as they stood at one moment.
   *
   * @throws DustError `conflict` with detail `unstable_read`, over HTTP, for what changes faster than it can be read;
   * what every request may meet
   */
  subtree(path: Path, options?: RequestOptions): Promise<readonly Leaf[]>;
  /**
   * What `subtree` gives for each of these paths, none of which lies below another; absent where nothing is. Each stands as
   * at one moment; not all of them as at the same.
   *
   * @throws DustError as {@link Transport.subtree} does
   */
  subtrees?(paths: readonly Path[], options?: RequestOptions): Promise<ReadonlyMap<Path, readonly Leaf[]>>;
  /**
   * The records of `prefix`, where reads below it are answered in this process just now; undefined where they take a round trip.
   * Left out: no read is answered here.
   *
   * @throws DustError `not_initialized`, `closed`; `aborted` when the signal is
   */
  localRecords?(prefix: Path, options?: LocalReadOptions): LocalRecords | undefined;
  /**
   * Has the records of `prefix` indexed by these definitions, and by those that others of the store use. Resolves when all of
   * them can be read: one that is new is built, in steps that let other work go on. One that nobody uses any more is dropped. Lasts until `close`.
   * Where the capability `indexes` is. What is unique is kept so beyond `close` where the capability `uniqueIndexes` is.
   *
   * @throws DustError `exists` when two records have the same values of a unique index; what every request may meet
   */
  useIndexes?(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options?: IndexingOptions,
  ): Promise<void>;
  /**
   * One page of leaves. Pages of one listing may see different moments.
   *
   * @throws DustError `invalid_params` for a malformed pattern, `limit`, `order`, range or cursor; what every request
   * may meet
   */
  list(query: ListQuery): Promise<ListPage>;
  /**
   * One page of the paths of leaves.
   *
   * @throws DustError as {@link Transport.list} does
   */
  listKeys(query: ListQuery): Promise<ListPage<Path>>;

  /**
   * One page of the operations that the store still keeps. Where the capability `log` is.
   *
   * @throws DustError `invalid_params` for a seq, `limit` or `order` that cannot be; what every request may meet
   */
  log?(query?: LogQuery): Promise<LogPage>;

  /**
   * Replaces what is at and below `path` by the value.
   *
   * @throws DustError `conflict` and `exists` for a precondition that does not hold, with `currentRevision`; `fenced`;
   * `invalid_value` for what is not JSON, `invalid_params` for a precondition on a map; what every request may meet
   */
  set(path: Path, value: JsonValue, options?: SetOptions): Promise<WriteReceipt>;
  /**
   * Removes the leaf and everything below it; succeeds where nothing is.
   *
   * @throws DustError `conflict` with `currentRevision`, `fenced`; what every request may meet
   */
  delete(path: Path, options?: DeleteOptions): Promise<WriteReceipt>;
  /**
   * Writes the children that `value` names and leaves the others alone (PROTOCOL §2).
   *
   * @throws DustError `fenced`, `invalid_value` for what is not JSON, `invalid_params` for what is no map; what every
   * request may meet
   */
  merge(path: Path, value: JsonObject, options?: WriteOptions): Promise<WriteReceipt>;
  /**
   * Adds to the number at `path`, 0 where none is.
   *
   * @throws DustError `fenced`, `invalid_params` where something else than a number lies; what every request may meet
   */
  increment(path: Path, delta: number, options?: WriteOptions): Promise<WriteReceipt>;
  /**
   * Puts the member in front of the set at `path`.
   *
   * @throws DustError `fenced`, `invalid_value` for what is not JSON, `invalid_params` for null; what every request
   * may meet
   */
  add(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt>;
  /**
   * Takes the member out of the set at `path`.
   *
   * @throws DustError as {@link Transport.add} does
   */
  remove(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt>;
  /**
   * 1 to {@link MAX_BATCH_OPERATIONS} operations, later ones seeing earlier ones; all are committed or none.
   *
   * @throws DustError as the single operations do, with the `opIndex` of the one that was refused; `invalid_params`
   * for no or too many of them, `not_supported` for an operation or an `ifAbsent` that the capabilities exclude,
   * `not_implemented`
   */
  batchWrite(operations: readonly BatchOperation[], options?: WriteOptions): Promise<BatchReceipt>;

  /**
   * Commits, in store order, with those of their operations whose own path matches `pattern` or that changed a leaf that
   * does. Cold; begins with the first commit after subscribing; completes with `close`.
   *
   * @throws DustError as an error of the Observable: `invalid_params` for a malformed pattern, `not_supported`,
   * `not_initialized`, `closed`
   */
  watch(pattern: string): Observable<Commit>;
  /**
   * Commits, in store order, that changed a record `<prefix>/<slug>`, with how they left it. Those that became known
   * together, as in a catch-up, come together. Cold; begins with the first commit after subscribing; completes with `close`.
   *
   * @throws DustError as an error of the Observable: `not_supported`, `not_initialized`, `closed`
   */
  watchRecords(prefix: Path): Observable<readonly RecordCommit[]>;

  /**
   * Takes the lease `key`, which is free or has run out (PROTOCOL §6).
   *
   * @throws DustError `held` while somebody else has it, `occupied` when the key holds something else; what every
   * request may meet
   */
  lease(key: Path, options?: LeaseOptions): Promise<LeaseReceipt>;
  /**
   * Prolongs a lease that is live, from now on.
   *
   * @throws DustError `not_held` when it has run out or was taken over; what every request may meet
   */
  renew(key: Path, token: number, options?: LeaseOptions): Promise<LeaseReceipt>;
  /**
   * Gives a lease back. Resolves to whether the token was the live one.
   *
   * @throws DustError what every request may meet
   */
  release(key: Path, token: number, options?: WriteOptions): Promise<boolean>;

  /**
   * Stores the content under its hash, and its description at `path`.
   *
   * @throws DustError `fenced`; what every request may meet
   */
  putFile(path: Path, content: Uint8Array, upload: FileUpload): Promise<FileReceipt>;
  /**
   * The content behind a hash, null when the store has no such blob.
   *
   * @throws DustError what every request may meet
   */
  getFile(hash: string, options?: RequestOptions): Promise<FileContent | null>;

  /**
   * Copies the store as it stands now into the folder `folder`, which it makes; reads and writes go on meanwhile. Left out by
   * transports whose store does not lie in a folder of this machine.
   *
   * @throws DustError `not_supported` for a store in memory; `invalid_options` when `folder` is there already or lies in the
   * store's own; what every request may meet
   */
  backup?(folder: string): Promise<void>;
}
