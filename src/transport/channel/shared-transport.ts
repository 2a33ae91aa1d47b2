import type { Observable } from 'rxjs';
import { BehaviorSubject, switchMap } from 'rxjs';
import { onAbort } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import { endAll } from '../../end-all.js';
import type { Logger } from '../../logging.js';
import { ForwardingTransport } from '../forwarding-transport.js';
import type { Path } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { IndexingOptions, Transport, TransportStatus } from '../transport.js';
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
export class SharedTransport extends ForwardingTransport {
  readonly #parts: SharedTransportParts;
  readonly #ways: BehaviorSubject<Transport>;
  readonly #ended = new AbortController();
  /** What was asked for, of each prefix last: an engine that is joined later has to know. */
  readonly #indexes = new Map<Path, readonly IndexDefinition[]>();
  #joining: Promise<void> | undefined;

  constructor(parts: SharedTransportParts) {
    super();
    this.#parts = parts;
    this.#ways = new BehaviorSubject(parts.http);
  }

  /** @throws DustError `store_not_found`, `unauthorized`, `forbidden`, `network`, `timeout`; the call may be made again */
  override async connect(): Promise<void> {
    await this.#parts.http.connect();
    this.#joining ??= this.#join();
  }

  /** The engine goes on while others use it. Writes under way may end first, for 5 seconds at the most. */
  override async close(): Promise<void> {
    this.#ended.abort();
    await this.#joining;
    try {
      await endAll([() => this.#parts.http.close(), () => this.way.close()]);
    } finally {
      this.#ways.complete();
    }
  }

  /** `readsFrom` tells whether the engine has been joined. */
  override get status$(): Observable<TransportStatus> {
    return this.#ways.pipe(switchMap((way) => way.status$));
  }

  /** Over HTTP there are none; those of the mirror are made when an engine is joined. */
  override async useIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options?: IndexingOptions,
  ): Promise<void> {
    await super.useIndexes(prefix, definitions, options);
    const before = options?.beside === true ? (this.#indexes.get(prefix) ?? []) : [];
    // Who asks again for the same adds nothing.
    const all = new Map([...before, ...definitions].map((each) => [JSON.stringify(each), each]));
    this.#indexes.set(prefix, [...all.values()]);
  }

  /** HTTP at first, the channel later. */
  protected get way(): Transport {
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
        await channel.close().catch(() => undefined);
        await this.#pause();
        continue;
      }
      // What HTTP has shown or acknowledged, the mirror must hold before it is read, whatever is still under way. Ends with HTTP.
      http.status$.subscribe(({ storeSeq }) => {
        channel.need(storeSeq);
      });
      this.#ways.next(channel);
      await this.#indexMirror(channel);
      return;
    }
  }

  /** Until it is done, reads do without. Never rejects. */
  async #indexMirror(channel: ChannelTransport): Promise<void> {
    const { signal } = this.#ended;
    for (const [prefix, definitions] of this.#indexes) {
      try {
        await channel.useIndexes(prefix, definitions, { signal });
      } catch (error) {
        if (signal.aborted) return;
        const { logger, store } = this.#parts;
        logger.warn(`the records of ${prefix} in the mirror of ${store} have no indexes: ${String(error)}`);
      }
    }
  }

  #pause(): Promise<void> {
    const { signal } = this.#ended;
    return new Promise((resolve) => {
      const end = (): void => {
        callOff();
        stopListening();
        resolve();
      };
      const callOff = this.#parts.clock.schedule(end, JOIN_AGAIN);
      const stopListening = onAbort(signal, end);
    });
  }
}
