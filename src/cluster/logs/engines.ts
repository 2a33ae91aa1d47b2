import type { Clock } from '../../clock.js';
import { unknownLog } from '../errors.js';
import type { ReplicatedLog } from '../log/replicated-log.js';
import { addressOf, openNatsLog } from './nats/index.js';
import { openPostgresLog, serversOf } from './postgres/index.js';

/** Where a log lies, and of what store it is. */
export interface LogAddress {
  readonly url: string;
  readonly store: string;
  readonly clock?: Clock | undefined;
  /** Whether the store must have a log: none is made then. Default false. */
  readonly mustExist?: boolean | undefined;
}

/** What orders the writes of a cluster. */
export interface LogEngine {
  /** @throws DustError `invalid_options` for an address that is none */
  check(url: string): void;
  /** @throws DustError `invalid_options` for an address that is none, and when the engine's package is not there */
  open(address: LogAddress): Promise<ReplicatedLog>;
}

const POSTGRES: LogEngine = { check: serversOf, open: openPostgresLog };
const NATS: LogEngine = { check: addressOf, open: openNatsLog };

/** By how their addresses begin. */
const ENGINES: ReadonlyMap<string, LogEngine> = new Map([
  ['postgres:', POSTGRES],
  ['postgresql:', POSTGRES],
  ['nats:', NATS],
  ['tls:', NATS],
]);

/** @throws DustError `invalid_options` with detail `invalid_url` for an address of no engine */
export function engineOf(url: string): LogEngine {
  const [scheme = ''] = typeof (url as unknown) === 'string' ? (/^[a-z]+:/.exec(url) ?? []) : [];
  const engine = ENGINES.get(scheme);
  if (engine === undefined) throw unknownLog();
  return engine;
}

/**
 * Opens the log that an address leads to. Connects when something is asked of it.
 *
 * @throws DustError `invalid_options` for an address that is none, and when the engine's package is not there
 */
export function openLog(address: LogAddress): Promise<ReplicatedLog> {
  return engineOf(address.url).open(address);
}
