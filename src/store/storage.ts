import type { FolderWork } from './folder-work.js';
import type { CommittedOperation } from '../protocol/requests/operation.js';
import type { Path } from '../protocol/paths/path.js';
import type { Leaf } from '../protocol/values/value.js';
import type { StoredIndex } from './indexes/definitions.js';
import type { ByteText } from './indexes/keys/byte-text.js';
import type { LeafTree } from './leaf-tree.js';
import type { LoggedState } from './logged/logged-state.js';

/** The kept operations of a store, without holes, oldest first. */
export interface OperationLog {
  /** The number of operations kept. */
  readonly size: number;
  /** Operations always arrive with the seq after the last one's. */
  append(operation: CommittedOperation): void;
  /** The kept operations with a seq greater than `seq`, ascending. May be read only until the next write. */
  since(seq: number): Iterable<CommittedOperation>;
  /** The seq of the kept operation with this client id. */
  findClientOp(clientOpId: string): number | undefined;
  /** Drops the operations up to and including `throughSeq`. */
  trim(throughSeq: number): void;
  /** Drops all. The next one appended may have any seq. */
  clear(): void;
}

/**
 * The leaves as they stood at the last compaction, kept as the versions that were overwritten since: a leaf whose
 * revision is not newer than the snapshot and that is not held here still stands in the tree.
 */
export interface SnapshotOverlay {
  get(path: string): Leaf | undefined;
  put(leaf: Leaf): void;
  /** All held leaves in store order. */
  leaves(): Iterable<Leaf>;
  clear(): void;
}

export interface StoredBlob {
  readonly content: Uint8Array;
  readonly contentType: string;
  /** The name it was first stored under; undefined where that was not kept. */
  readonly filename?: string | undefined;
}

export interface BlobStorage {
  get(hash: string): StoredBlob | undefined;
  has(hash: string): boolean;
  put(hash: string, blob: StoredBlob): void;
}

/** The numbers a store must not lose. */
export interface StoreCounters {
  /** The seq of the last operation; 0 when there was none. */
  readonly storeSeq: number;
  /** The seq the last compaction was made at; 0 when there was none. */
  readonly snapshotSeq: number;
  /** When a lease was last taken or renewed, in milliseconds since the Unix epoch: time does not go back to before. */
  readonly leasedAt?: number | undefined;
  /** Of a store whose writes a log outside of it orders. */
  readonly logged?: LoggedState | undefined;
  /** Its state is being replaced by another one, and is neither until that is done. `storeSeq` is of the one to come. */
  readonly restoring?: true | undefined;
}

/** Keys from `from` (included) up to `to` (excluded). */
export interface KeyRange {
  readonly from: ByteText;
  readonly to: ByteText;
  /** From the last to the first. Default false. */
  readonly reverse?: boolean | undefined;
}

/** A set of texts of bytes, in their order. All calls are synchronous; a range may be read only until the next write. */
export interface KeySet {
  has(key: ByteText): boolean;
  /** Does nothing when it is there. */
  add(key: ByteText): void;
  /** Does nothing when it is not there. */
  delete(key: ByteText): void;
  range(range: KeyRange): Iterable<ByteText>;
  /** How many keys lie in a range, without looking at each; no further than `atMost`. */
  count(range: Omit<KeyRange, 'reverse'>, atMost?: number): number;
}

/** The indexes of a store: what they are, and the entries of all of them. */
export interface IndexStorage {
  readonly keys: KeySet;
  /** The same list as long as nobody has defined another one. */
  readonly definitions: readonly StoredIndex[];
  define(definitions: readonly StoredIndex[]): void;
}

/**
 * What a storage holds at one moment, for as long as it is held, whatever is written meanwhile. To be read upwards, once: nothing
 * before an `after` is asked for again. What is returned may be read in one turn of the event loop only.
 */
export interface StorageMoment {
  readonly counters: StoreCounters;
  readonly definitions: readonly StoredIndex[];
  /** Those behind a path, in store order. */
  leaves(after: Path | undefined): Iterable<Leaf>;
  /** Those of the overlay behind a path, in store order. */
  overlay(after: Path | undefined): Iterable<Leaf>;
  /** The kept operations behind a seq, ascending. */
  operations(after: number): Iterable<CommittedOperation>;
  /** Lets go of it: nothing is read any more. May be called again. */
  release(): void;
}

/** How much a storage holds. */
export interface StorageSize {
  readonly leafCount: number;
  /** Bytes of the contents of files. */
  readonly fileBytes: number;
  /** Bytes on the disk, those kept for later use included; 0 where there is none. */
  readonly storedBytes: number;
}

/** Where an embedded store keeps its data. All calls but `commit` and `close` are synchronous. */
export interface StoreStorage {
  /** Names the storage to operators: `memory` or `lmdb`. */
  readonly name: string;
  readonly leaves: LeafTree;
  readonly log: OperationLog;
  readonly overlay: SnapshotOverlay;
  readonly blobs: BlobStorage;
  readonly indexes: IndexStorage;
  readCounters(): StoreCounters;
  writeCounters(counters: StoreCounters): void;
  /**
   * Costs no more than a read, but for the first call, which may look at every file. Left out by storages that would have
   * to count.
   */
  measure?(): StorageSize;
  /** How many slots of the table of readers are taken. Left out where there is none. */
  readers?(): number;
  /**
   * Throws when the medium is not the one that was opened any more: what is mapped into memory reads on when it is gone.
   * Left out where there is no medium.
   */
  assertPresent?(): void;
  /**
   * Runs `work` once, synchronously, in the order of the calls; the only place where writes are allowed. Its reads see
   * its own writes and those of work before it. Resolves with its result when everything it wrote would survive the
   * sudden end of this process. Several calls may be made durable together.
   *
   * `work` must be certain to succeed before its first write: when it throws before that, only its own call rejects.
   * When it throws later, or the medium fails, everything that was to be made durable together is undone and rejects.
   */
  commit<T>(work: () => T): Promise<T>;
  /**
   * Holds what is committed by now. Costs little; what is written while it is held costs memory or room on the disk. `close` lets
   * go of it.
   */
  hold(): StorageMoment;
  /**
   * Copies all that is committed by now into the folder, which it makes. Work goes on meanwhile; `close` waits for it.
   * Left out by storages that keep nothing.
   */
  backup?(folder: string, work?: FolderWork): Promise<void>;
  close(): Promise<void>;
}
