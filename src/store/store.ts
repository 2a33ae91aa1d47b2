import { OBJECT, checkOptionNames, checkOptionValues, required, withMethods } from '../options/index.js';
import type { OptionNames } from '../options/index.js';
import { REQUEST_NAMES } from './request-names.js';
import { inspect } from 'node:util';
import { systemClock } from '../clock.js';
import { endAll } from '../end-all.js';
import { isDustError } from '../errors.js';
import { consoleLogger } from '../logging.js';
import type { ListPage } from '../protocol/requests/listing.js';
import type { ClusterMember } from '../protocol/requests/cluster-member.js';
import type { Commit, CommittedOperation, RecordCommit } from '../protocol/requests/operation.js';
import type { Path } from '../protocol/paths/path.js';
import type { Pattern } from '../protocol/paths/pattern.js';
import type { Entry, Leaf } from '../protocol/values/value.js';
import type { IndexDefinition, LocalRecords } from '../protocol/values/record-access.js';
import type { IndexUse, UseIndexesOptions } from './indexes/build/index-uses.js';
import { IndexUses } from './indexes/build/index-uses.js';
import type { StandingIndex } from './indexes/definitions.js';
import { StoreRecords } from './indexes/records/store-records.js';
import { StoreIndexes } from './indexes/store-indexes.js';
import type { CatchUp } from './history/catch-up.js';
import { catchUpSince } from './history/catch-up.js';
import { ChangeHub } from './commit/change-hub.js';
import type { Command } from './operations/commands.js';
import {
  batchCommands,
  leaseCommand,
  putFileCommand,
  releaseCommand,
  renewCommand,
  writeCommand,
} from './operations/commands.js';
import { Committer } from './commit/committer.js';
import { FollowingCopy, OwnOrder } from './commit/own-order.js';
import type { WriteOrder } from './commit/write-order.js';
import { snapshotLeaves } from './history/compaction.js';
import { halfRestored, nothingToBackUp, storeClosed } from './errors.js';
import type { LeafTree, ReadableTree } from './leaf-tree.js';
import type { LeafQuery } from './reading/listing.js';
import { listKeys, listLeaves, listPrefixes } from './reading/listing.js';
import { checkKeep, resolveLogLimits } from './history/log-limits.js';
import { readLog } from './history/log-reading.js';
import type { LogPage, LogQuery } from './history/log-reading.js';
import { measureStorage } from './measuring.js';
import { leavesAt } from './history/past.js';
import { probeStorage } from './reading/probe.js';
import { getEntry, getLeaves, getSubtree, pathExists } from './reading/reading.js';
import { batchReceipt, fileReceipt, leaseReceipt, writeReceipt } from './receipts.js';
import type {
  BatchReceipt,
  FileReceipt,
  LeaseReceipt,
  ReleaseReceipt,
  RollbackReceipt,
  WriteReceipt,
} from './receipts.js';
import type { StoreHistory } from './history/recent-history.js';
import { checkContext, checkPath, checkSeq } from './request-checks.js';
import type {
  BatchRequest,
  LeaseRequest,
  PutFileRequest,
  ReleaseRequest,
  RenewRequest,
  RollbackRequest,
  WriteContext,
  WriteRequest,
} from './requests.js';
import type { StorageSize, StoreStorage, StoredBlob } from './storage.js';
import type { StoreCondition, StoreOptions, StoreStatus } from './store-options.js';

const OPTIONS: OptionNames<StoreOptions> = {
  storage: true,
  clock: true,
  log: true,
  onListenerError: true,
  order: true,
};
/** What a store asks of its storage before anything else. */
const STORAGE = withMethods('readCounters', 'writeCounters', 'commit', 'close');

const USE_INDEXES: OptionNames<UseIndexesOptions> = { signal: true, onProgress: true };

const COMPACT: OptionNames<{ keep?: number }> = { keep: true };

const BARRIER: OptionNames<{ minSeq?: number }> = { minSeq: true };

/**
 * An embedded store: an ordered map of leaves with a log of operations, as PROTOCOL §1 and §2 define it, over a
 * storage of choice. Writes resolve once they are durable, after their listeners were told; reads are synchronous and
 * throw. Both fail with a `DustError`: `closed` after {@link close}, `invalid_params` for a malformed path, and what
 * each method names.
 */
export class Store {
  readonly #storage: StoreStorage;
  readonly #hub: ChangeHub;
  readonly #committer: Committer;
  readonly #indexes: StoreIndexes;
  readonly #indexUses: IndexUses;
  readonly #order: WriteOrder;
  readonly #isShared: boolean;
  #closing: Promise<void> | undefined;

