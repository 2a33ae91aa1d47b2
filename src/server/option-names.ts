import type { OptionNames } from '../options/index.js';
import type { DustServerOptions, ListenOptions, MetricsOptions, ServeOptions } from './options.js';

/** What a server may be told where it listens. */
export const LISTEN_OPTIONS: OptionNames<ListenOptions> = { port: true, host: true };

/** What a server may be told of its metrics. */
export const METRICS_OPTIONS: OptionNames<MetricsOptions> = { port: true, host: true };

const BEHAVIOUR = {
  tokens: true,
  rateLimits: true,
  imitate: true,
  bounds: true,
  metrics: true,
  drain: true,
  clock: true,
  logger: true,
} as const;

/** What a {@link DustServer} may be told. */
export const SERVER_OPTIONS: OptionNames<DustServerOptions> = { ...BEHAVIOUR, stores: true };

/** What {@link serve} may be told. */
export const SERVE_OPTIONS: OptionNames<ServeOptions> = {
  ...BEHAVIOUR,
  ...LISTEN_OPTIONS,
  stores: true,
  data: true,
  cluster: true,
};
