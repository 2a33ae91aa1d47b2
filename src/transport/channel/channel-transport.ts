import { asked, checkRequestNames } from '../request-names.js';
import { Observable, firstValueFrom, map } from 'rxjs';
import type { Commit, RecordCommit } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import { Pattern } from '../../protocol/paths/pattern.js';
import type { IndexDefinition, LocalRecords } from '../../protocol/values/record-access.js';
import type { Entry, JsonObject, JsonValue, Leaf } from '../../protocol/values/value.js';
import { isMap } from '../../protocol/values/value.js';
import { weightOf } from '../../protocol/values/weight.js';
import type { SyncReceipt, SyncWrite } from '../../sync/index.js';
import { resolveLimits } from '../../sync/index.js';
import { assertNotAborted, untilAborted } from '../abort.js';
import { notSupported } from '../errors.js';
import { HeldIndexes } from '../held-indexes.js';
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
} from '../transport.js';
import { capabilitiesOver } from './capabilities.js';
import { BatchLine } from './batch-line.js';
import { ChannelBatches } from './channel-batches.js';
import { ChannelConnection } from './channel-connection.js';
import { ChannelReads } from './channel-reads.js';
import type { ChannelEngine, EngineLease } from './engine.js';
import { fenceOnFile } from './errors.js';
import type { StoreFile } from './file-beside.js';
import { FilesBeside } from './file-beside.js';
import { MirrorArrival } from './mirror-arrival.js';
import { Nudge } from './nudge.js';
import type { ChannelOptions } from './options.js';
import { Patience } from './patience.js';
import type { ReadChoiceOptions } from './read-choice.js';
import { ReadChoice } from './read-choice.js';
import { SeenRefusals } from './refusals/seen-refusals.js';
import { fileReceiptIn, leaseReceiptIn, wasReleased } from './receipts.js';

/** What a {@link ChannelTransport} is made of. */
export interface ChannelParts {
  /** The way to the same store over HTTP; closed with the transport. */
  readonly http: Transport;
  /** Opens the engine or joins those who use it. */
  readonly acquire: () => Promise<EngineLease>;
  readonly settings: ReadChoiceOptions;
  /** How files are stored, where that is not done by messages of the channel. */
  readonly storeFile?: StoreFile | undefined;
  /** Its times, as far as they do not concern the engine. */
  readonly limits?:
    | Pick<ChannelOptions, 'catchUpTimeout' | 'closeTimeout' | 'writeTimeout' | 'outbox' | 'outboxBytes'>
    | undefined;
}

/**
 * The way to a store over its channel: reads are answered by a mirror in this process, writes are acknowledged by the
 * server, changes are told. What the channel lacks goes over HTTP: batches, downloads, and reads of what is not mirrored
 * or not up to date (DESIGN §3 "Transport choice").
 */
export class ChannelTransport implements Transport {
  readonly #http: Transport;
  readonly #connection: ChannelConnection;
  readonly #reads: ChannelReads;
  readonly #batches: ChannelBatches;
  readonly #line: BatchLine;
  readonly #choice: ReadChoice;
  readonly #arrival: MirrorArrival;
  readonly #refusals: SeenRefusals;
  readonly #files: FilesBeside | undefined;
  readonly #indexes = new HeldIndexes();

  constructor({ http, acquire, settings, storeFile, limits }: ChannelParts) {
    this.#http = http;
    const { clock, logger } = settings;
    const choice = new ReadChoice(settings);
    const connection = new ChannelConnection({
      http,
      acquire,
      choice,
      clock,
      limits,
      onDrained: () => {
        nudge.stop();
      },
    });
    const nudge = new Nudge((write, signal) => connection.lease.engine.write({ ...write, signal }), logger);
    this.#connection = connection;
    const { states$ } = choice;
    const { closed$ } = connection;
    const { writeTimeout, outbox, outboxBytes } = resolveLimits(limits);
    const patience = new Patience({ clock, writeTimeout, states$, closed$ });
    this.#reads = new ChannelReads(connection, choice, http, patience);
    const bound = { count: outbox, bytes: outboxBytes };
    this.#line = new BatchLine({ clock, writeTimeout, bound, patience, closed$ });
    this.#batches = new ChannelBatches(http, choice, nudge, this.#line);
    this.#files = storeFile && new FilesBeside(storeFile, this.#line, this.#batches);
    this.#choice = choice;
    this.#arrival = new MirrorArrival(choice, clock);
    this.#refusals = new SeenRefusals({ http, arrival: this.#arrival, clock });
  }

