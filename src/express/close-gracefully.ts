import type { Server } from 'node:http';
import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import type { DataSource } from '../data-source/index.js';
import type { OptionKind, OptionNames } from '../options/index.js';
import { checkOptionNames, checkOptionValues, DELAY, required, withMethods } from '../options/index.js';
import type { HealthRoute } from './health-route.js';
import { CLOCK } from './option-kinds.js';
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
  /** Milliseconds that requests under way have to be answered; then they are cut off, and no more is waited for. Default 10,000. */
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

const ROUTE: OptionKind = { expected: 'a route of healthRoute', fits: hasClose };

const STREAMS: OptionKind = {
  expected: 'an array of what has a method close',
  fits: (value) => Array.isArray(value) && value.every(hasClose),
};

/**
 * Ends a service in order: says that it is not ready and waits `drain`; takes no more connections, ends the streams and
 * those connections that are idle; waits for the requests under way, `timeout` at the most; destroys the data source. A second call waits for the same
 * requests. A connection that was upgraded, as a WebSocket is, keeps it until `timeout` and stays open: whoever has it ends it.
 *
 * @example
 * process.once('SIGTERM', () => void closeGracefully({ server, health, streams: [linkEvents], dataSource }));
 *
 * @throws DustError `invalid_options` for an option that is unknown or has another value, before anything is ended; and, when all the rest is done, the first that
 * closing a stream or destroying the data source has thrown
 */
export async function closeGracefully(options: CloseGracefullyOptions): Promise<void> {
  checkOptionNames('closeGracefully', options, OPTIONS);
  checkOptionValues('closeGracefully', options, {
    server: required(withMethods('close', 'closeIdleConnections', 'closeAllConnections', 'getConnections')),
    health: ROUTE,
    streams: STREAMS,
    dataSource: withMethods('destroy'),
    drain: DELAY,
    timeout: DELAY,
    clock: CLOCK,
  });
  const { server, health, streams = [], dataSource, drain = 0, timeout = 10_000 } = options;
  const { clock = systemClock } = options;
  const failures: unknown[] = [];
  closeEach([health], failures);
  if (drain > 0 && server.listening) {
    await new Promise<void>((resolve) => {
      clock.schedule(resolve, drain, { keepAlive: true });
    });
  }
  const ended = endOf(server, timeout, clock);
  closeEach(streams, failures);
  await ended;
  await dataSource?.destroy().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** One that fails must not keep the others. */
function closeEach(all: readonly ({ close(): void } | undefined)[], failures: unknown[]): void {
  for (const each of all) {
    try {
      each?.close();
    } catch (error) {
      failures.push(error);
    }
  }
}

/** Resolves when nothing is under way any more, whoever told the server to close; or when the time is over. */
async function endOf(server: Server, timeout: number, clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      server.off('close', done);
      callOff();
      resolve();
    };
    const callOff = clock.schedule(
      () => {
        server.closeAllConnections();
        // Those who had them hear of it first. What was upgraded is not among them, and would be waited for in vain.
        setImmediate(done);
      },
      timeout,
      { keepAlive: true },
    );
    server.once('close', done);
    if (server.listening) stopListening(server);
    else whenWithoutConnections(server, done);
  });
}

function stopListening(server: Server): void {
  server.close();
  // A connection that is kept alive would wait for requests that are not taken any more.
  server.keepAliveTimeout = 1;
  server.closeIdleConnections();
}

/** One that does not listen may still have requests under way: then it says `close` when they are done, else it has said so. */
function whenWithoutConnections(server: Server, done: () => void): void {
  server.getConnections((error, count) => {
    if (error !== null || count === 0) done();
  });
}

function hasClose(value: unknown): boolean {
  return (
    (typeof value === 'function' || (typeof value === 'object' && value !== null)) &&
    typeof Reflect.get(value, 'close') === 'function'
  );
}
