import type { MsgHdrs } from '@nats-io/transport-node';
import { assertNotAborted, requestAborted, untilAborted } from '../../../abort-listener.js';
import type { DustError } from '../../../errors.js';
import { isDustError } from '../../../errors.js';
import { logClosed } from '../../errors.js';
import type { NatsAddress } from './address.js';
import type { NatsClient, NatsDriver } from './driver.js';
import { noServer, requestFailed, smallMessages } from './errors.js';
import { refusalAt } from './refusals.js';

const decoder = new TextDecoder();

/** What a {@link NatsConnection} goes by. */
export interface NatsConnectionOptions {
  readonly address: NatsAddress;
  /** How long a server may take to answer, in milliseconds. */
  readonly timeout: number;
  /** What a server must take in one message, in bytes. */
  readonly leastPayload: number;
  /** Hears messages of this subject, by their text; and that some may have been missed, when a connection was made. */
  readonly news: { readonly subject: string; readonly onNews: (text: string | undefined) => void };
}

/** What a request carries beside its payload. */
export interface NatsRequestOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A connection to one of several servers, made when it is needed and again when it was lost. The driver's own way to connect again keeps
 * what is published meanwhile, without a bound; here what cannot be sent fails at once, and whoever asked asks again.
 */
export class NatsConnection {
  readonly #driver: NatsDriver;
  readonly #options: NatsConnectionOptions;
  /** The one that is used, or being made. */
  #client: Promise<NatsClient> | undefined;
  /** The same, once it is made. */
  #current: NatsClient | undefined;
  /** Of the servers, the one to begin with. */
  #next = 0;
  readonly #end = new AbortController();

  constructor(driver: NatsDriver, options: NatsConnectionOptions) {
    this.#driver = driver;
    this.#options = options;
  }

  /** @throws DustError `network` when it is unknown whether the request was carried out; `aborted`, `closed` */
  async request(
    subject: string,
    payload: Uint8Array | string,
    { headers, signal }: NatsRequestOptions = {},
  ): Promise<Uint8Array> {
    const client = await this.client(signal);
    const { timeout } = this.#options;
    try {
      const options = headers === undefined ? { timeout } : { timeout, headers: this.#headers(headers) };
      const request = client.request(subject, payload, options);
      return (await this.#untilUnwanted(request, signal)).data;
    } catch (error) {
      this.#assertWanted(signal);
      // A server that does not answer may be cut off from the others.
      if (error instanceof Error && error.name === 'TimeoutError') this.#leave(client);
      throw refusalAt(this.#places, error) ?? requestFailed(error);
    }
  }

  /** Sends a message that may be lost. Never throws. */
  async tell(subject: string, text: string): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    try {
      client?.publish(subject, text);
    } catch {
      // The connection has ended: whoever listens asks by themselves now and then.
    }
  }

  /** The connection, made when there is none. @throws DustError `network` with detail `no_server` or `refused`; `aborted`, `closed` */
  async client(signal?: AbortSignal): Promise<NatsClient> {
    this.#assertWanted(signal);
    this.#client ??= this.#connect();
    const client = await this.#untilUnwanted(this.#client, signal);
    this.#assertWanted(signal);
    return client;
  }

  /** What is under way fails at once. Resolves when the connection has ended, or the attempt to make one. Never rejects. */
  async close(): Promise<void> {
    this.#end.abort();
    const client = await this.#client?.catch(() => undefined);
    await client?.close().catch(() => undefined);
  }

  /** One server after the other, so that no more than one attempt is to be waited for when this is closed. */
  async #connect(): Promise<NatsClient> {
    const { servers } = this.#options.address;
    let cause: unknown;
    let refused: DustError | undefined;
    try {
      for (let tried = 0; tried < servers.length && !this.#end.signal.aborted; tried++) {
        try {
          return await this.#connectTo(servers[this.#next] ?? '');
        } catch (error) {
          if (isDustError(error)) throw error;
          cause = error;
          refused ??= refusalAt(this.#options.address.servers[this.#next] ?? '', error);
          this.#goToNext();
        }
      }
      throw refused ?? noServer(servers.length, cause);
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }

  async #connectTo(server: string): Promise<NatsClient> {
    const { address, timeout } = this.#options;
    const { user, pass, token, tls } = address;
    const client = await this.#driver.connect({
      ...(user === undefined ? {} : { user, pass: pass ?? '' }),
      ...(token === undefined ? {} : { token }),
      ...(tls ? { tls: {} } : {}),
      servers: [server],
      name: 'dust-orm',
      timeout,
      reconnect: false,
      ignoreClusterUpdates: true,
      noAsyncTraces: true,
    });
    this.#take(client);
    return client;
  }

  #take(client: NatsClient): void {
    const { news, leastPayload } = this.#options;
    const { subject, onNews } = news;
    this.#current = client;
    void client.closed().then(() => {
      this.#forget(client);
    });
    try {
      const most = client.info?.max_payload ?? leastPayload;
      if (most < leastPayload) throw smallMessages(most, leastPayload);
      client.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) onNews(decoder.decode(message.data));
        },
      });
    } catch (error) {
      void client.close().catch(() => undefined);
      throw error;
    }
    onNews(undefined);
  }

  #leave(client: NatsClient): void {
    if (this.#current !== client) return;
    this.#goToNext();
    this.#forget(client);
    void client.close().catch(() => undefined);
  }

  get #places(): string {
    return this.#options.address.servers.join(', ');
  }

  #goToNext(): void {
    this.#next = (this.#next + 1) % this.#options.address.servers.length;
  }

  #forget(client: NatsClient): void {
    if (this.#current !== client) return;
    this.#current = undefined;
    this.#client = undefined;
  }

  #headers(given: Readonly<Record<string, string>>): MsgHdrs {
    const headers = this.#driver.headers();
    for (const [name, value] of Object.entries(given)) headers.set(name, value);
    return headers;
  }

  #untilUnwanted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return untilAborted(untilAborted(work, signal, requestAborted), this.#end.signal, logClosed);
  }

  #assertWanted(signal?: AbortSignal): void {
    if (this.#end.signal.aborted) throw logClosed();
    assertNotAborted(signal);
  }
}
