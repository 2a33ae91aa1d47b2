import type { OptionNames } from '../options/index.js';
import type { DustServerOptions, ListenOptions, ServeOptions } from './options.js';

/** What a server may be told where it listens. */
export const LISTEN_OPTIONS: OptionNames<ListenOptions> = { port: true, host: true };

const BEHAVIOUR = {
  tokens: true,
  rateLimits: true,
  imitate: true,
  bounds: true,
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
