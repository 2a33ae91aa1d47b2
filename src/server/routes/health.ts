import type { Hono } from 'hono';
import { isDustError } from '../../errors.js';
import type { Store } from '../../store/index.js';
import { answerJson } from '../answers.js';
import type { ServerEnvironment } from '../environment.js';

/** `GET /healthz` and `/readyz`, without a token (PROTOCOL §3). */
export function addHealthRoutes(app: Hono<ServerEnvironment>, stores: ReadonlyMap<string, Store>): void {
  app.get('/healthz', (c) => answerJson(c, { status: 'ok' }));

  app.get('/readyz', (c) => {
    const ready = [...stores.values()].every(isReadable);
    const checks = { database: ready ? 'ok' : 'error', pubsub: 'ok' };
    return answerJson(c, { status: ready ? 'ok' : 'error', checks }, ready ? 200 : 503);
  });
}

function isReadable(store: Store): boolean {
  try {
    store.status();
    return true;
  } catch (error) {
    if (isDustError(error)) return false;
    throw error;
  }
}
