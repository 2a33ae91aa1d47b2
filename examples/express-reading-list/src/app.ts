import { fileURLToPath } from 'node:url';
import type { DataSource, Logger } from 'dust-orm';
import { consoleLogger } from 'dust-orm';
import type { Express } from 'express';
import express from 'express';
import { errorHandler } from './error-handler.js';
import { health } from './health.js';
import { HttpError } from './http-error.js';
import { Link } from './link.entity.js';
import { linksRouter } from './links.router.js';
import { LiveLinks } from './live-links.js';
import { securityHeaders } from './security-headers.js';

/** What an application is made of besides its data source. Both are made when left out. */
export interface AppParts {
  readonly live?: LiveLinks;
  readonly logger?: Logger;
}

const PAGE = fileURLToPath(new URL('../public', import.meta.url));

/** The application on an open data source, which its owner closes. */
export function createApp(dataSource: DataSource, parts: AppParts = {}): Express {
  const links = dataSource.getRepository(Link);
  const { live = new LiveLinks(links), logger = consoleLogger } = parts;

  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.use(express.json({ limit: '16kb' }));
  app.use('/links', linksRouter(links, live));
  app.get('/health', health(dataSource));
  app.use(express.static(PAGE));
  app.use(() => {
    throw new HttpError(404, 'not_found', 'There is nothing here.');
  });
  app.use(errorHandler(logger));
  return app;
}
