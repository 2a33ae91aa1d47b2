import type { Imitate } from '../server/index.js';
import { unknownLikeness } from './errors.js';

/**
 * The way to a store that a test data source has:
 *
 * - `memory`: a store in the data source itself, without a socket;
 * - `server`: the channel of a server as this package brings it, with HTTP beside it;
 * - `server-0.1`: the same of a server of version 0.1, faults and all;
 * - `http`, `http-0.1`: these over HTTP alone, as with `realtime: false`.
 */
export type Likeness = 'memory' | 'server' | 'server-0.1' | 'http' | 'http-0.1';

/** How a server is reached, and what it imitates. */
export interface ServedWay {
  readonly transport: 'channel' | 'http';
  readonly imitate?: Imitate;
}

const WAYS: Readonly<Record<Likeness, ServedWay | undefined>> = {
  memory: undefined,
  server: { transport: 'channel' },
  'server-0.1': { transport: 'channel', imitate: '0.1' },
  http: { transport: 'http' },
  'http-0.1': { transport: 'http', imitate: '0.1' },
};

/** How the server is reached that a data source is like; undefined for a store in memory. @throws DustError `invalid_options` */
export function servedWay(like: Likeness = 'memory'): ServedWay | undefined {
  if (!Object.hasOwn(WAYS, like)) throw unknownLikeness(like, Object.keys(WAYS));
  return WAYS[like];
}
