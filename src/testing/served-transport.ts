import { filter, firstValueFrom } from 'rxjs';
import { ForwardingTransport } from '../transport/forwarding-transport.js';
import type { RequestMethod } from '../transport/forwarding-transport.js';
import { notConnected, transportClosed } from '../transport/errors.js';
import { capabilitiesOver } from '../transport/http/capabilities.js';
import type { Transport, TransportCapabilities } from '../transport/transport.js';
import { WorkUnderWay } from '../work-under-way.js';
import type { Following } from './test-clock.js';
import type { TestServer } from './test-server.js';

/** What a {@link ServedTransport} is made of. */
export interface ServedTransportOptions {
  /** One that others wrote in its place stands for itself. */
  readonly clock: { follow?(following: Following): () => void };
  readonly serve: () => Promise<TestServer>;
  /** Makes a client of the server. */
  readonly connect: (server: TestServer) => Transport;
}

/** A transport to a server of its own, which starts when it connects and ends when it is closed. */
export class ServedTransport extends ForwardingTransport {
  readonly #options: ServedTransportOptions;
  readonly #requests = new WorkUnderWay();
  #server: TestServer | undefined;
  #client: Transport | undefined;
  #unfollow: (() => void) | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ServedTransportOptions) {
    super();
    this.#options = options;
  }

  /** The server, once connected. @throws DustError `not_initialized`, `closed` */
  get server(): TestServer {
    if (this.#closing !== undefined) throw transportClosed('test');
    if (this.#server === undefined) throw notConnected('test');
    return this.#server;
  }

  protected override get way(): Transport {
    if (this.#client === undefined) throw notConnected('test');
    return this.#client;
  }

  /** Before the server is there, what the oldest one has: as every transport says it that has not connected. */
  override get capabilities(): TransportCapabilities {
    return this.#client?.capabilities ?? capabilitiesOver(new Set(), true);
  }

  override connect(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  override close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Resolves when watchers have been told of everything up to `storeSeq`, or the transport has none to tell. */
  async heard(storeSeq: number): Promise<void> {
    if (!this.capabilities.realtime) return;
    const reached$ = this.status$.pipe(filter(({ storeSeq: at }) => at >= storeSeq));
    await firstValueFrom(reached$, { defaultValue: undefined });
  }

  protected override run<T>(_method: RequestMethod, request: (way: Transport) => Promise<T>): Promise<T> {
    return this.#requests.track(request(this.way));
  }

  async #open(): Promise<void> {
    const { clock, serve, connect } = this.#options;
    this.#server = await serve();
    this.#client = connect(this.#server);
    // Nothing falls due while a request is on its way, as nothing does in memory.
    this.#unfollow = clock.follow?.(() => this.#requests.all());
    await this.#client.connect();
  }

  async #close(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    this.#unfollow?.();
    try {
      await this.#client?.close();
    } finally {
      await this.#server?.close();
    }
  }
}
