import type { Hono } from 'hono';
import { bearerOf } from '../../access/tokens.js';
import type { ServerEnvironment, ServerParts } from '../../environment.js';
import { forbidden } from '../../errors.js';

/**
 * `GET /metrics` in Prometheus' text format, where the server has metrics at its own address. They name all stores, so a token that is narrowed to some
 * does not open them. Asking is not limited, but for wrong tokens.
 */
export function addMetricsRoute(
  app: Hono<ServerEnvironment>,
  { metrics, entrance, tellsMetrics }: Pick<ServerParts, 'metrics' | 'entrance' | 'tellsMetrics'>,
): void {
  if (metrics === undefined || !tellsMetrics) return;
  app.get('/metrics', async (c) => {
    const { remoteAddress } = c.env.incoming.socket;
    const access = entrance.admit(bearerOf(c.req.header('authorization')), remoteAddress);
    if (!access.scopes.has('entries:read')) throw forbidden('The token may not read.');
    if (access.stores !== undefined) throw forbidden('The metrics name all stores.');
    const { type, body } = await metrics.text();
    return c.body(body, 200, { 'content-type': type, 'cache-control': 'no-store' });
  });
}
