import type { Express } from 'express';
import request from 'supertest';
import { createApp } from '../src/app.js';
import type { OpenStore } from './support/stores.js';
import { STORES } from './support/stores.js';

const DUST = { slug: 'dust', title: 'Dust', url: 'https://dustlayer.io' };

describe.each(Object.entries(STORES))('the REST interface, the list kept %s', (_where, open) => {
  let store: OpenStore;
  let app: Express;

  beforeEach(async () => {
    store = await open();
    app = createApp(store.dataSource);
  });

  afterEach(() => store.close());

  const add = (link: object) => request(app).post('/links').send(link);
  const slugs = async (query: string): Promise<string[]> => {
    const { body } = await request(app).get(`/links${query}`).expect(200);
    return body.items.map(({ slug }: { slug: string }) => slug);
  };

  it('adds a link, and says where it is', async () => {
    const { body, headers } = await add({ ...DUST, note: 'reactive' }).expect(201);
    expect(body).toMatchObject({ ...DUST, note: 'reactive', views: 0, addedAt: expect.any(String) });
    expect(headers).toMatchObject({ location: '/links/dust', etag: `"${body.revision}"` });
    await request(app).get('/links/dust').expect(200, body);
  });

  it.each([
    ['TypeORM & friends', 'typeorm-friends'],
    ['Größe, 大きさ', 'größe-大きさ'],
    ['हिन्दी', 'हिन्दी'],
    [`${'word '.repeat(16)}end`, Array(16).fill('word').join('-')],
    [`a${'𠮷'.repeat(80)}`, `a${'𠮷'.repeat(79)}`],
  ])('makes the slug of %j from the title', async (title, slug) => {
    const { headers } = await add({ title, url: DUST.url }).expect(201);
    expect(headers.location).toBe(`/links/${encodeURIComponent(slug)}`);
    await request(app).get(headers.location!).expect(200);
  });

  it('refuses a slug that is taken, and leaves the link as it is', async () => {
    await add(DUST).expect(201);
    const { body } = await add({ ...DUST, title: 'Another' }).expect(409);
    expect(body).toMatchObject({ kind: 'exists', message: 'There is such a record already.' });
    const { body: kept } = await request(app).get('/links/dust');
    expect(kept.title).toBe('Dust');
  });

  it('lets one of many win that add the same link at once', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map((number) => add({ ...DUST, title: `No. ${number}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it.each([
    ['no title, no address', {}, ['title', 'url']],
    ['an empty title', { ...DUST, title: '' }, ['title']],
    ['a title that is no text', { ...DUST, title: 5 }, ['title']],
    ['an address that is none', { ...DUST, url: 'nowhere' }, ['url']],
    ['an address that would run a script', { ...DUST, url: 'javascript:alert(1)' }, ['url']],
    ['a note that is too long', { ...DUST, note: 'x'.repeat(2001) }, ['note']],
    ['a slug with a slash', { ...DUST, slug: 'a/b' }, ['slug']],
    ['the slug of the event stream', { ...DUST, slug: 'events' }, ['slug']],
    ['a slug that is no text', { ...DUST, slug: { a: 1 } }, ['slug']],
  ])('names the fields that are wrong: %s', async (_what, link, fields) => {
    const { body } = await add(link).expect(400);
    expect(body).toMatchObject({ error: 'Bad Request', message: expect.any(Array) });
    expect(Object.keys(body.fields)).toEqual(fields);
    expect(await slugs('')).toEqual([]);
  });

  it.each([
    ['broken JSON', 'application/json', '{"title":', 400],
    ['a list', 'application/json', '[]', 400],
    ['something else than JSON', 'text/plain', 'title=Dust', 400],
    ['too much', 'application/json', JSON.stringify({ ...DUST, note: 'x'.repeat(20_000) }), 413],
  ])('refuses a body of %s', async (_what, type, body, status) => {
    const answer = await request(app).post('/links').type(type).send(body).expect(status);
    expect(answer.body).toMatchObject({ statusCode: status, message: expect.any(String) });
  });

  it('finds by title, address and note, whatever their case, and takes % and _ for themselves', async () => {
    await add({ slug: 'a', title: '100% Dust', url: 'https://a.example' });
    await add({ slug: 'b', title: 'Sand', url: 'https://dust.example' });
    await add({ slug: 'c', title: 'Stone', url: 'https://c.example', note: 'turns to dust' });
    await add({ slug: 'd', title: 'Water', url: 'https://d.example' });
    expect((await slugs('?search=DUST')).sort()).toEqual(['a', 'b', 'c']);
    expect(await slugs('?search=0%25')).toEqual(['a']);
    expect(await slugs('?search=_')).toEqual([]);
  });

  it('lists in pages, and says how many there are', async () => {
    for (const slug of ['a', 'b', 'c', 'd', 'e']) await add({ ...DUST, slug });
    const all = await slugs('');
    expect(all.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await slugs('?skip=1&take=3')).toEqual(all.slice(1, 4));
    const { body } = await request(app).get('/links?take=0').expect(200);
    expect(body).toEqual({ items: [], total: 5 });
  });

  it.each(['take=101', 'take=-1', 'skip=x', 'skip=1.5'])('refuses ?%s', async (query) => {
    const { body } = await request(app).get(`/links?${query}`).expect(400);
    expect(Object.keys(body.fields)).toEqual([query.split('=')[0]]);
  });

  it('changes what is given and nothing else', async () => {
    await add({ ...DUST, note: 'old' });
    const { body } = await request(app).patch('/links/dust').send({ note: 'new', views: 99 }).expect(200);
    expect(body).toMatchObject({ ...DUST, note: 'new', views: 0 });
    const { body: cleared } = await request(app).patch('/links/dust').send({ note: null }).expect(200);
    expect(cleared.note ?? null).toBeNull();
  });

  it('refuses a change that breaks a rule, or changes nothing', async () => {
    await add(DUST);
    const { body } = await request(app).patch('/links/dust').send({ title: '' }).expect(400);
    expect(Object.keys(body.fields)).toEqual(['title']);
    await request(app).patch('/links/dust').send({ addedAt: 'now' }).expect(400);
  });

  it('writes under If-Match only over the revision that was read', async () => {
    const { headers } = await add(DUST);
    const first = headers.etag!;
    const change = (tag: string, note: string) =>
      request(app).patch('/links/dust').set('If-Match', tag).send({ note });

    const { headers: changed } = await change(first, 'first').expect(200);
    expect(changed.etag).not.toBe(first);
    const { body } = await change(first, 'late').expect(412);
    expect(body.kind).toBe('conflict');
    await change(`W/${first}`, 'late behind a proxy').expect(412);
    await change(`"other", ${changed.etag}`, 'second').expect(200);
    const { headers: now } = await request(app).get('/links/dust').expect(200);
    // As a proxy that compresses answers makes of it.
    await change(`W/${now.etag}`, 'behind a proxy').expect(200);
    await change('*', 'third').expect(200);
    await request(app).delete('/links/dust').set('If-Match', first).expect(412);
    const { body: last } = await request(app).get('/links/dust').expect(200);
    expect(last.note).toBe('third');
  });

  it('lets one of two writers win that have read the same revision', async () => {
    const { headers } = await add(DUST);
    const answers = await Promise.all(
      ['mine', 'yours'].map((note) =>
        request(app).patch('/links/dust').set('If-Match', headers.etag!).send({ note }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const { body } = await request(app).get('/links/dust');
    expect(body.note).toBe(answers.find(({ status }) => status === 200)!.body.note);
  });

  it('answers 304 to who has the present revision', async () => {
    const { headers } = await add(DUST);
    await request(app).get('/links/dust').set('If-None-Match', headers.etag!).expect(304);
    await request(app).patch('/links/dust').send({ note: 'changed' });
    await request(app).get('/links/dust').set('If-None-Match', headers.etag!).expect(200);
  });

  it('counts every view, however many come at once', async () => {
    await add(DUST);
    await Promise.all(Array.from({ length: 10 }, () => request(app).post('/links/dust/views').expect(200)));
    const { body } = await request(app).get('/links/dust');
    expect(body.views).toBe(10);
  });

  it('removes a link', async () => {
    await add(DUST);
    await request(app).delete('/links/dust').expect(204);
    await request(app).get('/links/dust').expect(404);
  });

  it.each([
    ['get', '/links/nobody'],
    ['patch', '/links/nobody'],
    ['delete', '/links/nobody'],
    ['post', '/links/nobody/views'],
    ['get', '/nothing'],
  ] as const)('knows nothing at %s %s', async (method, path) => {
    const { body } = await request(app)[method](path).set('If-Match', '"1"').send({ note: 'x' }).expect(404);
    expect(body).toMatchObject({ kind: 'not_found', message: expect.any(String) });
  });

  it('is healthy while the store is open', async () => {
    await request(app)
      .get('/health')
      .expect(200, /"status":"ok","state":"live"/);
    await store.dataSource.destroy();
    await request(app).get('/health').expect(503, { status: 'unavailable', kind: 'closed' });
  });

  it('serves the page, which may load its own files only', async () => {
    const { text, headers } = await request(app).get('/').expect(200).expect('Content-Type', /html/);
    expect(text).toContain('<h1>Reading list</h1>');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['x-powered-by']).toBeUndefined();
  });
});
