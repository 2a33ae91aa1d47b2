import { checkOptionNames } from '../options/index.js';
import { LISTEN_OPTIONS, SERVER_OPTIONS } from './option-names.js';
import { RequestError, getRequestListener } from '@hono/node-server';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { inspect } from 'node:util';
import type { Clock } from '../clock.js';
import type { Logger } from '../logging.js';
import { FEATURES_HEADER } from '../protocol/features.js';
import { FAILURE } from './http/answers.js';
import { createApp } from './http/app.js';
import { ChannelServer } from './channel/socket/channel-server.js';
import { asksForSocket } from './channel/socket/upgrade.js';
import { Connections } from './http/connections.js';
import { answerAsPlain } from './http/ignored-upgrades.js';
import { countUnread } from './http/unread-answers.js';
import { cannotListen, invalidOption } from './errors.js';
import type { Limits } from './access/limits.js';
import type { Writer } from './imitation/writer.js';
import { isLoopback, reachableHost } from './loopback.js';
import { checkListenValues, checkServerValues } from './option-values.js';
import type { DustServerOptions, ListenOptions } from './options.js';
import { serverParts } from './server-parts.js';

const DEFAULT_PORT = 7755;
const DEFAULT_HOST = '127.0.0.1';

/** Bytes of the headers beside the request target. */
const MAX_HEADERS = 16_384;

/** Longer than common clients keep an idle connection, so that the client is the one who ends it. */
const KEEP_ALIVE = 65_000;

/** Milliseconds that requests under way have to finish when the server closes. */
const CLOSING_TIME = 10_000;

/** Serves embedded stores over HTTP and the channel (PROTOCOL §3, §4). The stores stay their owner's: close them after the server. */
export class DustServer {
  readonly #http: Server;
  readonly #connections: Connections;
  readonly #channels: ChannelServer;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #writer: Writer;
  #listening: Promise<{ readonly url: string }> | undefined;
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
    const { bounds, memory } = parts;
    const app = createApp(parts);
    this.#clock = parts.clock;
    this.#limits = parts.limits;
    this.#writer = parts.writer;
    this.#http = createServer({
      keepAliveTimeout: KEEP_ALIVE,
      maxHeaderSize: bounds.url + MAX_HEADERS,
      requestTimeout: bounds.requestTimeout,
      headersTimeout: bounds.requestTimeout,
      connectionsCheckingInterval: Math.min(bounds.requestTimeout, 5000),
    });
    // Their bytes are bounded: to drop one by number would change what a request says.
    this.#http.maxHeadersCount = 0;
    // One that sends nothing, or does not read its answer; requests that come slowly have bounds of their own.
    this.#http.timeout = bounds.readTimeout;
    this.#http.maxConnections = bounds.connections;
    this.#connections = new Connections(this.#http);
    const answer = getRequestListener(app.fetch, {
      overrideGlobalObjects: false,
      // For HTTP/1.0, which has no Host; Node asks for one from 1.1 on.
      hostname: 'localhost',
      errorHandler: (error) => answerOutsideApp(error, parts.logger),
    });
    const announced = parts.features.join(', ');
    this.#http.on('request', (request, response) => {
      if (announced !== '') response.setHeader(FEATURES_HEADER, announced);
      void Promise.resolve(answer(request, response)).then(() => {
        countUnread(response, memory.unread);
      });
    });
    this.#channels = new ChannelServer(parts);
    this.#http.on('upgrade', (request, socket, head) => {
      if (asksForSocket(request)) {
        this.#connections.noteUpgrade(request.socket);
        this.#channels.upgrade(request, socket, head);
      } else {
        this.#connections.whenAnswered(request.socket, () => {
          answerAsPlain(this.#http, request, head);
        });
      }
    });
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
    if (this.#listening !== undefined || this.#closing !== undefined) {
      throw invalidOption('A server listens once. Make another one.');
    }
    this.#listening = this.#listen(options.host ?? DEFAULT_HOST, options.port ?? DEFAULT_PORT);
    return this.#listening;
  }

  /**
   * Takes no more connections, ends idle ones and those of the channel, and resolves when the requests under way have
   * been answered; after ten seconds it cuts them off. Calling it again waits along. Never rejects.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #listen(host: string, port: number): Promise<{ readonly url: string }> {
    if (!isLoopback(host)) this.#limits.openToOthers();
    this.#http.listen({ host, port });
    try {
      await once(this.#http, 'listening');
    } catch (error) {
      throw cannotListen(host, port, error as NodeJS.ErrnoException);
    }
    const address = this.#http.address();
    const bound = typeof address === 'object' && address !== null ? address.port : port;
    return { url: `http://${reachableHost(host)}:${bound}` };
  }

  async #close(): Promise<void> {
    const listening = await this.#listening?.then(
      () => true,
      () => false,
    );
    if (listening !== true) return;
    const callOff = this.#clock.schedule(
      () => {
        this.#connections.destroy();
      },
      CLOSING_TIME,
      { keepAlive: true },
    );
    const ended = new Promise<void>((resolve) => {
      this.#http.close(() => {
        resolve();
      });
      this.#connections.closeWhenIdle();
    });
    const written = this.#writer.hurry();
    await Promise.all([ended, written.then(() => this.#channels.close())]);
    // Some may have come while the others were answered.
    await this.#writer.hurry();
    callOff();
  }
}

/** The adapter refuses requests that make no URL; anything else that gets here was thrown past the app. */
function answerOutsideApp(error: unknown, logger: Logger): Response {
  if (error instanceof RequestError) return new Response('Bad Request', { status: 400 });
  logger.error(`a request failed: ${inspect(error)}`);
  return new Response(JSON.stringify(FAILURE), {
    status: 500,
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
}
