// What the service does, whichever way its entity was declared: tests by name, each with a service of its own.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { DataSource } from 'dust-orm';
import { createApp } from './app.mjs';

const A = { slug: 'a', title: 'A', url: 'https://a.dustlayer.io', pages: 3 };
const B = { slug: 'b', title: 'B', url: 'https://b.dustlayer.io', pages: 9, place: { city: 'Oslo' } };
const C = { slug: 'c', title: 'C', url: 'https://c.dustlayer.io', pages: 5, state: 'done' };

const TESTS = {
  async 'lists by conditions, in order'({ get, has }) {
    await has(A, B, C);
    const slugs = (list) => list.map(({ slug }) => slug).join();
    equal(slugs((await get('/links?state=open')).body), 'b,a');
    equal(slugs((await get('/links?minPages=4')).body), 'b,c');
  },

  async 'gives pages by cursor'({ get, has }) {
    await has(A, B, C);
    const first = (await get('/links/page')).body;
    deepEqual(first.slugs, ['a', 'b']);
    deepEqual((await get(`/links/page?after=${encodeURIComponent(first.cursor)}`)).body.slugs, ['c']);
  },

  async 'sums up'({ get, has }) {
    await has(A, B, C);
    deepEqual((await get('/links/stats')).body, { count: 3, pages: 12, longest: 9 });
  },

  async 'creates, with defaults and times'({ post, Link, Place, links }) {
    const { status, body } = await post('/links', B);
    equal(status, 201);
    const { createdAt, updatedAt, version, ...rest } = body;
    const filledIn = { state: 'open', visits: 0, tags: [], label: 'B (0)' };
    deepEqual(rest, { ...B, ...filledIn });
    ok(Date.parse(createdAt) > 0 && updatedAt === createdAt && version > 0);
    const link = await links.findOneByOrFail({ slug: 'b' });
    ok(link instanceof Link && link.place instanceof Place);
  },

  async 'refuses what is not valid, all at once, and what is there'({ post, has, links }) {
    const bad = { slug: 'x', title: '', url: 'nowhere', pages: 0.5, place: { city: 'X' } };
    const refused = await post('/links', bad);
    equal(refused.status, 400);
    deepEqual(refused.body, { error: 'validation', fields: ['pages', 'place.city', 'title', 'url'] });
    deepEqual((await post('/links', { slug: 'x' })).body.fields, ['title', 'url']);
    await has(A);
    equal((await post('/links', A)).status, 409);
    equal(await links.count(), 1);
  },

  async 'reads one, or says that there is none'({ get, has }) {
    await has(A);
    equal((await get('/links/a')).body.label, 'A (0)');
    deepEqual(await get('/links/nobody'), { status: 404, body: { error: 'not_found' } });
  },

  async 'changes what it is given'({ patch, get, has }) {
    await has(B);
    equal((await patch('/links/b', { title: 'Bee', place: { street: 'Elm St' } })).status, 204);
    const { title, url, place } = (await get('/links/b')).body;
    deepEqual({ title, url, place }, { title: 'Bee', url: B.url, place: { city: 'Oslo', street: 'Elm St' } });
    deepEqual((await patch('/links/b', { title: 'B'.repeat(21) })).body.fields, ['title']);
    deepEqual((await patch('/links/b', { place: { city: 'X' } })).body.fields, ['place.city']);
    equal((await patch('/links/b', { nobody: 1 })).status, 400);
    equal((await patch('/links/nobody', { title: 'N' })).status, 404);
  },

  async 'lets the second of two writers know'({ patch, get, has }) {
    await has(A);
    const { version } = (await get('/links/a')).body;
    const headers = { 'if-match': String(version) };
    equal((await patch('/links/a', { title: 'mine' }, headers)).status, 204);
    deepEqual(await patch('/links/a', { title: 'late' }, headers), {
      status: 409,
      body: { error: 'conflict' },
    });
    equal((await get('/links/a')).body.title, 'mine');
  },

  async removes({ remove, get, has }) {
    await has(A);
    equal((await remove('/links/a')).status, 204);
    equal((await remove('/links/a')).status, 404);
    equal((await get('/links/a')).status, 404);
  },

  async counts({ post, get, has }) {
    await has(A);
    const answers = await Promise.all([1, 2, 3].map((by) => post('/links/a/visits', { by })));
    deepEqual(
      answers.map(({ status }) => status),
      [204, 204, 204],
    );
    equal((await get('/links/a')).body.visits, 6);
    equal((await post('/links/nobody/visits', {})).status, 404);
  },

  async 'puts tags on and takes them off'({ put, remove, get, has }) {
    await has(A);
    for (const tag of ['x', 'y', 'x']) equal((await put(`/links/a/tags/${tag}`)).status, 204);
    deepEqual((await get('/links/a')).body.tags.sort(), ['x', 'y']);
    equal((await remove('/links/a/tags/x')).status, 204);
    deepEqual((await get('/links/a')).body.tags, ['y']);
  },

  async 'changes a part of a nested object'({ patch, has, links }) {
    await has(B);
    deepEqual((await patch('/links/b/place', { street: 'Elm St' })).body, { city: 'Oslo', street: 'Elm St' });
    deepEqual((await patch('/links/b/place', { city: 'X' })).body.fields, ['place.city']);
    equal((await links.findOneByOrFail({ slug: 'b' })).place.city, 'Oslo');
  },

  async 'shows a list live'({ url, patch, has }) {
    await has(A);
    const calledOff = new AbortController();
    const { body, headers } = await fetch(`${url}/links/live`, { signal: calledOff.signal });
    match(headers.get('content-type'), /^text\/event-stream/);
    const lists = dataOf(body);
    deepEqual((await lists.next()).value, []);
    await patch('/links/a', { state: 'done' });
    const { value } = await lists.next();
    equal(value[0].slug, 'a');
    calledOff.abort();
    await lists.return().catch(() => undefined);
  },
};

/** What comes in the `data` of server-sent events. */
async function* dataOf(body) {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: ?(.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}

async function withService({ Link, Place }, use) {
  const dataSource = await new DataSource({ store: 'acme/fronts', entities: [Link] }).initialize();
  const server = createServer(createApp(dataSource, Link)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const send = (method) => async (path, body, headers) => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  const links = dataSource.getRepository(Link);
  const calls = {
    get: send('GET'),
    post: send('POST'),
    put: send('PUT'),
    patch: send('PATCH'),
    remove: send('DELETE'),
  };
  try {
    await use({ ...calls, has: (...all) => links.insert(all), links, url, Link, Place });
  } finally {
    dataSource.endSubscriptions();
    server.close();
    await dataSource.destroy();
  }
}

/** The tests of a service over these classes, as names and functions. */
export function testsOf(classes) {
  return Object.entries(TESTS).map(([name, test]) => [name, () => withService(classes, test)]);
}

const RUNTIME =
  globalThis.Bun === undefined ? `Node ${process.versions.node}` : `Bun ${globalThis.Bun.version}`;

/** Runs them all, and says so. What it was run by, where that is not seen from within, is the first argument of the program. */
export async function run(declared, classes) {
  const front = [declared, RUNTIME, process.argv[2]].filter(Boolean).join(', ');
  const tests = testsOf(classes);
  for (const [name, test] of tests) {
    try {
      await test();
    } catch (error) {
      throw new Error(`${front}: ${name}`, { cause: error });
    }
  }
  console.log(`${front}: ${tests.length} tests passed`);
}
