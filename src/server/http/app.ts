import { Hono } from 'hono';
import { routePath } from 'hono/route';
import { answerPage } from './answers.js';
import type { ServerEnvironment, ServerParts } from '../environment.js';
import { urlTooLong } from '../errors.js';
import { storeGate } from '../access/gate.js';
import { answerError } from './refusals.js';
import { addBatchRoutes } from './routes/batches.js';
import { addDumpRoutes } from './routes/dumps.js';
import { addEntryRoutes } from './routes/entries.js';
import { addEntryBodyRoutes } from './routes/entry-bodies.js';
import { addFileRoute } from './routes/files.js';
import { addHealthRoutes } from './routes/health.js';
import { addIndexRoutes } from './routes/indexes.js';
import { addListingRoute } from './routes/listing.js';
import { addLogRoute } from './routes/log.js';
import { addMetricsRoute } from './routes/metrics.js';
import { addRealtimeRoutes } from './routes/realtime.js';

/** The REST API over the stores (PROTOCOL §3). What it does not know is answered as a recorded server does. */
export function createApp(parts: ServerParts): Hono<ServerEnvironment> {
  const app = new Hono<ServerEnvironment>({ getPath: rawPath });
  app.use(async (c, next) => {
    if ((c.env.incoming.url?.length ?? 0) > parts.bounds.url) throw urlTooLong(parts.bounds.url);
    parts.metrics?.noteRoute(c.env.outgoing, () => routePath(c));
    await next();
  });
  addHealthRoutes(app, parts);
  addMetricsRoute(app, parts);
  addFileRoute(app, parts);
  app.route('/api/stores/:org/:store', storeRoutes(parts));
  app.notFound((c) => answerPage(c, 'Not Found', 404));
  app.onError((error, c) => answerError(error, c, parts));
  return app;
}

function storeRoutes(parts: ServerParts): Hono<ServerEnvironment> {
  const routes = new Hono<ServerEnvironment>();
  const gate = storeGate(parts);
  addListingRoute(routes, gate, parts);
  addEntryBodyRoutes(routes, gate, parts);
  addBatchRoutes(routes, gate, parts);
  addEntryRoutes(routes, gate, parts);
  addRealtimeRoutes(routes, gate);
  addDumpRoutes(routes, gate, parts);
  addIndexRoutes(routes, gate, parts);
  addLogRoute(routes, gate, parts);
  return routes;
}

/** The path as it was sent: a URL object would fold `..` away, and entries are called what their owners like. */
function rawPath(request: Request, options?: { env?: ServerEnvironment['Bindings'] }): string {
  const target = options?.env?.incoming.url ?? request.url;
  const path = target.startsWith('/') ? target : new URL(target).pathname;
  const end = path.search(/[?#]/);
  return end === -1 ? path : path.slice(0, end);
}
