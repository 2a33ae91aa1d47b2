import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import type { Logger } from '../../logging.js';
import { DustError } from '../../errors.js';
import { Connections } from '../../server/http/connections.js';
import { fileAt } from '../api/file.js';
import { pathOf } from '../api/requests.js';
import type { StudioSource } from '../api/source.js';
import { StudioRefusal, notFound, readOnly, refusalOf } from '../errors.js';
import { protect, sendBytes, sendJson, sendPage, sendRefusal } from './answers.js';
import { ChangeStream } from './change-stream.js';
import { readBody } from './body.js';
import { checkOrigin, cookiesOf, isAhead } from './guard.js';
import type { PageFile } from './page-files.js';
import type { Route } from './routes.js';
import { sendFile } from './send-file.js';
import { ROUTES } from './routes.js';
import { Sessions } from './sessions.js';

/** Other machines do not reach it. */
const HOST = '127.0.0.1';

/** Two paths of a store, percent-encoded. */
const MAX_HEADERS = 32_768;

const MAX_CONNECTIONS = 64;

/** Milliseconds that requests under way have to be answered when the studio closes. */
const CLOSING_TIME = 2_000;

/** Browsers that are told of changes at once. */
const MAX_STREAMS = 32;

const OPENING = '/open/';

/** What a {@link StudioServer} is made of. */
export interface StudioServerParts {
  readonly source: StudioSource;
  /** By the path that they are asked for by; none where the package was not built. */
  readonly page: ReadonlyMap<string, PageFile>;
  readonly logger: Logger;
}

/** The studio's page and what it asks for, on loopback, for browsers that were given a one-time address. */
export class StudioServer {
  readonly #parts: StudioServerParts;
  readonly #http: Server;
  readonly #connections: Connections;
  readonly #sessions = new Sessions();
  readonly #streams = new Set<ChangeStream>();
  #host = '';
  #closing: Promise<void> | undefined;

