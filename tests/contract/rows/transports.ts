import { CHANNEL_ROWS } from './channel-rows.js';
import { CLUSTER_ROWS, NODES_IN_MEMORY } from './cluster-rows.js';
import { EMBEDDED_ROWS } from './embedded-rows.js';
import { HTTP_ROWS } from './http-rows.js';
import { remoteRows } from './remote-rows.js';
import type { TransportRow } from './row.js';
import { SHARED_ROWS } from './shared-rows.js';

const remote = remoteRows();

/** The names of those that a project of Jest asks for; undefined for all of `npm test`. */
const wanted = Reflect.get(globalThis, 'CONTRACT_ROWS') as readonly string[] | undefined;

const OURS = [...EMBEDDED_ROWS, NODES_IN_MEMORY, ...HTTP_ROWS, ...CHANNEL_ROWS];

/** The transports that the contract is tested on: every one of ours, or a server that is already running. */
export const TRANSPORTS: readonly TransportRow[] =
  remote ??
  (wanted === undefined
    ? OURS
    : [...OURS, ...CLUSTER_ROWS, ...SHARED_ROWS].filter(({ name }) => wanted.includes(name)));
