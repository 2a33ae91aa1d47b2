import type { Hono } from 'hono';
import { answerJson } from '../answers.js';
import type { RequestContext, ServerEnvironment } from '../../environment.js';
import type { Gate } from '../../access/gate.js';

/** `GET /subscribe` and `/watch`: realtime is the channel's (PROTOCOL §3). */
export function addRealtimeRoutes(routes: Hono<ServerEnvironment>, gate: Gate): void {
  const answer = (c: RequestContext): Response =>
    answerJson(
      c,
      {
        error: 'upgrade_required',
        detail:
          'Changes are followed over the channel, a WebSocket: topic store:<org>/<name>, vsn 2.0.0 or 3.0.0.',
        docs: 'docs/local-server.md of the package dust-orm',
        ws_url: `ws://${c.req.header('host') ?? 'localhost'}/ws/sync/websocket`,
      },
      426,
    );
  routes.get('/subscribe', gate('entries:read', 'reads'), answer);
  routes.get('/watch', gate('entries:read', 'reads'), answer);
}
