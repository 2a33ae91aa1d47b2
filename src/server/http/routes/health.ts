import type { Hono } from 'hono';
import type { Store } from '../../../store/index.js';
import { answerJson } from '../answers.js';
import type { ServerEnvironment } from '../../environment.js';
import { isReadable } from '../is-readable.js';

/** `GET /healthz` and `/readyz`, without a token (PROTOCOL §3). */
export function addHealthRoutes(app: Hono<ServerEnvironment>, stores: ReadonlyMap<string, Store>): void {
  app.get('/healthz', (c) => answerJson(c, { status: 'ok' }));

  app.get('/readyz', (c) => {
    const ready = [...stores.values()].every(isReadable);
    const checks = { database: ready ? 'ok' : 'error', pubsub: 'ok' };
    return answerJson(c, { status: ready ? 'ok' : 'error', checks }, ready ? 200 : 503);
  });
}