  /** The engine's once connected: whoever shares an engine writes as the same device. */
  get deviceId(): string {
    return this.#connection.deviceId ?? this.#http.deviceId;
  }

  /** What the server announced when the channel was joined last; one that announces less after a reconnect can do less. */
  get capabilities(): TransportCapabilities {
    return capabilitiesOver(this.#http.capabilities, this.#connection.features);
  }

  /**
   * Waits a while for the mirror to be whole; after that, reads go over HTTP until it is.
   *
   * @throws DustError `store_not_found`, `unauthorized`, `forbidden`, `network`, `timeout`; the call may be made again
   */
  connect(): Promise<void> {
    return this.#connection.connect();
  }

  /**
   * Waits for the writes under way where there are any, also for a lost connection to come back: for `closeTimeout` at the
   * most. What is not settled by then rejects: with `closed` when it was never sent, with `indeterminate` when nobody knows.
   */
  close(): Promise<void> {
    this.#indexes.close();
    return this.#connection.close();
  }

  /** Reads something from the mirror or over HTTP, where reads go just now. */
  async status(options?: RequestOptions): Promise<TransportStatus> {
    checkRequestNames('status', options);
    await this.#reads.probe(options);
    return firstValueFrom(this.status$);
  }

  /** `degraded` while the channel is interrupted; `readsFrom` then turns to `http` after `staleAfter`. */
  get status$(): Observable<TransportStatus> {
    return this.#connection.status$;
  }

  /**
   * The server is asked over HTTP, and the mirror has come as far as it says before it is read.
   *
   * @throws DustError as over HTTP; `indeterminate` when the store was restored meanwhile to what it was before
   */
  barrier(options: BarrierOptions = {}): Promise<number> {
    return asked('barrier', options, () =>
      this.#withEngine(options, (engine) => this.#barrier(engine, options)),
    );
  }

  /** From now on the mirror must have come as far as `storeSeq` to be read: somebody was told of it. */
  need(storeSeq: number): void {
    this.#choice.need(storeSeq);
  }

  get(path: Path, options?: RequestOptions): Promise<Entry | null> {
    return asked('get', options, () => this.#reads.get(path, options));
  }

  getMany(paths: readonly Path[], options?: RequestOptions): Promise<ReadonlyMap<Path, Leaf>> {
    return asked('getMany', options, () => this.#reads.getMany(paths, options));
  }

  exists(path: Path, options?: RequestOptions): Promise<boolean> {
    return asked('exists', options, () => this.#reads.exists(path, options));
  }

  subtree(path: Path, options?: RequestOptions): Promise<readonly Leaf[]> {
    return asked('subtree', options, () => this.#reads.subtree(path, options));
  }

  localRecords(prefix: Path, options?: LocalReadOptions): LocalRecords | undefined {
    checkRequestNames('localRecords', options);
    return this.#reads.records(prefix, options);
  }

  /** Of the mirror, where that keeps the prefix; what must be unique is said to the server, over HTTP. */
  useIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: IndexingOptions = {},
  ): Promise<void> {
    return asked('useIndexes', options, () =>
      this.#withEngine(options, async (engine) => {
        await this.#http.useIndexes?.(prefix, definitions, options);
        if (!this.#connection.coverage.has(prefix)) return;
        const { beside, signal, onProgress } = options;
        const held = this.#indexes.hold({ prefix, definitions, beside }, () =>
          engine.useIndexes(prefix, definitions, { signal, onProgress }),
        );
        await (signal === undefined ? held : untilAborted(held, signal));
      }),
    );
  }

  list(query: ListQuery): Promise<ListPage> {
    return asked('list', query, () => this.#reads.list(query));
  }

  listKeys(query: ListQuery): Promise<ListPage<Path>> {
    return asked('listKeys', query, () => this.#reads.listKeys(query));
  }

  /** Over HTTP: a mirror has what the operations left, and not the operations. */
  log(query: LogQuery = {}): Promise<LogPage> {
    return asked('log', query, () =>
      this.#withEngine(
        query,
        () => this.#http.log?.(query) ?? Promise.reject(notSupported('channel', 'log', 'Watch instead.')),
      ),
    );
  }

  /** A map with a precondition goes over HTTP, as batches do. */
  async set(path: Path, value: JsonValue, options: SetOptions = {}): Promise<WriteReceipt> {
    checkRequestNames('set', options);
    const { ifMatch, ifAbsent, clientOpId, fence, signal } = options;
    const isGuarded = ifMatch !== undefined || ifAbsent === true;
    if (isGuarded && fence === undefined && isMap(value)) {
      return this.#writing(options, () =>
        this.#line.run({
          send: () => this.#http.set(path, value, options),
          bytes: () => weightOf(value),
          signal,
        }),
      );
    }
    return this.#write({ op: 'set', path, value, ifMatch, ifAbsent, clientOpId, fence, signal });
  }

