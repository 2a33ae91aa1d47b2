import type { MsgHdrs } from '@nats-io/transport-node';
import { assertNotAborted, requestAborted, untilAborted } from '../../../abort-listener.js';
import { isDustError } from '../../../errors.js';
import { logClosed } from '../../errors.js';
import type { NatsAddress } from './address.js';
import type { NatsClient, NatsDriver } from './driver.js';
import { noServer, requestFailed, smallMessages } from './errors.js';

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
  #isClosed = false;

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
      return (await untilAborted(request, signal, requestAborted)).data;
    } catch (error) {
      this.#assertWanted(signal);
      // A server that does not answer may be cut off from the others.
      if (error instanceof Error && error.name === 'TimeoutError') this.#leave(client);
      throw requestFailed(error);
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

  /** The connection, made when there is none. @throws DustError `network` with detail `no_server`; `aborted`, `closed` */
  async client(signal?: AbortSignal): Promise<NatsClient> {
    this.#assertWanted(signal);
    this.#client ??= this.#connect();
    const client = await untilAborted(this.#client, signal, requestAborted);
    this.#assertWanted(signal);
    return client;
  }

  /** Resolves when the connection has ended. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#client?.catch(() => undefined);
    await client?.close().catch(() => undefined);
  }

  async #connect(): Promise<NatsClient> {
    const { address, timeout } = this.#options;
    const { servers, tls, ...credentials } = address;
    try {
      const client = await this.#driver.connect({
        ...credentials,
        ...(tls ? { tls: {} } : {}),
        servers: [...servers.slice(this.#next), ...servers.slice(0, this.#next)],
        name: 'dust-orm',
        timeout,
        reconnect: false,
        noRandomize: true,
        ignoreClusterUpdates: true,
        noAsyncTraces: true,
      });
      this.#take(client);
      return client;
    } catch (error) {
      this.#client = undefined;
      throw isDustError(error) ? error : noServer(servers.length, error);
    }
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
    this.#next = (this.#next + 1) % this.#options.address.servers.length;
    this.#forget(client);
    void client.close().catch(() => undefined);
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

  #assertWanted(signal?: AbortSignal): void {
    if (this.#isClosed) throw logClosed();
    assertNotAborted(signal);
  }
}
