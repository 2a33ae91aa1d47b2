/**
 * A Dust server for one's own machine and for tests: REST and channel over embedded stores.
 *
 * @module dust-orm/server
 */
export type { ListeningAt } from './dust-server.js';
export { DustServer } from './dust-server.js';
export { openStore } from './stores/open-store.js';
export type { OpenStoreOptions } from './stores/open-store.js';
export type {
  AccessToken,
  Bounds,
  DustServerOptions,
  ListenOptions,
  MetricsOptions,
  RateLimits,
  RunningServer,
  Scope,
  ServeOptions,
} from './options.js';
export type { ImitatedFault } from './imitation/faults.js';
export type { Imitate } from './imitation/imitation.js';
export { serve } from './serve.js';
export { Store } from '../store/index.js';
export type { IndexUse, StandingIndex, UseIndexesOptions } from '../store/index.js';
