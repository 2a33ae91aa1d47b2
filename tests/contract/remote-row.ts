import { HttpTransport } from '../../src/transport/http/index.js';
import { HTTP_CAPABILITIES } from './http-rows.js';
import type { TransportRow } from './row.js';

/** Patient: a whole suite takes more requests than a server allows in a minute. Waits are by the machine's clock. */
const RETRY = { attempts: 20, maxRetryAfter: 600 };

/** A test may have to wait for its turn several times. */
const TIMEOUT = 900_000;

/**
 * The store that the environment names, on a server that is already running; undefined where there is none, as in a
 * plain run of Jest. `DUST_CONTRACT_ROOT` is set by scripts/test-contract.mjs alone: tests write to somebody's store
 * only when they were told to.
 */
export function remoteRow(env: NodeJS.ProcessEnv = process.env): TransportRow | undefined {
  const { DUST_CONTRACT_ROOT: remoteRoot } = env;
  if (remoteRoot === undefined) return undefined;
  const { DUST_BASE_URL: url = '', DUST_STORE: store = '', DUST_TOKEN: token = '' } = env;
  return {
    name: `the server at ${url}`,
    capabilities: HTTP_CAPABILITIES,
    remoteRoot,
    timeout: TIMEOUT,
    open: () =>
      Promise.resolve({
        transport: ({ deviceId, logger }) =>
          new HttpTransport({ url, store, token, deviceId, logger, retry: RETRY }),
        dispose: () => Promise.resolve(),
      }),
  };
}
