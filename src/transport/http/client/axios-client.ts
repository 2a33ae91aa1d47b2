import type { Readable } from 'node:stream';
import type { AxiosInstance, AxiosResponse } from 'axios';
import type { Clock } from '../../../clock.js';
import { transportClosed } from '../../errors.js';
import { Connections } from './connections.js';
import type { Timeouts } from './exchange.js';
import { Exchange } from './exchange.js';
import type { AnswerHead, HttpClient, HttpRequest, HttpResponse } from './http-client.js';
import { receive } from './receive.js';
import { STATIC_CONFIG, requestConfig } from './request-config.js';
import { createScrub } from './scrub.js';
import type { Scrub } from './scrub.js';
import type { ServerUrl } from './server-url.js';

/** Where and as whom a client asks. */
export interface AxiosClientOptions {
  readonly server: ServerUrl;
  readonly token: string;
  readonly timeouts: Timeouts;
  /** What dates in answers are measured against. */
  readonly clock: Clock;
}

/** Sends each request once, through axios and connections of its own. */
export class AxiosClient implements HttpClient {
  readonly #server: ServerUrl;
  readonly #token: string;
  readonly #timeouts: Timeouts;
  readonly #clock: Clock;
  readonly #scrub: Scrub;
  readonly #connections = new Connections();
  readonly #underWay = new Set<Exchange>();
  #axios: Promise<AxiosInstance> | undefined;
  #closed = false;

  constructor({ server, token, timeouts, clock }: AxiosClientOptions) {
    this.#server = server;
    this.#token = token;
    this.#timeouts = timeouts;
    this.#clock = clock;
    this.#scrub = createScrub(token);
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    if (this.#closed) throw transportClosed('http');
    const { origin } = this.#server;
    const { method, target, effect, path, signal } = request;
    const subject = { method, target, effect, path, origin, scrub: this.#scrub };
    const exchange = new Exchange(subject, signal, this.#timeouts);
    const release = (): void => {
      exchange.release();
      this.#underWay.delete(exchange);
    };
    this.#underWay.add(exchange);
    let streaming = false;
    try {
      const response = await this.#exchange(request, exchange);
      const head = headOf(response);
      request.onAnswer?.(head);
      const answer = await receive(request, exchange, {
        ...head,
        body: response.data,
        now: this.#clock.now(),
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

  close(): void {
    this.#closed = true;
    for (const exchange of this.#underWay) exchange.close();
    this.#connections.close();
  }

  async #exchange(request: HttpRequest, exchange: Exchange): Promise<AxiosResponse<Readable>> {
    exchange.assertWanted();
    this.#axios ??= loadAxios(this.#connections, this.#server);
    const axios = await this.#axios;
    exchange.assertWanted();
    return axios.request<Readable>({
      ...requestConfig(request, this.#token),
      url: `${this.#server.base}${request.target}`,
      signal: exchange.signal,
      transport: this.#connections.watched(exchange.progress),
    });
  }
}

/** On first use: most of the time it takes to import this package would be spent on axios. */
async function loadAxios(connections: Connections, server: ServerUrl): Promise<AxiosInstance> {
  const { default: axios } = await import('axios');
  return axios.create({
    ...STATIC_CONFIG,
    httpAgent: connections.http,
    httpsAgent: connections.https,
    ...(server.loopback ? { proxy: false } : {}),
  });
}

function headOf({ status, headers }: AxiosResponse): AnswerHead {
  const entries = Object.entries(headers).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  return { status, headers: new Map(entries) };
}
