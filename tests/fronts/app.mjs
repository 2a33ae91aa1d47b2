// One service of twelve routes. It is given a data source and the entity class, and does not know how that was declared.
import { isDustError, MoreThanOrEqual, writeSse } from 'dust-orm';
import express from 'express';

const STATUS = {
  validation: 400,
  invalid_value: 400,
  invalid_criteria: 400,
  nothing_to_write: 400,
  not_found: 404,
  exists: 409,
  conflict: 409,
};

const numberIn = (text) => (text === undefined ? undefined : Number(text));

function pathsOf({ property, constraints, children = [] }) {
  const below = children.flatMap((child) => pathsOf(child).map((path) => `${property}.${path}`));
  return constraints === undefined ? below : [property, ...below];
}

function sendError(error, _request, response, next) {
  if (response.headersSent) return next(error);
  const status = (isDustError(error) && STATUS[error.kind]) || 500;
  const fields = error.kind === 'validation' ? error.errors.flatMap(pathsOf).sort() : undefined;
  response.status(status).json({ error: error.kind ?? String(error), fields });
}

/** The service over the records of `Link`. */
export function createApp(dataSource, Link) {
  const links = dataSource.getRepository(Link);
  const router = express.Router();
  const find = (slug) => links.findOneByOrFail({ slug });
  const shown = (link) => ({ ...link, label: link.label });
  const ok = (response, { affected }) => response.status(affected === 0 ? 404 : 204).end();

  router.get('/', async ({ query }, response) => {
    const { state, minPages } = query;
    const where = {
      ...(state !== undefined && { state }),
      ...(minPages !== undefined && { pages: MoreThanOrEqual(Number(minPages)) }),
    };
    response.json((await links.find({ where, order: { pages: 'DESC' } })).map(shown));
  });

  router.get('/page', async ({ query }, response) => {
    const { items, cursor } = await links.findPage({
      order: { slug: 'ASC' },
      take: numberIn(query.take) ?? 2,
      after: query.after ?? null,
    });
    response.json({ slugs: items.map(({ slug }) => slug), cursor });
  });

  router.get('/stats', async (_request, response) => {
    const [count, pages, longest] = await Promise.all([
      links.count(),
      links.sum('pages', { state: 'open' }),
      links.maximum('pages'),
    ]);
    response.json({ count, pages, longest });
  });

  router.get('/live', (_request, response) => {
    writeSse(response, links.live({ where: { state: 'done' } }));
  });

  router.post('/', async ({ body }, response) => {
    await links.insert(body, { ifAbsent: true });
    response.status(201).json(shown(await find(body.slug)));
  });

  router.get('/:slug', async ({ params }, response) => {
    response.json(shown(await find(params.slug)));
  });

  router.patch('/:slug', async (request, response) => {
    const ifMatch = numberIn(request.get('if-match'));
    ok(
      response,
      await links.update(request.params.slug, request.body, ifMatch === undefined ? {} : { ifMatch }),
    );
  });

  router.delete('/:slug', async ({ params }, response) => {
    ok(response, await links.delete(params.slug));
  });

  router.post('/:slug/visits', async ({ params, body }, response) => {
    ok(response, await links.increment(params.slug, 'visits', body.by ?? 1));
  });

  router.put('/:slug/tags/:tag', async ({ params }, response) => {
    ok(response, await links.addTo(params.slug, 'tags', params.tag));
  });

  router.delete('/:slug/tags/:tag', async ({ params }, response) => {
    ok(response, await links.removeFrom(params.slug, 'tags', params.tag));
  });

  router.patch('/:slug/place', async ({ params, body }, response) => {
    const link = await find(params.slug);
    links.merge(link, { place: body });
    await links.save(link);
    response.json((await find(params.slug)).place);
  });

  const app = express();
  app.use(express.json());
  app.use('/links', router);
  app.use(sendError);
  return app;
}
