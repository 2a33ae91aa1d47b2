import type { Hono } from 'hono';
import { answerJson } from '../answers.js';
import type { ServerEnvironment, ServerParts } from '../../environment.js';
import { readFault } from '../readiness.js';

/** `GET /healthz` and `/readyz`, without a token (PROTOCOL §3). Both read something from every store, and the second fails while the server drains; the first also tells what the server can do. */
export function addHealthRoutes(
  app: Hono<ServerEnvironment>,
  { stores, features, logger, phase }: Pick<ServerParts, 'stores' | 'features' | 'logger' | 'phase'>,
): void {
  app.get('/healthz', (c) => {
    const reason = readFault(stores, logger);
    const announced = features.length === 0 ? {} : { features };
    return reason === undefined
      ? answerJson(c, { status: 'ok', ...announced })
      : answerJson(c, { status: 'error', reason, ...announced }, 503);
  });

  app.get('/readyz', (c) => {
    const fault = readFault(stores, logger, 'assertCurrent');
    const reason = fault ?? (phase.isDraining ? 'draining' : undefined);
    const ok = reason === undefined;
    const checks = { database: fault === undefined ? 'ok' : 'error', pubsub: 'ok' };
    return answerJson(c, { status: ok ? 'ok' : 'error', checks, ...(ok ? {} : { reason }) }, ok ? 200 : 503);
  });
}
