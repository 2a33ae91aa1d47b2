import type { ServerResponse } from 'node:http';
import type { Histogram, Registry } from 'prom-client';
import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { Prometheus } from './prometheus.js';

/** Seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Whatever a client calls its method, it makes no series of its own. */
const METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'PUT', 'POST', 'DELETE']);

/** The status of what was not answered, and of an answer that did not come to its end. */
const NO_STATUS = { unanswered: 'none', cutOff: 'cut_off' };

/** The route of what matched none. */
const NO_ROUTE = 'none';

/** Counts and times requests by route, method and status. */
export class RequestMetrics {
  readonly #histogram: Histogram;
  readonly #clock: Clock;
  readonly #routes = new WeakMap<ServerResponse, () => string>();
  /** The series that there are, so that a request costs an addition and no search for labels. */
  readonly #series = new Map<string, Histogram.Internal<string>>();

  constructor({ Histogram }: Prometheus, registry: Registry, clock: Clock) {
    this.#clock = clock;
    this.#histogram = new Histogram({
      name: 'dust_http_request_duration_seconds',
      help: 'Requests, and how long they took from their headers to the end of the answer.',
      labelNames: ['route', 'method', 'status'],
      buckets: BUCKETS,
      registers: [registry],
    });
  }

  /** Counts a request when its answer ends. */
  observe(method: string | undefined, response: ServerResponse): void {
    const started = monotonicOf(this.#clock);
    response.once('close', () => {
      const pattern = this.#routes.get(response)?.() ?? '*';
      const route = pattern.endsWith('*') ? NO_ROUTE : pattern.replace('{.+}', '');
      const known = METHODS.has(method) ? method : 'other';
      const status = statusOf(response);
      const seconds = (monotonicOf(this.#clock) - started) / 1000;
      this.#seriesOf(route, known ?? 'other', status).observe(seconds);
    });
  }

  /** Notes how to find the pattern by which the path of a request was found: it is known when the answer is there, which may be sent by then. */
  noteRoute(response: ServerResponse, patternOf: () => string): void {
    this.#routes.set(response, patternOf);
  }

  #seriesOf(route: string, method: string, status: string): Histogram.Internal<string> {
    const key = `${route} ${method} ${status}`;
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const made = this.#histogram.labels({ route, method, status });
    this.#series.set(key, made);
    return made;
  }
}

/** Of a response that is closed. */
function statusOf({ headersSent, writableFinished, statusCode }: ServerResponse): string {
  if (!headersSent) return NO_STATUS.unanswered;
  return writableFinished ? String(statusCode) : NO_STATUS.cutOff;
}