  async delete(path: Path, options: DeleteOptions = {}): Promise<WriteReceipt> {
    checkRequestNames('delete', options);
    const { ifMatch, clientOpId, fence, signal } = options;
    return this.#write({ op: 'delete', path, ifMatch, clientOpId, fence, signal });
  }

  async merge(path: Path, value: JsonObject, options: WriteOptions = {}): Promise<WriteReceipt> {
    checkRequestNames('merge', options);
    const { clientOpId, fence, signal } = options;
    return this.#write({ op: 'merge', path, value, clientOpId, fence, signal });
  }

  async increment(path: Path, delta: number, options: WriteOptions = {}): Promise<WriteReceipt> {
    checkRequestNames('increment', options);
    const { clientOpId, fence, signal } = options;
    return this.#write({ op: 'increment', path, value: delta, clientOpId, fence, signal });
  }

  async add(path: Path, member: JsonValue, options: WriteOptions = {}): Promise<WriteReceipt> {
    checkRequestNames('add', options);
    const { clientOpId, fence, signal } = options;
    return this.#write({ op: 'add', path, value: member, clientOpId, fence, signal });
  }

  async remove(path: Path, member: JsonValue, options: WriteOptions = {}): Promise<WriteReceipt> {
    checkRequestNames('remove', options);
    const { clientOpId, fence, signal } = options;
    return this.#write({ op: 'remove', path, value: member, clientOpId, fence, signal });
  }

