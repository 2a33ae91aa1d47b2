import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { DataSource } from 'dust-orm';
import { getDataSourceToken } from 'dust-orm/nestjs';
import type { RunningServer } from 'dust-orm/server';
import { serve } from 'dust-orm/server';
import request from 'supertest';
import { AppModule } from '../src/app.module.js';

/** The application with nothing of the kind in its environment but what is given. */
async function start(environment: Readonly<Record<string, string>>): Promise<INestApplication> {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('DUST_'));
  const replaced = jest.replaceProperty(process, 'env', { ...Object.fromEntries(clean), ...environment });
  try {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    const app = module.createNestApplication();
    await app.listen(0, '127.0.0.1');
    return app;
  } finally {
    replaced.restore();
  }
}

/** The lists that `GET /links/live` sends, as they come. Ends when the server ends the response. */
async function* liveLists(app: INestApplication): AsyncGenerator<{ slug: string }[], void> {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const response = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/links/live' }, resolve).on('error', reject);
  });
  let received = '';
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    received += chunk;
    for (let end = received.indexOf('\n\n'); end >= 0; end = received.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(received.slice(0, end))?.[1];
      received = received.slice(end + 2);
      if (data !== undefined) yield JSON.parse(data) as { slug: string }[];
    }
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const item of items) seen.push(item);
  return seen;
}

const DUST = { slug: 'dust', title: 'Dust', url: 'https://dustlayer.io' };

describe.each(['in memory', 'on a Dust server'])('the application, its list kept %s', (where) => {
  let server: RunningServer | undefined;
  let app: INestApplication;

  beforeEach(async () => {
    if (where === 'in memory') {
      app = await start({});
      return;
    }
    server = await serve({ port: 0, stores: ['acme/reading'] });
    app = await start({ DUST_BASE_URL: server.url, DUST_TOKEN: server.token, DUST_STORE: 'acme/reading' });
  });

  afterEach(async () => {
    await app.close();
    await server?.close();
    server = undefined;
  });

  const http = () => request(app.getHttpServer());

  it('adds, shows, changes, counts and removes a link', async () => {
    const { body: added } = await http().post('/links').send(DUST).expect(201);
    expect(added).toMatchObject({ ...DUST, views: 0 });
    expect(Date.parse(added.addedAt)).not.toBeNaN();
    await http().patch('/links/dust').send({ note: 'reactive' }).expect(200);
    await http().post('/links/dust/views').expect(200);
    const { body: shown } = await http().get('/links/dust').expect(200);
    expect(shown).toMatchObject({ ...DUST, note: 'reactive', views: 1 });
    const { body: page } = await http().get('/links').query({ search: 'DUS' }).expect(200);
    expect(page).toEqual({ items: [shown], total: 1 });
    await http().delete('/links/dust').expect(204);
    await http().get('/links/dust').expect(404);
  });

  it('refuses what is not a link, and what is there already', async () => {
    const { body } = await http()
      .post('/links')
      .send({ slug: 'dust', title: '', url: 'nowhere' })
      .expect(400);
    expect(body.message).toEqual([expect.stringContaining('title'), expect.stringContaining('url')]);
    await http().post('/links').send(DUST).expect(201);
    await http()
      .post('/links')
      .send({ ...DUST, title: 'Another' })
      .expect(409);
    await http().get('/links').query({ take: 1000 }).expect(400);
    expect((await http().get('/links/dust')).body.title).toBe('Dust');
  });

  it('tells of every change while it happens, and ends the stream when it closes', async () => {
    const lists = liveLists(app);
    expect((await lists.next()).value).toEqual([]);
    await http().post('/links').send(DUST).expect(201);
    expect((await lists.next()).value).toMatchObject([DUST]);
    const rest = all(lists);
    await app.close();
    for (const list of await rest) expect(list).toMatchObject([DUST]);
  });

  it('has a page that says it is loading until its list comes', async () => {
    const { text: page } = await http()
      .get('/')
      .expect(200)
      .expect('Content-Type', /^text\/html/);
    expect(page).toContain('<p id="state" role="status">Loading the links …</p>');
    const [, script] = /<script type="module" src="([^"]+)"/.exec(page)!;
    const { text } = await http().get(`/${script}`).buffer(true).expect(200);
    expect(text).toContain("new EventSource('links/live')");
  });

  it('is healthy', async () => {
    const { body } = await http().get('/health').expect(200);
    expect(body).toMatchObject({ status: 'ok', info: { dust: { status: 'up' } } });
    await app.get<DataSource>(getDataSourceToken()).destroy();
    const { body: later } = await http().get('/health').expect(503);
    expect(later).toMatchObject({ status: 'error', error: { dust: { status: 'down' } } });
  });
});

describe('the application, its list kept in a folder', () => {
  it('is not healthy when the folder is gone', async () => {
    const path = await mkdtemp(join(tmpdir(), 'reading-list-'));
    const app = await start({ DUST_PATH: path });
    await request(app.getHttpServer()).get('/health').expect(200);
    await rm(path, { recursive: true });
    const { body } = await request(app.getHttpServer()).get('/health').expect(503);
    expect(body).toMatchObject({ error: { dust: { status: 'down', kind: 'storage' } } });
    await app.close().catch(() => undefined);
  });
});
