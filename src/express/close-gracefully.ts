import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import type { DataSource } from '../data-source/index.js';
import type { OptionNames } from '../options/index.js';
import { checkOptionNames, checkOptionValues, DELAY, LIST, required, withMethods } from '../options/index.js';
import type { HealthRoute } from './health-route.js';
import type { StreamRoute } from './streams.js';

/** What {@link closeGracefully} ends, and in what time. */
export interface CloseGracefullyOptions {
  /** What listens. */
  readonly server: Server;
  /** Says that the service is ending before anything else does. */
  readonly health?: HealthRoute;
  /** The routes of streams, which would never end by themselves. */
  readonly streams?: readonly Pick<StreamRoute, 'close'>[];
  /** What is destroyed when the last request has been answered. */
  readonly dataSource?: DataSource;
  /** Milliseconds in which the service still takes requests while `health` says 503, so that load balancers notice. Default 0. */
  readonly drain?: number;
  /** Milliseconds that requests under way have to be answered; then they are cut off. Default 10,000. */
  readonly timeout?: number;
  /** Time, for tests. Default: the machine's. */
  readonly clock?: Clock;
}

const OPTIONS: OptionNames<CloseGracefullyOptions> = {
  server: true,
  health: true,
  streams: true,
  dataSource: true,
  drain: true,
  timeout: true,
  clock: true,
};

/**
 * Ends a service in order: says that it is not ready and waits `drain`; takes no more connections, ends the streams and
 * those connections that are idle; waits for the requests under way; destroys the data source.
 *
 * @example
 * process.once('SIGTERM', () => void closeGracefully({ server, health, streams: [linkEvents], dataSource }));
 *
 * @throws DustError `invalid_options` for an option that is unknown or has another value, and what destroying the data source throws
 */
export async function closeGracefully(options: CloseGracefullyOptions): Promise<void> {
  checkOptionNames('closeGracefully', options, OPTIONS);
  checkOptionValues('closeGracefully', options, {
    server: required(withMethods('close', 'closeIdleConnections')),
    health: { expected: 'a route of healthRoute', fits: hasClose },
    streams: LIST,
    drain: DELAY,
    timeout: DELAY,
  });
  const { server, health, streams = [], dataSource, drain = 0, timeout = 10_000 } = options;
  const { clock = systemClock } = options;
  health?.close();
  if (drain > 0 && server.listening) {
    await new Promise<void>((resolve) => {
      clock.schedule(resolve, drain, { keepAlive: true });
    });
  }
  const ended = closed(server);
  for (const stream of streams) stream.close();
  const callOff = clock.schedule(
    () => {
      server.closeAllConnections();
    },
    timeout,
    { keepAlive: true },
  );
  await ended;
  callOff();
  await dataSource?.destroy();
}

async function closed(server: Server): Promise<void> {
  if (!server.listening) return;
  const ended = once(server, 'close');
  server.close();
  // A connection that is kept alive would wait for requests that are not taken any more.
  server.keepAliveTimeout = 1;
  server.closeIdleConnections();
  await ended;
}

function hasClose(value: unknown): boolean {
  return typeof value === 'function' && typeof Reflect.get(value, 'close') === 'function';
}
