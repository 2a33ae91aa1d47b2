import { asked, checkRequestNames } from '../request-names.js';
import { randomUUID } from 'node:crypto';
import type { Observable } from 'rxjs';
import { throwError } from 'rxjs';
import { systemClock } from '../../clock.js';
import type { Path } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { Entry, JsonValue, Leaf } from '../../protocol/values/value.js';
import { eachSubtree } from '../each-subtree.js';
import { notSupported, unknownSeq } from '../errors.js';
import type {
  BarrierOptions,
  BatchOperation,
  BatchReceipt,
  DeleteOptions,
  FileContent,
  IndexingOptions,
  ListPage,
  ListQuery,
  LogPage,
  LogQuery,
  RequestOptions,
  SetOptions,
  Transport,
  TransportCapabilities,
  TransportStatus,
  WriteOptions,
  WriteReceipt,
} from '../transport.js';
import type { WireIndex } from '../../protocol/wire/http.js';
import { droppedIn, importIn, indexesIn, isCompleteIn } from './answers.js';
import { capabilitiesOver } from './capabilities.js';
import { createHttpClient } from './create-http-client.js';
import { leafLinesIn, linesOf } from './dump-lines.js';
import { EntryReads } from './entry-reads.js';
import { EntryRequests } from './entry-requests.js';
import { EntryWrites } from './entry-writes.js';
import type { HttpClient } from './client/http-client.js';
import { HttpConnection } from './http-connection.js';
import { boundOf, resolveRequests, resolveTimeouts } from './limits.js';
import { LogReads } from './log-reads.js';
import type { HttpTransportOptions } from './options.js';
import { WriteLane } from './write-lane.js';
import { WriteSender } from './write-sender.js';

/** Nothing lies there; a listing of it still tells an unknown store from a known one. */
const PROBE = '_dust/probe/**';

/** What an import has done. */
export interface ImportReceipt extends WriteReceipt {
  /** How many leaves were written. */
  readonly imported: number;
}

/**
 * The way to a store on a Dust server over its REST interface (PROTOCOL §3): reads and writes, whole batches of them,
 * and compare-and-swap; no events, counters, sets, leases, and no files to store. Every read asks the server.
 */
export class HttpTransport implements Transport {
  readonly deviceId: string;
  readonly #connection: HttpConnection;
  readonly #requests: EntryRequests;
  readonly #reads: EntryReads;
  readonly #log: LogReads;
  readonly #sender: WriteSender;
  readonly #writes: EntryWrites;

