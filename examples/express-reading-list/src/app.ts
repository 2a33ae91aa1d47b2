import { fileURLToPath } from 'node:url';
import type { DataSource, Logger } from 'dust-orm';
import { consoleLogger } from 'dust-orm';
import { dustErrorHandler, healthRoute } from 'dust-orm/express';
import type { HealthRoute, StreamRoute } from 'dust-orm/express';
import type { Express } from 'express';
import express from 'express';
import { HttpError } from './http-error.js';
import { linkEvents } from './link-events.js';
import { Link } from './link.entity.js';
import { linksRouter } from './links.router.js';
import { securityHeaders } from './security-headers.js';

/** What an application is made of besides its data source. All are made when left out. */
export interface AppParts {
  readonly events?: StreamRoute;
  readonly health?: HealthRoute;
  readonly logger?: Logger;
}

const PAGE = fileURLToPath(new URL('../public', import.meta.url));

/** The application on an open data source, which its owner closes. */
export function createApp(dataSource: DataSource, parts: AppParts = {}): Express {
  const links = dataSource.getRepository(Link);
  const { events = linkEvents(links), logger = consoleLogger } = parts;
  const { health = healthRoute(dataSource, { logger }) } = parts;

  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.use(express.json({ limit: '16kb' }));
  app.use('/links', linksRouter(links, events));
  app.get('/health', health);
  app.use(express.static(PAGE));
  app.use(() => {
    throw new HttpError(404, 'not_found', 'There is nothing here.');
  });
  app.use(dustErrorHandler({ others: 'answer', logger }));
  return app;
}