  /** Listens only when it is told to. */
  constructor(parts: StudioServerParts) {
    this.#parts = parts;
    this.#http = createServer({ maxHeaderSize: MAX_HEADERS }, (request, response) => {
      void this.#answer(request, response);
    });
    this.#http.maxConnections = MAX_CONNECTIONS;
    this.#connections = new Connections(this.#http);
  }

  /** Begins to answer. @throws DustError `network` with the system's code as detail */
  async listen(port: number): Promise<void> {
    try {
      this.#http.listen({ host: HOST, port });
      await once(this.#http, 'listening');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new DustError('network', `The studio cannot listen on ${HOST}:${port}: ${message}.`, {
        detail: code,
        retryable: false,
        cause: error,
      });
    }
    const address = this.#http.address();
    this.#host = `${HOST}:${typeof address === 'object' && address !== null ? address.port : port}`;
  }

  /** An address that lets one browser in, once. The one before lets nobody in any more. */
  invite(): string {
    return `http://${this.#host}${OPENING}${this.#sessions.invite()}`;
  }

  /** Takes no more requests and ends those under way. Calling it again waits along. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#sessions.end();
    for (const stream of this.#streams) stream.end();
    if (!this.#http.listening) return;
    const callOff = this.#parts.source.clock.schedule(
      () => {
        this.#connections.destroy();
      },
      CLOSING_TIME,
      { keepAlive: true },
    );
    await new Promise<void>((resolve) => {
      this.#http.close(() => {
        resolve();
      });
      this.#connections.closeWhenIdle();
    });
    callOff();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    protect(response);
    response.on('error', ignore);
    try {
      await this.#route(request, response);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.status === 500) this.#parts.logger.error(`the studio failed: ${inspect(error)}`);
      sendRefusal(request, response, refusal);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const end = url.indexOf('?');
    const path = end === -1 ? url : url.slice(0, end);
    const isOpening = method === 'GET' && path.startsWith(OPENING);
    checkOrigin(request, { host: this.#host }, isOpening);
    if (isOpening) {
      this.#open(request, response, path.slice(OPENING.length));
      return;
    }
    this.#assertLetIn(request);
    const file = this.#parts.page.get(path);
    const route = ROUTES.get(path);
    if (method !== (route?.method ?? 'GET')) {
      response.setHeader('allow', route?.method ?? 'GET');
      throw new StudioRefusal(405, 'method_not_allowed', 'That is not how it is asked for.');
    }
    if (file !== undefined) sendBytes(response, file);
    else if (route !== undefined) await this.#ask(request, response, route, url.slice(path.length + 1));
    else if (path === '/api/changes') this.#tellChanges(response);
    else if (path === '/api/file') {
      await this.#sendFile(response, new URLSearchParams(url.slice(path.length + 1)));
    } else if (path === '/') sendPage(response, 200, NOT_BUILT);
    else throw notFound('There is nothing here.');
  }

  #tellChanges(response: ServerResponse): void {
    if (this.#streams.size >= MAX_STREAMS || this.#closing !== undefined) {
      throw new StudioRefusal(503, 'not_now', 'Too many pages are open already. Close some.');
    }
    const stream = new ChangeStream(response, this.#parts.source);
    this.#streams.add(stream);
    response.once('close', () => this.#streams.delete(stream));
  }

  async #sendFile(response: ServerResponse, query: URLSearchParams): Promise<void> {
    const file = await fileAt(this.#parts.source, pathOf(query.get('path')), { signal: signalOf(response) });
    sendFile(response, file, query.get('preview') === '1');
  }

  async #ask(request: IncomingMessage, response: ServerResponse, route: Route, query: string): Promise<void> {
    const { source } = this.#parts;
    if (route.writes === true && !source.writable) throw readOnly();
    const body = route.method === 'POST' ? await readBody(request) : undefined;
    const asked = { query: new URLSearchParams(query), body };
    const answer: unknown = await route.answer(source, asked, { signal: signalOf(response) });
    sendJson(response, answer);
  }

  #open(request: IncomingMessage, response: ServerResponse, secret: string): void {
    if (isAhead(request)) throw new StudioRefusal(503, 'not_now', 'Open the address to come in.');
    const session = this.#sessions.exchange(secret);
    if (session === undefined) {
      throw new StudioRefusal(
        403,
        'forbidden',
        `This address has been used, or another one came after it. ${ANOTHER}`,
      );
    }
    response.setHeader('set-cookie', `${this.#cookie}=${session}; HttpOnly; SameSite=Strict; Path=/`);
    response.setHeader('location', '/');
    const site = request.headers['sec-fetch-site'];
    if (site === undefined || site === 'none' || site === 'same-origin') {
      response.writeHead(303, { 'content-length': 0 });
      response.end();
      return;
    }
    // Who followed a link of another page would not bring the cookie along: this page is one of ours.
    response.removeHeader('location');
    response.setHeader('refresh', '0;url=/');
    sendPage(response, 200, 'Coming in.');
  }

  #assertLetIn(request: IncomingMessage): void {
    const isLetIn = cookiesOf(request, this.#cookie).some((session) => this.#sessions.has(session));
    if (!isLetIn) throw new StudioRefusal(401, 'unauthorized', `You have not been let in here. ${ANOTHER}`);
  }

  /** Cookies know no ports: two studios of one machine are to have two. */
  get #cookie(): string {
    return `dust_studio_${this.#host.slice(this.#host.indexOf(':') + 1)}`;
  }
}

const ANOTHER =
  'Press Enter in the terminal of the studio for a new address; where it has none, begin the studio again.';

const NOT_BUILT =
  'The page of the studio is not here: the package was not built. Run "npm run build", and begin the studio again.';

/** Aborted when nobody waits for the answer any more. */
function signalOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  return gone.signal;
}

function ignore(): void {
  // A browser that went away is no news.
}