  /**
   * Sends nothing before `connect`.
   *
   * @param client for tests: what sends the requests, instead of one that the options describe
   * @throws DustError `invalid_options` for a url, token, store, timeout or retry that cannot be used
   */
  constructor(options: HttpTransportOptions, client: HttpClient = createHttpClient(options)) {
    const { store, clock = systemClock, deviceId = randomUUID(), retry } = options;
    const requests = new EntryRequests(store);
    // Errors are to name the store, not what nobody asked for.
    const probe = { ...requests.page({ pattern: PROBE, limit: 1 }, 'keys'), path: undefined };
    this.deviceId = deviceId;
    this.#requests = requests;
    this.#connection = new HttpConnection({
      client,
      probe,
      clock,
      closingGrace: resolveTimeouts(options).close,
    });
    this.#reads = new EntryReads(this.#connection, requests);
    this.#log = new LogReads(this.#connection, requests);
    this.#sender = new WriteSender(this.#connection, requests);
    this.#writes = new EntryWrites(
      this.#sender,
      retry === undefined ? undefined : new WriteLane(this.#sender, boundOf(resolveRequests(options))),
    );
  }

  /** What the server announced at `connect` (PROTOCOL §3) and has not taken back since. */
  get capabilities(): TransportCapabilities {
    return capabilitiesOver(this.#connection.features, this.#sender.hasBatches);
  }

  /**
   * Asks the server for the store. When it fails it may be called again.
   *
   * @throws DustError `store_not_found`, `unauthorized`, `forbidden`, `network`, `timeout`
   */
  connect(): Promise<void> {
    return this.#connection.connect();
  }

  /** Writes under way may end first, for the 5 seconds of `timeout.close` at the most. Never rejects. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /**
   * Asks the server. `storeSeq` is the greatest seq it has told so far, and it may be further.
   *
   * @throws DustError what every request may meet ({@link Transport})
   */
  async status(options: RequestOptions = {}): Promise<TransportStatus> {
    checkRequestNames('status', options);
    await this.#connection.probe(options.signal);
    return this.#connection.status;
  }

  /** `degraded` while the last request did not reach the server. Never errors. */
  get status$(): Observable<TransportStatus> {
    return this.#connection.status$;
  }

  /**
   * From when it resolves on, reads show what the server knows to be acknowledged, or the operation `minSeq`.
   *
   * @throws DustError `not_supported` on a server without the feature `read-barrier`; `invalid_params` with detail `unknown_seq`; `http` with
   * detail `not_current`, retryable, when a node of a cluster cannot know what the others have; what every request may meet ({@link Transport})
   */
  barrier(options: BarrierOptions = {}): Promise<number> {
    return asked('barrier', options, async () => {
      if (this.capabilities.barrier !== true) throw notSupported('http', 'barrier', NO_BARRIER);
      const storeSeq = await this.#connection.barrier(options);
      const { minSeq = 0 } = options;
      if (storeSeq < minSeq) throw unknownSeq(minSeq, storeSeq);
      return storeSeq;
    });
  }

  get(path: Path, options: RequestOptions = {}): Promise<Entry | null> {
    return asked('get', options, () => this.#reads.get(path, options));
  }

  getMany(paths: readonly Path[], options: RequestOptions = {}): Promise<ReadonlyMap<Path, Leaf>> {
    return asked('getMany', options, () => this.#reads.getMany(paths, options));
  }

  exists(path: Path, options: RequestOptions = {}): Promise<boolean> {
    return asked('exists', options, () => this.#reads.exists(path, options));
  }

  /**
   * All leaves at and below `path`; one at `path` itself is left out when there are others below it. What does not fit one
   * page is read until two readings agree.
   *
   * @throws DustError `conflict` with `detail` `unstable_read` when it changes faster than that; what every request may
   * meet ({@link Transport})
   */
  subtree(path: Path, options: RequestOptions = {}): Promise<readonly Leaf[]> {
    return asked('subtree', options, () => this.#reads.subtree(path, options));
  }

  subtrees(
    paths: readonly Path[],
    options: RequestOptions = {},
  ): Promise<ReadonlyMap<Path, readonly Leaf[]>> {
    return asked('subtrees', options, () =>
      this.capabilities.subtrees === true
        ? this.#reads.subtrees(paths, options)
        : eachSubtree(this.#reads, paths, options),
    );
  }

  /**
   * Tells a server that keeps unique indexes which ones the records of `prefix` have, beside those that others told it of; it keeps them
   * beyond this transport. Nothing is found by an index over HTTP, and nothing is sent where none is unique.
   *
   * @throws DustError `exists` when two records have the same values of a unique index; `forbidden` for a token that may but read, unless the
   * index is there; what every request may meet
   */
  useIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: IndexingOptions = {},
  ): Promise<void> {
    return asked('useIndexes', options, async () => {
      const unique = definitions.filter((definition) => definition.unique);
      if (unique.length === 0 || this.capabilities.uniqueIndexes !== true) return;
      const request = this.#requests.uniqueIndexes('PUT', prefix, unique, options);
      while (!isCompleteIn((await this.#connection.send(request)).body));
    });
  }

  /**
   * The indexes that the server keeps of the store.
   *
   * @throws DustError `not_implemented` on a server without the feature `unique-indexes`; what every request may meet ({@link Transport})
   */
  indexes(options: RequestOptions = {}): Promise<readonly WireIndex[]> {
    return asked('indexes', options, async () =>
      indexesIn((await this.#connection.send(this.#requests.indexes(options))).body),
    );
  }

  /**
   * Has the server give up unique indexes that no class declares any more. Resolves to how many there were.
   *
   * @throws DustError as {@link indexes} does; `forbidden`
   */
  dropIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: RequestOptions = {},
  ): Promise<number> {
    return asked('dropIndexes', options, async () => {
      const request = this.#requests.uniqueIndexes('DELETE', prefix, definitions, options);
      return droppedIn((await this.#connection.send(request)).body);
    });
  }

  list(query: ListQuery): Promise<ListPage> {
    return asked('list', query, () => this.#reads.list(query));
  }

  listKeys(query: ListQuery): Promise<ListPage<Path>> {
    return asked('listKeys', query, () => this.#reads.listKeys(query));
  }

  /**
   * Oldest first in one request; newest first in several, on a server that does not tell how far it has come.
   *
   * @throws DustError as {@link Transport.log} does
   */
  log(query: LogQuery = {}): Promise<LogPage> {
    return asked('log', query, () => this.#log.page(query));
  }

  set(path: Path, value: JsonValue, options: SetOptions = {}): Promise<WriteReceipt> {
    return asked('set', options, () => this.#writes.set(path, value, options));
  }

  delete(path: Path, options: DeleteOptions = {}): Promise<WriteReceipt> {
    return asked('delete', options, () => this.#writes.delete(path, options));
  }

  /**
   * All operations in one request; all are committed or none.
   *
   * @throws DustError as {@link Transport.batchWrite} does, `not_implemented` when the server has no route for batches:
   * `atomicBatch` is then false
   */
  batchWrite(operations: readonly BatchOperation[], options: WriteOptions = {}): Promise<BatchReceipt> {
    return asked('batchWrite', options, () => this.#writes.batch(operations, options, this.capabilities));
  }

  /**
   * The content behind a hash, null when the store has no such blob.
   *
   * @throws DustError `forbidden` without the scope, and for a file that none of the token's stores refers to: servers
   * do not tell the two apart (PROTOCOL §3)
   */
  getFile(hash: string, options: RequestOptions = {}): Promise<FileContent | null> {
    return asked('getFile', options, () => this.#reads.getFile(hash, options));
  }

  /**
   * The store's leaves as the lines of a dump (PROTOCOL §3), the header first, as they arrive.
   *
   * @throws DustError what every request may meet ({@link Transport}), also in the middle: what came before is then
   * no whole dump
   */
  async *exportDump(options: RequestOptions = {}): AsyncGenerator<string, void, undefined> {
    checkRequestNames('exportDump', options);
    yield* linesOf((await this.#connection.send(this.#requests.export(options))).body);
  }

  /**
   * Writes the lines of a dump into the store. A failure may leave some of them written; nothing repeats it.
   *
   * @throws DustError `invalid_params` for lines that the server refuses, `indeterminate` when its answer is lost;
   * what every request may meet ({@link Transport})
   */
  async importDump(lines: string, options: RequestOptions = {}): Promise<ImportReceipt> {
    checkRequestNames('importDump', options);
    const { body } = await this.#connection.send(this.#requests.import(lines, options));
    const { imported = leafLinesIn(lines), storeSeq = this.#connection.status.storeSeq } = importIn(body);
    this.#connection.saw(storeSeq);
    return { imported, storeSeq };
  }

  /**
   * Not offered over HTTP: errors when it is subscribed to.
   *
   * @throws DustError as an error of the Observable: `not_supported`
   */
  watch(): Observable<never> {
    return unwatchable('watch');
  }

  /**
   * Not offered over HTTP: errors when it is subscribed to.
   *
   * @throws DustError as an error of the Observable: `not_supported`
   */
  watchRecords(): Observable<never> {
    return unwatchable('watchRecords');
  }

  /**
   * Not offered over HTTP, where fields are written in one batch: always rejects.
   *
   * @throws DustError `not_supported`
   */
  merge(): Promise<never> {
    return lacking('merge', 'Write the fields in one batch.');
  }

  /**
   * Not offered over HTTP: always rejects.
   *
   * @throws DustError `not_supported`
   */
  increment(): Promise<never> {
    return lacking('increment', NEEDS_CHANNEL);
  }

  /**
   * Not offered over HTTP: always rejects.
   *
   * @throws DustError `not_supported`
   */
  add(): Promise<never> {
    return lacking('add', NEEDS_CHANNEL);
  }

  /**
   * Not offered over HTTP: always rejects.
   *
   * @throws DustError `not_supported`
   */
  remove(): Promise<never> {
    return lacking('remove', NEEDS_CHANNEL);
  }

  /**
   * Not offered over HTTP: always rejects.
   *
   * @throws DustError `not_supported`
   */
  lease(): Promise<never> {
    return lacking('lease', NEEDS_CHANNEL);
  }

  /**
   * Not offered over HTTP: always rejects.
   *
   * @throws DustError `not_supported`
   */
  renew(): Promise<never> {
    return lacking('renew', NEEDS_CHANNEL);
  }

  /**
   * Not offered over HTTP: always rejects.
   *
   * @throws DustError `not_supported`
   */
  release(): Promise<never> {
    return lacking('release', NEEDS_CHANNEL);
  }

  /**
   * Not offered over HTTP: always rejects.
   *
   * @throws DustError `not_supported`
   */
  putFile(): Promise<never> {
    return lacking('putFile', NEEDS_CHANNEL);
  }
}

const NO_BARRIER =
  'The server does not announce `read-barrier`, so that nothing is known of how far it has come. Leave `consistency` out.';
const NEEDS_CHANNEL = 'Servers offer it over the channel only.';

function lacking(method: string, instead: string): Promise<never> {
  return Promise.reject(notSupported('http', method, instead));
}

function unwatchable(method: string): Observable<never> {
  return throwError(() => notSupported('http', method, NEEDS_CHANNEL));
}
