import { checkOptionNames } from '../options/index.js';
import { LISTEN_OPTIONS, SERVER_OPTIONS } from './option-names.js';
import { cannotListen, invalidOption } from './errors.js';
import type { Guests } from './channel/guests.js';
import type { Limits } from './access/limits.js';
import { HttpService } from './http-service.js';
import { isLoopback, reachableHost } from './loopback.js';
import { checkListenValues, checkServerValues } from './option-values.js';
import type { DustServerOptions, ListenOptions } from './options.js';
import { serverParts } from './server-parts.js';

const DEFAULT_PORT = 7755;
const DEFAULT_HOST = '127.0.0.1';

/** Serves embedded stores over HTTP and the channel (PROTOCOL §3, §4). The stores stay their owner's: close them after the server. */
export class DustServer {
  /** @internal Who is connected to the channel. */
  readonly guests: Guests;
  readonly #service: HttpService;
  readonly #limits: Limits;
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
    this.guests = parts.guests;
    this.#service = new HttpService(parts);
  }

  /**
   * Begins to answer, once. With a host that other machines reach, the tokens are all that stands between them and the
   * stores.
   *
   * @returns the `url` at which this machine reaches it
   * @throws DustError `network` with the system's code as detail, such as `EADDRINUSE`; `invalid_options` when it has
   * been called before or the server was closed, and for a host or port that can be none
   */
  async listen(options: ListenOptions = {}): Promise<{ readonly url: string }> {
    checkOptionNames('listen', options, LISTEN_OPTIONS);
    checkListenValues(options);
    if (this.#hasListened || this.#closing !== undefined) {
      throw invalidOption('A server listens once. Make another one.');
    }
    this.#hasListened = true;
    return this.#listen(options.host ?? DEFAULT_HOST, options.port ?? DEFAULT_PORT);
  }

  /**
   * Takes no more connections, ends idle ones and those of the channel, and resolves when the requests under way have
   * been answered; after ten seconds it cuts them off. Calling it again waits along. Never rejects.
   */
  close(): Promise<void> {
    this.#closing ??= this.#service.close();
    return this.#closing;
  }

  async #listen(host: string, port: number): Promise<{ readonly url: string }> {
    if (!isLoopback(host)) this.#limits.openToOthers();
    try {
      const bound = await this.#service.listen({ host, port });
      return { url: `http://${reachableHost(host)}:${bound}` };
    } catch (error) {
      throw cannotListen(host, port, error as NodeJS.ErrnoException);
    }
  }
}
