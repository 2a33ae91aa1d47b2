import type { Repository } from 'dust-orm';
import type { StreamRoute } from 'dust-orm/express';
import type { Router } from 'express';
import express from 'express';
import { precondition, sendLink } from './etag.js';
import { changes, listOptions, newLink } from './link-input.js';
import type { Link } from './link.entity.js';

/** The reading list over REST. What goes wrong is thrown as dust-orm throws it; the error handler makes answers of it. */
export function linksRouter(links: Repository<Link>, events: StreamRoute): Router {
  const router = express.Router();
  const find = (slug: string): Promise<Link> => links.findOneByOrFail({ slug });

  router.get('/', async (request, response) => {
    const [items, total] = await links.findAndCount(listOptions(request));
    response.json({ items, total });
  });

  // Before '/:slug', which would take it for a link's.
  router.get('/events', events);

  router.get('/:slug', async (request, response) => {
    sendLink(response, await find(request.params.slug));
  });

  router.post('/', async (request, response) => {
    const link = newLink(request);
    await links.insert(link, { ifAbsent: true });
    response.status(201).location(`${request.baseUrl}/${encodeURIComponent(link.slug)}`);
    sendLink(response, await find(link.slug));
  });

  router.patch('/:slug', async (request, response) => {
    const { slug } = request.params;
    const options = precondition(request, await find(slug));
    await links.update(slug, changes(request), options);
    sendLink(response, await find(slug));
  });

  router.delete('/:slug', async (request, response) => {
    const { slug } = request.params;
    const options = precondition(request, await find(slug));
    await links.delete(slug, options);
    response.status(204).end();
  });

  router.post('/:slug/views', async (request, response) => {
    const { slug } = await find(request.params.slug);
    await links.increment(slug, 'views', 1);
    sendLink(response, await find(slug));
  });

  return router;
}
