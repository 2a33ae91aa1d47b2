import type { Hono } from 'hono';
import { answerJson } from '../answers.js';
import type { ServerEnvironment, ServerParts } from '../../environment.js';
import { readFault } from '../readiness.js';

/** `GET /healthz` and `/readyz`, without a token (PROTOCOL §3). Both read something from every store. */
export function addHealthRoutes(
  app: Hono<ServerEnvironment>,
  { stores, logger }: Pick<ServerParts, 'stores' | 'logger'>,
): void {
  app.get('/healthz', (c) => {
    const reason = readFault(stores, logger);
    return reason === undefined
      ? answerJson(c, { status: 'ok' })
      : answerJson(c, { status: 'error', reason }, 503);
  });

  app.get('/readyz', (c) => {
    const reason = readFault(stores, logger);
    const ok = reason === undefined;
    const checks = { database: ok ? 'ok' : 'error', pubsub: 'ok' };
    return answerJson(c, { status: ok ? 'ok' : 'error', checks, ...(ok ? {} : { reason }) }, ok ? 200 : 503);
  });
}