  /**
   * @throws DustError `invalid_options` for an option that is unknown, missing or of another kind, and limits of the log that contradict
   * each other; `storage` with detail `half_restored` for the copy of a cluster's store that ended while it took a snapshot
   */
  constructor(options: StoreOptions) {
    checkOptionNames('Store', options, OPTIONS);
    checkOptionValues('Store', options, {
      storage: required(STORAGE),
      clock: withMethods('now', 'schedule'),
      log: OBJECT,
    });
    this.#storage = options.storage;
    this.#hub = new ChangeHub(options.onListenerError ?? logListenerError);
    this.#indexes = new StoreIndexes(options.storage);
    this.#indexUses = new IndexUses(this.#indexes, true);
    this.#committer = new Committer({
      storage: options.storage,
      hub: this.#hub,
      indexes: this.#indexes,
      clock: options.clock ?? systemClock,
      log: resolveLogLimits(options.log ?? {}),
    });
    const parts = {
      storage: options.storage,
      committer: this.#committer,
      indexes: this.#indexes,
      indexUses: this.#indexUses,
      hub: this.#hub,
    };
    // What is half one state and half another is none of its own.
    const { restoring } = options.storage.readCounters();
    if (options.order === undefined && restoring === true) throw halfRestored();
    this.#isShared = options.order !== undefined;
    this.#order = options.order?.(new FollowingCopy(parts)) ?? new OwnOrder(parts);
  }

  /** Names the storage to operators: `memory` or `lmdb`. */
  get storageName(): string {
    return this.#storage.name;
  }

  /**
   * How far the store has come.
   *
   * @throws DustError `closed`
   */
  status(): StoreStatus {
    this.#assertOpen();
    const { storeSeq, snapshotSeq } = this.#storage.readCounters();
    return { storeSeq, snapshotSeq, operationCount: this.#storage.log.size };
  }

  /**
   * Reads something, as every read does, and finds out whether the store still lies where it was opened: for those who ask
   * whether it is well. Costs one leaf.
   *
   * @throws DustError `closed`, and what reads fail with just now, such as `storage`
   */
  probe(): void {
    this.#assertOpen();
    probeStorage(this.#storage);
  }

  /** Whether others have copies of the store and write to it. */
  get isShared(): boolean {
    return this.#isShared;
  }

  /**
   * As {@link probe}, and finds out whether reads show what others have written, as far as that can be known.
   *
   * @throws DustError as {@link probe} does; `storage` with detail `lagging` when this copy of the store has not kept up for seconds
   */
  assertCurrent(): void {
    this.probe();
    this.#order.assertCurrent();
  }

  /**
   * How much the store holds.
   *
   * @throws DustError `closed`
   */
  size(): StorageSize {
    this.#assertOpen();
    return measureStorage(this.#storage);
  }

  /**
   * How it stands with what the store lies on, for those who watch over it.
   *
   * @throws DustError `closed`, and `storage` when the medium cannot be asked
   */
  condition(): StoreCondition {
    this.#assertOpen();
    return { readers: this.#storage.readers?.(), lag: this.#order.lag };
  }

  /**
   * The nodes of its cluster, as far as this copy knows; undefined where there is no cluster.
   *
   * @throws DustError `closed`
   */
  get members(): readonly ClusterMember[] | undefined {
    this.#assertOpen();
    return this.#order.members;
  }

  /**
   * What happened lately.
   *
   * @throws DustError `closed`
   */
  recentHistory(): StoreHistory {
    this.#assertOpen();
    return this.#committer.recentHistory();
  }

  /**
   * Commits one operation, or finds what it was committed as before under the same client id.
   *
   * @throws DustError `conflict` or `exists` with `currentRevision`, `fenced`, `invalid_value` for a value that is not
   * JSON, `invalid_params` with the protocol's reason as detail (PROTOCOL §2, §4)
   */
  async write(request: WriteRequest): Promise<WriteReceipt> {
    checkOptionNames('store.write', request, REQUEST_NAMES.write);
    return writeReceipt(await this.#commit(request, () => writeCommand(request)));
  }

  /**
   * Commits all operations, each with a seq of its own and without a foreign one in between, or none. The operations
   * are logged under the client ids `<clientOpId>:0`, `<clientOpId>:1` …, without those that only check.
   *
   * @throws DustError as {@link write} does, with the `opIndex` of the refused operation
   */
  async writeBatch(request: BatchRequest): Promise<BatchReceipt> {
    this.#assertOpen();
    checkOptionNames('store.writeBatch', request, REQUEST_NAMES.batch);
    const commands = batchCommands(request);
    checkContext(request);
    return batchReceipt(commands, await this.#order.commitBatch(request, commands));
  }

  /** Stores the content under its hash and its file envelope at the path. @throws DustError as {@link write} does */
  async putFile(request: PutFileRequest): Promise<FileReceipt> {
    checkOptionNames('store.putFile', request, REQUEST_NAMES.putFile);
    return fileReceipt(await this.#commit(request, () => putFileCommand(request)));
  }

  /** Takes the lease `path`, absent or expired (PROTOCOL §6). @throws DustError `held`, `occupied`, `invalid_params` */
  async lease(request: LeaseRequest): Promise<LeaseReceipt> {
    checkOptionNames('store.lease', request, REQUEST_NAMES.lease);
    return leaseReceipt(await this.#commit(request, () => leaseCommand(request)));
  }

  /** Prolongs a live lease from now on (PROTOCOL §6). @throws DustError `not_held` */
  async renew(request: RenewRequest): Promise<LeaseReceipt> {
    checkOptionNames('store.renew', request, REQUEST_NAMES.renew);
    return leaseReceipt(await this.#commit(request, () => renewCommand(request)));
  }

  /**
   * Removes the lease that `token` took, expired or not; any other token changes nothing (PROTOCOL §6).
   *
   * @throws DustError `fenced`, `invalid_params` for a malformed path, `storage`, `closed`
   */
  async release(request: ReleaseRequest): Promise<ReleaseReceipt> {
    checkOptionNames('store.release', request, REQUEST_NAMES.release);
    try {
      const { storeSeq } = await this.#commit(request, () => releaseCommand(request));
      return { released: true, storeSeq };
    } catch (error) {
      if (isDustError(error, 'not_held')) return { released: false };
      throw error;
    }
  }

  /**
   * Brings back what a path, or the whole store, held after an operation: with operations like any other, all or none,
   * under the ids `rollback:<toSeq>:<path>`. Leaves take the types of their values.
   *
   * @throws DustError `invalid_params` with detail `invalid_seq`, or `seq_not_kept` for a past that a compaction
   * dropped
   */
  async rollback(request: RollbackRequest): Promise<RollbackReceipt> {
    this.#assertOpen();
    checkOptionNames('store.rollback', request, REQUEST_NAMES.rollback);
    if (request.path !== undefined) checkPath(request.path);
    checkContext({ deviceId: request.deviceId });
    const { operations, storeSeq } = await this.#order.rollback(request);
    return { storeSeq, operationCount: operations.length };
  }

  /**
   * The leaf at `path`, else the subtree below it as a map with its greatest revision, else null.
   *
   * @throws DustError `invalid_params` for a malformed path, `closed`
   */
  get(path: Path): Entry | null {
    return getEntry(this.#tree(), path);
  }

  /**
   * The leaves at exactly these paths; absent ones are missing from the result.
   *
   * @throws DustError as {@link get} does
   */
  getMany(paths: Iterable<Path>): ReadonlyMap<Path, Leaf> {
    return getLeaves(this.#tree(), paths);
  }

  /**
   * Whether there is a leaf at or below `path`.
   *
   * @throws DustError as {@link get} does
   */
  exists(path: Path): boolean {
    return pathExists(this.#tree(), path);
  }

  /**
   * All leaves at and below `path`, in store order.
   *
   * @throws DustError as {@link get} does
   */
  subtree(path: Path): readonly Leaf[] {
    return getSubtree(this.#tree(), path);
  }

  /**
   * One page of leaves.
   *
   * @throws DustError `invalid_params` for a malformed pattern, limit, order, range or cursor, `closed`
   */
  list(query: LeafQuery): ListPage {
    checkOptionNames('store.list', query, REQUEST_NAMES.list);
    return listLeaves(this.#tree(), query);
  }

  /**
   * One page of the paths of leaves.
   *
   * @throws DustError as {@link list} does
   */
  listKeys(query: LeafQuery): ListPage<Path> {
    checkOptionNames('store.listKeys', query, REQUEST_NAMES.list);
    return listKeys(this.#tree(), query);
  }

  /**
   * One page of what lies directly below a base: the distinct paths one segment below it that the page's leaves lie
   * at or below (PROTOCOL §3, `select=prefixes`). A page counts leaves, and its cursor is the last leaf's path.
   *
   * @throws DustError `invalid_params` with detail `invalid_pattern_for_prefixes` unless the pattern is `**` or
   * `<base>/**`, `unsupported_select` for a range
   */
  listPrefixes(query: LeafQuery): ListPage<Path> {
    checkOptionNames('store.listPrefixes', query, REQUEST_NAMES.list);
    return listPrefixes(this.#tree(), query);
  }

  /**
   * The records of a prefix, read at once.
   *
   * @throws DustError `invalid_params` for a malformed prefix, `closed`
   */
  records(prefix: Path): LocalRecords {
    this.#assertOpen();
    return new StoreRecords({
      prefix,
      indexes: this.#indexes,
      tree: () => this.#tree(),
      moment: () => this.status().storeSeq,
    });
  }

  /**
   * Has the records of `prefix` indexed by these definitions, and by those that others use. Resolves when all of them can be read:
   * one that is new is built, in steps that let other work go on. One that nobody uses any more is dropped. The store keeps them
   * and their entries beyond the use, and in a folder beyond its own end, until somebody asks for others of the prefix.
   *
   * @throws DustError `exists` with detail `duplicate` when two records have the same values of a unique index, which is
   * then not there; `invalid_params` with detail `invalid_index` for a definition that says nothing; `invalid_options` for an unknown
   * option; `aborted`, after which a build goes on where it stopped when the index is asked for again; `storage`, `closed`
   */
  async useIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: UseIndexesOptions = {},
  ): Promise<IndexUse> {
    this.#assertOpen();
    checkOptionNames('store.useIndexes', options, USE_INDEXES);
    checkPath(prefix);
    const own = await this.#order.ownIndexes(prefix, definitions, options);
    return this.#indexUses.use(prefix, own, options);
  }

  /**
   * As {@link useIndexes}, for those beyond this process who count on the indexes: these stay, whatever others of the prefix anybody asks
   * for, until {@link dropIndex} names them. When one of them cannot be, none of those that are new is there.
   *
   * @throws DustError as {@link useIndexes} does
   */
  async keepIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: UseIndexesOptions = {},
  ): Promise<void> {
    this.#assertOpen();
    checkOptionNames('store.keepIndexes', options, USE_INDEXES);
    checkPath(prefix);
    await this.#order.keepIndexes(prefix, definitions, options);
  }

  /**
   * Drops an index that was kept or left behind. Somebody of this process who uses it goes on doing so. Resolves to whether there was one.
   *
   * @throws DustError `invalid_params` with detail `invalid_index` for a definition that says nothing; `storage`, `closed`
   */
  async dropIndex(prefix: Path, definition: IndexDefinition): Promise<boolean> {
    this.#assertOpen();
    checkPath(prefix);
    return this.#order.dropIndex(prefix, definition);
  }

  /**
   * The indexes of all prefixes, those that are still being built among them.
   *
   * @throws DustError `closed`
   */
  indexes(): readonly StandingIndex[] {
    this.#assertOpen();
    return this.#indexUses.standing;
  }

  /**
   * The content behind a hash, null when the store has no such blob.
   *
   * @throws DustError `closed`
   */
  async file(hash: string): Promise<StoredBlob | null> {
    this.#assertOpen();
    return this.#order.file(hash);
  }

  /**
   * What a reader who has seen everything up to `sinceSeq` lacks.
   *
   * @throws DustError `invalid_params` with detail `invalid_seq`, `closed`
   */
  catchUp(sinceSeq: number): CatchUp {
    this.#assertOpen();
    return catchUpSince(this.#storage, sinceSeq);
  }

  /**
   * The leaves as they stood at the last compaction, in store order; none without one. To be read before the next write.
   *
   * @throws DustError `closed`
   */
  snapshotLeaves(): Iterable<Leaf> {
    this.#assertOpen();
    return snapshotLeaves(this.#storage, this.#storage.readCounters().snapshotSeq);
  }

  /**
   * The leaves as they stood after the operation `seq`, in a tree of the caller's own; costs the snapshot and the
   * operations behind it.
   *
   * @throws DustError `invalid_params` with detail `invalid_seq`, or `seq_not_kept` for a past that a compaction
   * dropped
   */
  leavesAt(seq: number): LeafTree {
    this.#assertOpen();
    return leavesAt(this.#storage, seq);
  }

  /**
   * One page of the kept operations, oldest first.
   *
   * @throws DustError `invalid_params` for a limit or seq that cannot be, `closed`
   */
  log(query: LogQuery = {}): LogPage {
    this.#assertOpen();
    checkOptionNames('store.log', query, REQUEST_NAMES.log);
    return readLog(this.#storage, query);
  }

  /**
   * Makes the present state the snapshot for catch-up and drops all but the last `keep` operations of the log
   * (default: the store's `log.keep`). Costs what is dropped, not what the store holds.
   *
   * @throws DustError `invalid_params` with detail `invalid_keep`, `storage`, `closed`
   */
  async compact(options: { readonly keep?: number | undefined } = {}): Promise<void> {
    this.#assertOpen();
    checkOptionNames('store.compact', options, COMPACT);
    if (options.keep !== undefined) checkKeep(options.keep);
    await this.#order.compact(options.keep);
  }

  /**
   * Hears of every commit that has an operation that matches, with those operations, in store order, from now on. Returns
   * what ends it.
   *
   * @throws DustError `closed`
   */
  watch(pattern: Pattern, listener: (commit: Commit) => void): () => void {
    this.#assertOpen();
    return this.#hub.watch(pattern, listener);
  }

  /**
   * Hears of every commit that changed a record `<prefix>/<slug>`, from now on. Returns what ends it.
   *
   * @throws DustError `closed`
   */
  watchRecords(prefix: Path, listener: (commits: readonly RecordCommit[]) => void): () => void {
    this.#assertOpen();
    return this.#hub.watchRecords(prefix, listener);
  }

  /**
   * Hears when the state of this copy of a shared store begins to be replaced by a later one that it has not come to by its operations: their
   * seqs do not go on, and reads fail until that is done. Returns what ends it.
   *
   * @throws DustError `closed`
   */
  onAnew(listener: () => void): () => void {
    this.#assertOpen();
    return this.#hub.onAnew(listener);
  }

  /**
   * Copies the store as it stands now, every acknowledged write in it, into the folder `folder`, which it makes. Reads and writes
   * go on meanwhile, and `close` waits for it. The copy is checked before it takes its name; when anything fails, nothing
   * is left there.
   *
   * @throws DustError `not_supported` for a store in memory; `invalid_options` when `folder` is there already or lies in the
   * store's own; `storage` with detail `write_failed` when it cannot be written, `corrupt` when the store is damaged; `closed`
   */
  async backup(folder: string): Promise<void> {
    this.#assertOpen();
    if (this.#storage.backup === undefined) throw nothingToBackUp();
    await this.#storage.backup(folder);
  }

  /**
   * Resolves when reads show every write that was acknowledged anywhere before the call: at once for a store of one process, after a trip to the
   * log of a cluster. With `minSeq`, the seq of an operation that somebody has seen, also as soon as reads show that operation: what is not
   * there then is no operation of this store.
   *
   * @throws DustError `invalid_params` with detail `invalid_seq`; `closed`; of a cluster's, `timeout` with detail `not_current` when the log
   * does not answer within the time of a write
   */
  async barrier(options: { readonly minSeq?: number | undefined } = {}): Promise<void> {
    this.#assertOpen();
    checkOptionNames('store.barrier', options, BARRIER);
    const { minSeq } = options;
    if (minSeq !== undefined) checkSeq(minSeq);
    await this.#order.barrier(minSeq);
  }

  /** Resolves when every write begun so far has been acknowledged or refused. Never rejects. */
  settled(): Promise<void> {
    return this.#order.settled();
  }

  /**
   * Refuses everything from now on, waits for the writes under way, closes the storage. Calling it again waits along.
   *
   * @throws whatever the medium of a data folder fails with; the store is closed all the same
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // What is under way in a cluster may wait for an index to be built.
    await this.#order.settled();
    try {
      await endAll([() => this.#indexUses.close(), () => this.#order.close()]);
    } finally {
      await this.#storage.close();
    }
  }

  /** To be called in an async method: what it throws is a rejection there. */
  #commit(context: WriteContext, build: () => Command): Promise<CommittedOperation> {
    this.#assertOpen();
    const command = build();
    checkContext(context);
    return this.#order.commit(context, command);
  }

  #tree(): ReadableTree {
    this.#assertOpen();
    return this.#storage.leaves;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw storeClosed();
    this.#order.assertReadable();
  }
}

function logListenerError(error: unknown): void {
  consoleLogger.error(`a listener of the embedded store threw: ${inspect(error)}`);
}
