import type { Dial } from '../dialing-agent.js';
import { proxyFor } from '../proxy/index.js';
import { DEVICE_ID, checkOptionNames, checkOptionValues } from '../../options/index.js';
import { systemClock } from '../../clock.js';
import { consoleLogger } from '../../logging.js';
import { BoundedClient } from './client/bounded-client.js';
import { AxiosClient } from './client/axios-client.js';
import { HTTP_OPTIONS, checkHttpOptions } from './check-options.js';
import type { HttpClient } from './client/http-client.js';
import { boundOf, resolveRequests, resolveTimeouts } from './limits.js';
import type { HttpTransportOptions } from './options.js';
import { RetryClient } from './retry/retry-client.js';
import { resolveRetry } from './retry/retry-policy.js';
import { parseServerUrl } from './client/server-url.js';

/**
 * A client for the server that `options` lead to; with `retry` one that tries again and keeps within the server's rate
 * limits. Nothing is sent, and axios is not loaded, before the first request.
 *
 * @param dial opens the connections, instead of the system, and no proxy is asked
 * @throws DustError `invalid_options` saying what to write, also for a variable of the environment that names no proxy
 */
export function createHttpClient(options: HttpTransportOptions, dial?: Dial): HttpClient {
  checkOptionNames('HttpTransport', options, HTTP_OPTIONS);
  checkHttpOptions(options);
  checkOptionValues('HttpTransport', options, { deviceId: DEVICE_ID });
  const { url, token, retry, clock = systemClock } = options;
  const { logger = consoleLogger, random = Math.random } = options;
  const server = parseServerUrl(url);
  const requests = resolveRequests(options);
  const client = new AxiosClient({
    server,
    proxy: dial === undefined ? proxyFor(server.base) : undefined,
    dial,
    token,
    clock,
    timeouts: resolveTimeouts(options),
    requests,
  });
  if (retry === undefined) return new BoundedClient(client, boundOf(requests));
  const persistent = new RetryClient(client, {
    policy: resolveRetry(retry),
    clock,
    random,
    origin: server.origin,
    logger,
  });
  return new BoundedClient(persistent, boundOf(requests));
}
