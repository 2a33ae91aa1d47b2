import type { ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Clock } from '../../clock.js';
import type { Store } from '../../store/index.js';
import type { LoadSources } from './load-metrics.js';
import { addLoadMetrics } from './load-metrics.js';
import { Looks } from './looks.js';
import { addProcessMetrics } from './process-metrics.js';
import { loadPrometheus } from './prometheus.js';
import { RequestMetrics } from './request-metrics.js';
import { addStoreMetrics } from './store-metrics.js';

/** What the metrics of a server are made of. */
export interface MetricsSources extends LoadSources {
  readonly stores: ReadonlyMap<string, Store>;
  readonly clock: Clock;
}

/** The metrics of one server, in a registry of its own: two servers of a process have nothing to do with each other. */
export class ServerMetrics {
  readonly #looks = new Looks();
  #registry: Registry | undefined;
  #requests: RequestMetrics | undefined;
  #endings: (() => void)[] = [];

  /** Begins to count. Nothing is counted before. */
  async open(sources: MetricsSources): Promise<void> {
    const prometheus = await loadPrometheus();
    const registry = new prometheus.Registry();
    this.#endings = [
      addStoreMetrics(prometheus, registry, { stores: sources.stores, looks: this.#looks }),
      addProcessMetrics(prometheus, registry),
    ];
    addLoadMetrics(prometheus, registry, { ...sources, channel: this.#looks.once(sources.channel) });
    this.#requests = new RequestMetrics(prometheus, registry, sources.clock);
    this.#registry = registry;
  }

  /** Counts a request when its answer ends. */
  observe(method: string | undefined, response: ServerResponse): void {
    this.#requests?.observe(method, response);
  }

  /** Notes how to find the pattern by which the path of a request was found, when it is answered. */
  noteRoute(response: ServerResponse, patternOf: () => string): void {
    this.#requests?.noteRoute(response, patternOf);
  }

  /** All of it in Prometheus' text format; empty before it is open. */
  async text(): Promise<{ readonly type: string; readonly body: string }> {
    const registry = this.#registry;
    if (registry === undefined) return { type: 'text/plain; charset=utf-8', body: '' };
    try {
      return { type: registry.contentType, body: await registry.metrics() };
    } finally {
      this.#looks.forget();
    }
  }

  /** Tells nothing any more, and lets go of what it watches. */
  close(): void {
    for (const end of this.#endings.splice(0)) end();
    this.#registry = undefined;
  }
}
