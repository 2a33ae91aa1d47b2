import { RequestError, getRequestListener } from '@hono/node-server';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as Listener, createServer as createListener } from 'node:net';
import { inspect } from 'node:util';
import type { Clock } from '../clock.js';
import type { Logger } from '../logging.js';
import { FEATURES_HEADER } from '../protocol/wire/features.js';
import type { ServerParts } from './environment.js';
import { FAILURE } from './http/answers.js';
import { createApp } from './http/app.js';
import { ChannelServer } from './channel/socket/channel-server.js';
import { asksForSocket } from './channel/socket/upgrade.js';
import { Connections } from './http/connections.js';
import { answerAsPlain } from './http/ignored-upgrades.js';
import { countUnread } from './http/unread-answers.js';
import type { Writer } from './imitation/writer.js';

/** Bytes of the headers beside the request target. */
const MAX_HEADERS = 16_384;

/** Longer than common clients keep an idle connection, so that the client is the one who ends it. */
const KEEP_ALIVE = 65_000;

/** Milliseconds that requests under way have to finish when the service closes. */
const CLOSING_TIME = 10_000;

/** Where a service listens: at an address, or on a Unix socket of this machine. */
export type Place = { readonly host: string; readonly port: number } | { readonly path: string };

/** Answers a request beside the interface, and says whether it is one of its own. */
export type Beside = (request: IncomingMessage, response: ServerResponse) => boolean;

/** What speaks HTTP and the channel to the clients of a server's stores, wherever it listens. */
export class HttpService {
  readonly #http: Server;
  readonly #connections: Connections;
  readonly #channels: ChannelServer;
  readonly #clock: Clock;
  readonly #writer: Writer;
  readonly #parts: ServerParts;
  #listening: Promise<unknown> | undefined;
  /** Those that listen beside the first. */
  readonly #more: Listener[] = [];
  #closing: Promise<void> | undefined;

  /** Listens only when it is told to. @param beside is asked first about every request */
  constructor(parts: ServerParts, beside: Beside = () => false) {
    const { bounds, memory } = parts;
    const app = createApp(parts);
    this.#clock = parts.clock;
    this.#writer = parts.writer;
    this.#parts = parts;
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
      if (beside(request, response)) return;
      parts.metrics?.observe(request.method, response);
      // The client's next request is for a server that stays.
      if (parts.phase.isDraining) response.shouldKeepAlive = false;
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
   * Begins to answer there. At a second place it then answers, too, and connections by the first stay. Resolves to the port, 0 on a Unix
   * socket.
   *
   * @throws the system's error
   */
  async listen(place: Place): Promise<number> {
    if (this.#http.listening) return this.#listenToo(place);
    this.#listening = this.#begin(place);
    await this.#listening;
    const address = this.#http.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async #begin(place: Place): Promise<void> {
    try {
      await this.#openMetrics();
      this.#http.listen(place);
      await once(this.#http, 'listening');
    } catch (error) {
      this.#parts.metrics?.close();
      throw error;
    }
  }

  async #openMetrics(): Promise<void> {
    const { metrics, stores, memory, limiter, entrance, clock } = this.#parts;
    await metrics?.open({
      stores,
      memory,
      clock,
      connections: () => this.#connections.count,
      channel: () => this.#channels.load(),
      refusals: () => ({ ...limiter.refusals, wrong_tokens: entrance.refusals }),
    });
  }

  async #listenToo(place: Place): Promise<number> {
    const listener = createListener((socket) => this.#http.emit('connection', socket));
    listener.listen(place);
    await once(listener, 'listening');
    if (this.#closing === undefined) this.#more.push(listener);
    else listener.close();
    return 0;
  }

  /** See {@link DustServer.close}. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const listening = await this.#listening?.then(
      () => true,
      () => false,
    );
    if (listening !== true) return;
    await this.#parts.phase.drain(this.#clock, this.#parts.drain);
    const callOff = this.#clock.schedule(
      () => {
        this.#connections.destroy();
      },
      CLOSING_TIME,
      { keepAlive: true },
    );
    for (const listener of this.#more) listener.close();
    const ended = new Promise<void>((resolve) => {
      this.#http.once('close', resolve);
      // That of HTTP ends connections whose answer is not out yet: to it they are idle.
      Listener.prototype.close.call(this.#http);
      this.#connections.closeWhenIdle();
    });
    const written = this.#writer.hurry();
    await Promise.all([ended, written.then(() => this.#channels.close())]);
    // Some may have come while the others were answered.
    await this.#writer.hurry();
    callOff();
    // Nothing is left to it but the timer by which it looks for requests that are late.
    this.#http.close();
    this.#parts.metrics?.close();
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
