import { isDustError } from '../errors.js';
import { checkOptionNames } from '../options/index.js';
import { LISTEN_OPTIONS, SERVER_OPTIONS } from './option-names.js';
import { cannotListen, invalidOption } from './errors.js';
import type { Guests } from './channel/guests.js';
import type { Limits } from './access/limits.js';
import { HttpService } from './http-service.js';
import { isLoopback, reachableHost } from './loopback.js';
import { checkListenValues, checkServerValues } from './option-values.js';
import type { Logger } from '../logging.js';
import { MetricsListener } from './metrics/metrics-listener.js';
import type { DustServerOptions, ListenOptions, MetricsOptions } from './options.js';
import { serverParts } from './server-parts.js';

const DEFAULT_PORT = 7755;
const DEFAULT_HOST = '127.0.0.1';

/** Where a server is reached. */
export interface ListeningAt {
  /** Such as `http://127.0.0.1:7755`. */
  readonly url: string;
  /** Where its metrics are told; undefined when they are not. */
  readonly metricsUrl?: string | undefined;
}

/** Serves embedded stores over HTTP and the channel (PROTOCOL §3, §4). The stores stay their owner's: close them after the server. */
export class DustServer {
  /** @internal Who is connected to the channel. */
  readonly guests: Guests;
  readonly #service: HttpService;
  readonly #limits: Limits;
  readonly #logger: Logger;
  readonly #metrics: { readonly listener: MetricsListener; readonly place: MetricsOptions } | undefined;
  readonly #tellsMetrics: boolean;
  #hasListened = false;
  #closing: Promise<void> | undefined;

  /**
   * Listens only when it is told to.
   *
   * @throws DustError `invalid_options` for an option that cannot be used, and for an unknown one
   */
  constructor(options: DustServerOptions) {
    checkOptionNames('DustServer', options, SERVER_OPTIONS);
    checkServerValues(options);
    const parts = serverParts(options);
    this.#limits = parts.limits;
    this.#logger = parts.logger;
    this.guests = parts.guests;
    this.#service = new HttpService(parts);
    const { metrics } = options;
    this.#metrics =
      parts.metrics !== undefined && typeof metrics === 'object'
        ? { listener: new MetricsListener(parts.metrics, parts.logger), place: metrics }
        : undefined;
    this.#tellsMetrics = parts.tellsMetrics;
  }

  /**
   * Begins to answer, once. With a host that other machines reach, the tokens are all that stands between them and the
   * stores.
   *
   * @returns the `url` at which this machine reaches it, and the `metricsUrl` of its metrics, if it has some
   * @throws DustError `network` with the system's code as detail, such as `EADDRINUSE`; `invalid_options` when it has
   * been called before or the server was closed, and for a host or port that can be none
   */
  async listen(options: ListenOptions = {}): Promise<ListeningAt> {
    checkOptionNames('listen', options, LISTEN_OPTIONS);
    checkListenValues(options);
    if (this.#hasListened || this.#closing !== undefined) {
      throw invalidOption('A server listens once. Make another one.');
    }
    this.#hasListened = true;
    return this.#listen(options.host ?? DEFAULT_HOST, options.port ?? DEFAULT_PORT);
  }

  /**
   * Says for the time of `drain` that it is not ready, and then takes no more connections, ends idle ones and those of the channel, and resolves when the requests under way have
   * been answered; after ten seconds it cuts them off. Calling it again waits along. Never rejects.
   */
  close(): Promise<void> {
    this.#closing ??= this.#service.close().finally(() => this.#metrics?.listener.close());
    return this.#closing;
  }

  async #listen(host: string, port: number): Promise<ListeningAt> {
    if (!isLoopback(host)) this.#limits.openToOthers();
    try {
      const bound = await this.#service.listen({ host, port });
      const url = `http://${reachableHost(host)}:${bound}`;
      return { url, metricsUrl: this.#tellsMetrics ? `${url}/metrics` : await this.#listenForMetrics() };
    } catch (error) {
      throw isDustError(error) ? error : cannotListen(host, port, error as NodeJS.ErrnoException);
    }
  }

  async #listenForMetrics(): Promise<string | undefined> {
    if (this.#metrics === undefined) return undefined;
    const { listener, place } = this.#metrics;
    const { host = DEFAULT_HOST, port = 0 } = place;
    try {
      const bound = await listener.listen(host, port);
      if (!isLoopback(host)) {
        this.#logger.warn(
          `the metrics on ${host}, port ${bound}, name all stores, and other machines can read them without a token: bar the port to those that need not, or let them listen on ${DEFAULT_HOST}`,
        );
      }
      return `http://${reachableHost(host)}:${bound}/metrics`;
    } catch (error) {
      await this.close();
      throw cannotListen(host, port, error as NodeJS.ErrnoException);
    }
  }
}
