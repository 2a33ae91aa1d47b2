import type { Readable } from 'node:stream';
import type { AxiosInstance, AxiosProxyConfig, AxiosResponse } from 'axios';
import type { Clock } from '../../../clock.js';
import type { DustError } from '../../../errors.js';
import { isDustError } from '../../../errors.js';
import { transportClosed } from '../../errors.js';
import type { Dial } from '../../dialing-agent.js';
import type { Proxy } from '../../proxy/index.js';
import { portOf } from '../../proxy/index.js';
import type { ResolvedRequests, Timeouts } from '../limits.js';
import type { TokenSource } from '../../../token/index.js';
import { Tokens } from '../../../token/index.js';
import { Connections } from './connections.js';
import { Exchange } from './exchange.js';
import type { AnswerHead, HttpClient, HttpRequest, HttpResponse } from './http-client.js';
import { receive } from './receive.js';
import { STATIC_CONFIG, requestConfig } from './request-config.js';
import type { ServerUrl } from './server-url.js';

/** Where and as whom a client asks. */
export interface AxiosClientOptions {
  readonly server: ServerUrl;
  readonly proxy?: Proxy | undefined;
  /** Opens the connections, where the url does not say where to. */
  readonly dial?: Dial | undefined;
  readonly token: TokenSource;
  readonly timeouts: Timeouts;
  readonly requests: ResolvedRequests;
  /** What dates in answers are measured against. */
  readonly clock: Clock;
}

/** A token that the server does not accept, and how it said so. */
interface Refusal {
  readonly token: string;
  readonly error: DustError;
}

/**
 * Sends each request once, through axios and connections of its own; a second time with another token where the first was
 * refused, and a read whose kept connection turned out to be closed.
 */
export class AxiosClient implements HttpClient {
  readonly #server: ServerUrl;
  readonly #proxy: Proxy | undefined;
  readonly #tokens: Tokens;
  readonly #timeouts: Timeouts;
  readonly #clock: Clock;
  readonly #connections: Connections;
  readonly #requests: ResolvedRequests;
  readonly #underWay = new Set<Exchange>();
  #axios: Promise<AxiosInstance> | undefined;
  #closed = false;

  constructor({ server, proxy, dial, token, timeouts, requests, clock }: AxiosClientOptions) {
    this.#requests = requests;
    this.#connections = new Connections({ connections: requests.connections, idle: timeouts.idle, dial });
    this.#server = server;
    this.#proxy = proxy;
    this.#tokens = new Tokens(token);
    this.#timeouts = timeouts;
    this.#clock = clock;
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    let refusal: Refusal | undefined;
    let isFresh = false;
    for (;;) {
      if (this.#closed) throw transportClosed('http');
      const exchange = this.#begin(request);
      try {
        return await this.#sendOnce(request, exchange, refusal);
      } catch (error) {
        const { token } = exchange;
        if (refusal === undefined && isRefusal(error) && this.#tokens.forget(token)) {
          refusal = { token, error };
        } else if (!isFresh && request.effect === 'read' && exchange.isStale(error)) {
          isFresh = true;
          this.#connections.dropIdle();
        } else {
          throw error;
        }
      }
    }
  }

  close(): void {
    this.#closed = true;
    for (const exchange of this.#underWay) exchange.close();
    this.#connections.close();
  }

  #begin({ method, target, effect, path, signal }: HttpRequest): Exchange {
    const { origin } = this.#server;
    const { scrub } = this.#tokens;
    const subject = { method, target, effect, path, origin, proxy: this.#proxy, scrub };
    return new Exchange(subject, signal, this.#timeouts);
  }

  async #sendOnce(
    request: HttpRequest,
    exchange: Exchange,
    refusal: Refusal | undefined,
  ): Promise<HttpResponse> {
    const release = (): void => {
      exchange.release();
      this.#underWay.delete(exchange);
    };
    this.#underWay.add(exchange);
    let streaming = false;
    try {
      const response = await this.#exchange(request, exchange, refusal);
      exchange.answered();
      const head = headOf(response);
      request.onAnswer?.(head);
      const answer = await receive(request, exchange, {
        ...head,
        body: response.data,
        now: this.#clock.now(),
        requests: this.#requests,
        release,
      });
      streaming = request.read === 'stream' && answer.body !== undefined;
      return answer;
    } catch (error) {
      throw exchange.failure(error);
    } finally {
      if (!streaming) release();
    }
  }

  async #exchange(
    request: HttpRequest,
    exchange: Exchange,
    refusal: Refusal | undefined,
  ): Promise<AxiosResponse<Readable>> {
    exchange.assertWanted();
    const token = this.#tokens.current ?? (await exchange.awaitToken(this.#tokens.ask()));
    if (refusal?.token === token) {
      this.#tokens.forget(token);
      throw refusal.error;
    }
    exchange.token = token;
    this.#axios ??= loadAxios(this.#connections, this.#proxy);
    const axios = await this.#axios;
    exchange.assertWanted();
    return axios.request<Readable>({
      ...requestConfig(request, token),
      url: `${this.#server.base}${request.target}`,
      signal: exchange.signal,
      transport: this.#connections.watched(exchange.progress),
    });
  }
}

function isRefusal(error: unknown): error is DustError {
  return isDustError(error, 'unauthorized') && error.status === 401;
}

/** On first use: most of the time it takes to import this package would be spent on axios. */
async function loadAxios(connections: Connections, proxy: Proxy | undefined): Promise<AxiosInstance> {
  const { default: axios } = await import('axios');
  return axios.create({
    ...STATIC_CONFIG,
    httpAgent: connections.http,
    httpsAgent: connections.https,
    proxy: proxy === undefined ? false : proxyConfig(proxy),
  });
}

function proxyConfig({ url }: Proxy): AxiosProxyConfig {
  const { protocol, hostname, username, password } = url;
  const place = { protocol: protocol.slice(0, -1), host: hostname, port: Number(portOf(url)) };
  if (username === '' && password === '') return place;
  return {
    ...place,
    auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
  };
}

function headOf({ status, headers }: AxiosResponse): AnswerHead {
  const entries = Object.entries(headers).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  return { status, headers: new Map(entries) };
}
