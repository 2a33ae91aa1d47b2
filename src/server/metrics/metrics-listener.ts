import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { Logger } from '../../logging.js';
import type { ServerMetrics } from './server-metrics.js';

/** Milliseconds that a request may take to arrive. */
const REQUEST_TIME = 5_000;

/** An address of its own where `GET /metrics` is answered, and nothing else, to whoever reaches it. */
export class MetricsListener {
  readonly #http: Server;

  constructor(metrics: Pick<ServerMetrics, 'text'>, logger: Logger) {
    this.#http = createServer(
      { requestTimeout: REQUEST_TIME, headersTimeout: REQUEST_TIME },
      (request, response) => {
        const path = request.url?.replace(/\?.*/s, '');
        if (path !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
          response.writeHead(404).end();
          return;
        }
        metrics.text().then(
          ({ type, body }) => {
            response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
          },
          (error: unknown) => {
            logger.error(`the metrics cannot be told: ${String(error)}`);
            response.writeHead(500).end();
          },
        );
      },
    );
  }

  /** @throws the system's error */
  async listen(host: string, port: number): Promise<number> {
    this.#http.listen(port, host);
    await once(this.#http, 'listening');
    const address = this.#http.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Ends at once, with whatever is under way. */
  async close(): Promise<void> {
    if (!this.#http.listening) return;
    const closed = once(this.#http, 'close');
    this.#http.close();
    this.#http.closeAllConnections();
    await closed;
  }
}