  /** @throws DustError `not_implemented` when the server has no route for batches; `atomicBatch` is then false */
  async batchWrite(operations: readonly BatchOperation[], options: WriteOptions = {}): Promise<BatchReceipt> {
    checkRequestNames('batchWrite', options);
    return this.#writing(options, (engine) =>
      this.#batches.write(engine, this.deviceId, operations, options),
    );
  }

  watch(pattern: string): Observable<Commit> {
    return this.#watching<Commit>((engine, listener) => engine.watch(Pattern.parse(pattern), listener)).pipe(
      map((commit) => this.#batches.namedCommit(commit, this.deviceId)),
    );
  }

  watchRecords(prefix: Path): Observable<readonly RecordCommit[]> {
    return this.#watching<readonly RecordCommit[]>((engine, listener) =>
      engine.watchRecords(prefix, listener),
    ).pipe(map((commits) => commits.map((commit) => this.#batches.namedRecords(commit, this.deviceId))));
  }

  async lease(key: Path, options: LeaseOptions = {}): Promise<LeaseReceipt> {
    checkRequestNames('lease', options);
    const { ttl, holder, clientOpId, fence, signal } = options;
    const lease = { op: 'lease', path: key, ttl, holder, clientOpId, fence, signal } as const;
    return leaseReceiptIn(await this.#submit(lease), key);
  }

  async renew(key: Path, token: number, options: LeaseOptions = {}): Promise<LeaseReceipt> {
    checkRequestNames('renew', options);
    const { ttl, clientOpId, fence, signal } = options;
    const renewal = { op: 'renew', path: key, token, ttl, clientOpId, fence, signal } as const;
    return leaseReceiptIn(await this.#submit(renewal), key);
  }

  async release(key: Path, token: number, options: WriteOptions = {}): Promise<boolean> {
    checkRequestNames('release', options);
    const { clientOpId, fence, signal } = options;
    return wasReleased(await this.#submit({ op: 'release', path: key, token, clientOpId, fence, signal }));
  }

  /** @throws DustError `not_supported` under a fence: servers do not look at a file's */
  async putFile(path: Path, content: Uint8Array, upload: FileUpload): Promise<FileReceipt> {
    checkRequestNames('putFile', upload);
    const { filename, contentType, clientOpId, fence, signal } = upload;
    if (fence !== undefined) throw fenceOnFile();
    const file = { path, content, filename, contentType, clientOpId, signal };
    const files = this.#files;
    if (files !== undefined) {
      return this.#writing(upload, (engine) => files.put(engine, this.deviceId, file));
    }
    const receipt = await this.#writing(upload, (engine) => engine.putFile(file));
    return fileReceiptIn(receipt, path);
  }

  /** As over HTTP: a file that none of the token's stores refers to is `forbidden`. */
  getFile(hash: string, options?: RequestOptions): Promise<FileContent | null> {
    return asked('getFile', options, () =>
      this.#withEngine(options, () => this.#http.getFile(hash, options)),
    );
  }

  async #barrier(engine: ChannelEngine, options: BarrierOptions): Promise<number> {
    const storeSeq = await this.#http.barrier?.(options);
    if (storeSeq === undefined) throw notSupported('channel', 'barrier', 'Leave `consistency` out.');
    await this.#arrival.wait(engine, storeSeq, options.signal);
    return storeSeq;
  }

  async #write(write: SyncWrite): Promise<WriteReceipt> {
    const { storeSeq } = await this.#submit(write);
    return { storeSeq };
  }

  /** To be called in an async method: what it throws is a rejection there. */
  #submit(write: SyncWrite): Promise<SyncReceipt> {
    return this.#writing(write, (engine) => engine.write(write));
  }

  /** Runs a write as {@link #withEngine} runs a request. Closing waits for it, and whoever is refused it reads why. */
  #writing<T>(options: RequestOptions, write: (engine: ChannelEngine) => Promise<T>): Promise<T> {
    return this.#withEngine(options, (engine) =>
      this.#connection.asWrite(this.#refusals.over(engine, write(engine), options.signal)),
    );
  }

  #watching<T>(watch: (engine: ChannelEngine, listener: (item: T) => void) => () => void): Observable<T> {
    return new Observable((subscriber) => {
      const { engine } = this.#connection.lease;
      const stop = watch(engine, (item) => {
        subscriber.next(item);
      });
      subscriber.add(stop);
      const complete = (): void => {
        subscriber.complete();
      };
      subscriber.add(this.#connection.closed$.subscribe(complete));
    });
  }

  /** Runs a request unless it was called off; whatever it throws becomes a rejection. */
  #withEngine<T>(
    options: RequestOptions | undefined,
    run: (engine: ChannelEngine) => T | Promise<T>,
  ): Promise<T> {
    return new Promise((resolve) => {
      const { engine } = this.#connection.lease;
      assertNotAborted(options?.signal);
      resolve(run(engine));
    });
  }
}
