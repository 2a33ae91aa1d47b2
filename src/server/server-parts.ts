import { systemClock } from '../clock.js';
import { consoleLogger } from '../logging.js';
import { newServerMemory, resolveBounds } from './bounds.js';
import { Guests } from './channel/guests.js';
import { SharedSnapshots } from './channel/catch-up/shared-snapshots.js';
import type { ServerParts } from './environment.js';
import { featuresBeside, imitationOf } from './imitation/imitation.js';
import { Writer } from './imitation/writer.js';
import type { DustServerOptions } from './options.js';
import { Entrance } from './access/entrance.js';
import { Limits } from './access/limits.js';
import { RateLimiter } from './access/rate-limiter.js';
import { IndexBuilds } from './stores/index-builds.js';
import { ServerPhase } from './phase.js';
import { ServerMetrics } from './metrics/server-metrics.js';
import { checkStoreNames } from './stores/store-name.js';
import { Tokens } from './access/tokens.js';

/** What a server with these options works with, whatever it is reached by. @throws DustError `invalid_options` */
export function serverParts(
  options: DustServerOptions,
  { tellsStorageFaults = false }: Partial<Pick<ServerParts, 'tellsStorageFaults'>> = {},
): ServerParts {
  const { stores, clock = systemClock, logger = consoleLogger } = options;
  checkStoreNames(Object.keys(stores));
  const bounds = resolveBounds(options.bounds);
  const tokens = new Tokens(options.tokens);
  const limits = new Limits(options.rateLimits);
  const imitation = imitationOf(options.imitate);
  const hasMetrics = options.metrics !== undefined && options.metrics !== false;
  return {
    stores: new Map(Object.entries(stores)),
    tokens,
    entrance: new Entrance(tokens, limits, clock),
    limits,
    limiter: new RateLimiter(limits, clock),
    imitation,
    features: featuresBeside(imitation),
    phase: new ServerPhase(),
    drain: options.drain ?? 0,
    writer: new Writer(imitation, clock),
    withFiles: new WeakSet(),
    tellsStorageFaults,
    bounds,
    memory: newServerMemory(bounds),
    metrics: hasMetrics ? new ServerMetrics() : undefined,
    tellsMetrics: options.metrics === true,
    snapshots: new SharedSnapshots(),
    guests: new Guests(),
    builds: new IndexBuilds(clock),
    clock,
    logger,
  };
}
