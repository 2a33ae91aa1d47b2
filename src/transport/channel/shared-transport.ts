import type { Observable, Subscription } from 'rxjs';
import { BehaviorSubject, switchMap } from 'rxjs';
import type { Clock } from '../../clock.js';
import type { Logger } from '../../logging.js';
import type { CommittedOperation, RecordOperation } from '../../protocol/operation.js';
import type { Path } from '../../protocol/path.js';
import type { Entry, JsonObject, JsonValue, Leaf } from '../../protocol/value.js';
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
  RequestOptions,
  SetOptions,
  Transport,
  TransportCapabilities,
  TransportStatus,
  WriteOptions,
  WriteReceipt,
} from '../transport.js';
import type { ChannelTransport } from './channel-transport.js';

/** How long HTTP goes on before another attempt when an engine could not be joined, in milliseconds. */
const JOIN_AGAIN = 30_000;

/** What a {@link SharedTransport} is made of. */
export interface SharedTransportParts {
  /** The way until there is an engine. */
  readonly http: Transport;
  /**
   * Resolves with a transport over an engine that somebody else in this process has opened, not connected yet; undefined
   * when the signal was aborted first.
   */
  readonly join: (signal: AbortSignal) => Promise<ChannelTransport | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: string;
}

/**
 * HTTP until somebody in this process runs an engine for the store, and that engine from then on (DESIGN §3 "Transport
 * choice"). Opens no connection to the channel by itself.
 */
export class SharedTransport implements Transport {
  readonly #parts: SharedTransportParts;
  readonly #ways: BehaviorSubject<Transport>;
  readonly #ended = new AbortController();
  #joining: Promise<void> | undefined;
  #keepingUp: Subscription | undefined;

  constructor(parts: SharedTransportParts) {
    this.#parts = parts;
    this.#ways = new BehaviorSubject(parts.http);
  }

  /** HTTP's at first, the channel's later. */
  get capabilities(): TransportCapabilities {
    return this.#way.capabilities;
  }

  /** One of its own at first, the engine's later. */
  get deviceId(): string {
    return this.#way.deviceId;
  }

  /** @throws DustError `store_not_found`, `unauthorized`, `forbidden`, `network`, `timeout`; the call may be made again */
  async connect(): Promise<void> {
    await this.#parts.http.connect();
    this.#joining ??= this.#join();
  }

  /** The engine goes on while others use it. Writes under way may end first, for 5 seconds at the most. */
  async close(): Promise<void> {
    this.#ended.abort();
    await this.#joining;
    this.#keepingUp?.unsubscribe();
    await Promise.all([this.#parts.http.close(), this.#way.close()]);
    this.#ways.complete();
  }

  status(options?: RequestOptions): Promise<TransportStatus> {
    return this.#way.status(options);
  }

  /** `readsFrom` tells whether the engine has been joined. */
  get status$(): Observable<TransportStatus> {
    return this.#ways.pipe(switchMap((way) => way.status$));
  }

  get(path: Path, options?: RequestOptions): Promise<Entry | null> {
    return this.#way.get(path, options);
  }

  getMany(paths: readonly Path[], options?: RequestOptions): Promise<ReadonlyMap<Path, Leaf>> {
    return this.#way.getMany(paths, options);
  }

  exists(path: Path, options?: RequestOptions): Promise<boolean> {
    return this.#way.exists(path, options);
  }

  subtree(path: Path, options?: RequestOptions): Promise<readonly Leaf[]> {
    return this.#way.subtree(path, options);
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.#way.list(query);
  }

  listKeys(query: ListQuery): Promise<ListPage<Path>> {
    return this.#way.listKeys(query);
  }

  set(path: Path, value: JsonValue, options?: SetOptions): Promise<WriteReceipt> {
    return this.#way.set(path, value, options);
  }

  delete(path: Path, options?: DeleteOptions): Promise<WriteReceipt> {
    return this.#way.delete(path, options);
  }

  merge(path: Path, value: JsonObject, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#way.merge(path, value, options);
  }

  increment(path: Path, delta: number, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#way.increment(path, delta, options);
  }

  add(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#way.add(path, member, options);
  }

  remove(path: Path, member: JsonValue, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#way.remove(path, member, options);
  }

  batchWrite(operations: readonly BatchOperation[], options?: WriteOptions): Promise<BatchReceipt> {
    return this.#way.batchWrite(operations, options);
  }

  watch(pattern: string): Observable<CommittedOperation> {
    return this.#way.watch(pattern);
  }

  watchRecords(prefix: Path): Observable<RecordOperation> {
    return this.#way.watchRecords(prefix);
  }

  lease(key: Path, options?: LeaseOptions): Promise<LeaseReceipt> {
    return this.#way.lease(key, options);
  }

  renew(key: Path, token: number, options?: LeaseOptions): Promise<LeaseReceipt> {
    return this.#way.renew(key, token, options);
  }

  release(key: Path, token: number, options?: WriteOptions): Promise<boolean> {
    return this.#way.release(key, token, options);
  }

  putFile(path: Path, content: Uint8Array, upload: FileUpload): Promise<FileReceipt> {
    return this.#way.putFile(path, content, upload);
  }

  getFile(hash: string, options?: RequestOptions): Promise<FileContent | null> {
    return this.#way.getFile(hash, options);
  }

  get #way(): Transport {
    return this.#ways.value;
  }

  /** Never rejects: without an engine HTTP goes on. */
  async #join(): Promise<void> {
    const { http, join, logger, store } = this.#parts;
    const { signal } = this.#ended;
    while (!signal.aborted) {
      const channel = await join(signal);
      if (channel === undefined) return;
      try {
        await channel.connect();
      } catch (error) {
        logger.warn(`the channel of the store ${store} could not be joined, HTTP goes on: ${String(error)}`);
        await channel.close();
        await this.#pause();
        continue;
      }
      // What HTTP has shown or acknowledged, the mirror must hold before it is read, whatever is still under way.
      this.#keepingUp = http.status$.subscribe(({ storeSeq }) => {
        channel.need(storeSeq);
      });
      this.#ways.next(channel);
      return;
    }
  }

  #pause(): Promise<void> {
    const { signal } = this.#ended;
    return new Promise((resolve) => {
      const end = (): void => {
        callOff();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const callOff = this.#parts.clock.schedule(end, JOIN_AGAIN);
      signal.addEventListener('abort', end);
    });
  }
}
