import type { ServerResponse } from 'node:http';
import type { DataSource } from '../data-source/index.js';
import { isDustError, messageOf } from '../errors.js';
import type { Logger } from '../logging.js';
import { consoleLogger } from '../logging.js';
import type { OptionNames } from '../options/index.js';
import { checkOptionNames, checkOptionValues, required, TIME_LIMIT } from '../options/index.js';
import { HEALTH_TIMEOUT, isUsable, statusWithin } from '../web/index.js';
import type { RouteHandler } from './handlers.js';
import { answerJson } from './handlers.js';
import { DATA_SOURCE, LOGGER } from './option-kinds.js';

/** What {@link healthRoute} may be told. */
export interface HealthRouteOptions {
  /** How long the store may take to answer, in milliseconds. Default 1000. */
  readonly timeout?: number;
  /** Hears why the store cannot be read. Default: standard error. */
  readonly logger?: Logger;
}

/** A handler that says whether the service should be sent requests. */
export interface HealthRoute extends RouteHandler {
  /** Says from now on that it should not: a load balancer sends the next ones elsewhere. */
  close(): void;
}

const OPTIONS: OptionNames<HealthRouteOptions> = { timeout: true, logger: true };

const UNAVAILABLE = 503;

/**
 * A route for load balancers and probes. Something is read from the store each time: 200 with `{ status: 'ok', state, readsFrom, storeSeq }` while reads
 * go through, and `shared` of a folder that several processes share; a channel that is lost is `degraded`, and still 200: the mirror answers or, after `staleAfter`, HTTP, and writes wait. Else 503, with the same and `status: 'unavailable'`, or
 * with the `kind` of the error, whose message goes to the log; and with `status: 'closing'` after `close()`.
 *
 * @example
 * app.get('/health', healthRoute(dataSource));
 *
 * @throws DustError `invalid_options` for an option that is unknown or has another value. The handler never throws
 */
export function healthRoute(dataSource: DataSource, options: HealthRouteOptions = {}): HealthRoute {
  checkOptionNames('healthRoute', options, OPTIONS);
  checkOptionValues('healthRoute', { dataSource }, { dataSource: required(DATA_SOURCE) });
  checkOptionValues('healthRoute', options, { timeout: TIME_LIMIT, logger: LOGGER });
  const { timeout = HEALTH_TIMEOUT, logger = consoleLogger } = options;
  let isClosing = false;
  const answer = async (response: ServerResponse): Promise<void> => {
    response.setHeader('Cache-Control', 'no-store');
    if (isClosing) {
      answerJson(response, UNAVAILABLE, { status: 'closing' });
      return;
    }
    try {
      const status = await statusWithin(dataSource, timeout);
      const { state, readsFrom, storeSeq, shared } = status;
      const usable = isUsable(status);
      const body = { status: usable ? 'ok' : 'unavailable', state, readsFrom, storeSeq, shared };
      answerJson(response, usable ? 200 : UNAVAILABLE, body);
    } catch (error) {
      logger.warn(`The health check failed: ${messageOf(error)}`);
      const kind = isDustError(error) ? error.kind : 'unknown';
      answerJson(response, UNAVAILABLE, { status: 'unavailable', kind });
    }
  };
  return Object.assign(
    ((_request, response, next) => {
      answer(response).catch(next);
    }) satisfies RouteHandler,
    {
      close: () => {
        isClosing = true;
      },
    },
  );
}
