import type { IncomingMessage } from 'node:http';
import request from 'supertest';
import { of } from 'rxjs';
import { dustErrorHandler, eventsRoute, healthRoute, liveListRoute } from '../../../src/express/index.js';
import { silentLogger } from '../../../src/index.js';
import type { TestDataSource } from '../../../src/testing/index.js';
import { createTestDataSource } from '../../../src/testing/index.js';
import { Link } from '../nestjs/support.js';
import { closeServers, listen } from './support.js';

let dust: TestDataSource;

beforeEach(async () => {
  dust = await createTestDataSource({ entities: [Link] });
  await dust.getRepository(Link).insert({ slug: 'a', title: 'secret' });
});

afterEach(async () => {
  await closeServers();
  await dust.destroy();
});

const source = { live: () => of<Link[]>([]), events: () => of() };

it.each<[string, () => unknown, string]>([
  ['find', () => liveListRoute(source, { find: 5 as never }), 'liveListRoute: find must be'],
  [
    'find, a promise',
    () => liveListRoute(source, { find: Promise.resolve({}) as never }),
    'liveListRoute: find must be',
  ],
  ['map', () => liveListRoute(source, { map: 'x' as never }), 'liveListRoute: map must be'],
  ['logger', () => liveListRoute(source, { logger: 'x' as never }), 'liveListRoute: logger must be'],
  ['clock', () => liveListRoute(source, { clock: 5 as never }), 'liveListRoute: clock must be'],
  ['no source', () => liveListRoute(undefined as never), 'liveListRoute: source must be'],
  ['map of events', () => eventsRoute(source, { map: 'x' as never }), 'eventsRoute: map must be'],
  ['clock of events', () => eventsRoute(source, { clock: {} as never }), 'eventsRoute: clock must be'],
  ['no source of events', () => eventsRoute({} as never), 'eventsRoute: source must be'],
  ['logger of errors', () => dustErrorHandler({ logger: 'x' as never }), 'dustErrorHandler: logger must be'],
  ['logger of health', () => healthRoute(dust, { logger: 5 as never }), 'healthRoute: logger must be'],
  ['no data source', () => healthRoute(undefined as never), 'healthRoute: dataSource must be'],
])('is refused when the route is made: %s', (_what, make, message) => {
  let refusal: unknown;
  try {
    make();
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({ kind: 'invalid_options' });
  expect((refusal as Error).message).toContain(message);
});

it.each<[string, unknown]>([
  ['a promise of options', Promise.resolve({ where: { title: 'mine' } })],
  ['what can be awaited', { then: () => undefined }],
  ['nothing', undefined],
  ['null', null],
  ['a number', 5],
  ['a text', ''],
  ['a list', []],
  ['a Map', new Map([['where', { title: 'mine' }]])],
  ['a query string', new URLSearchParams('title=mine')],
  ['a function', () => ({ where: { title: 'mine' } })],
])('find that makes %s of a request shows no list', async (_what, made) => {
  const live = liveListRoute<Link, IncomingMessage>(dust.getRepository(Link), { find: () => made as never });
  const errors: unknown[] = [];
  const { server } = await listen((incoming, response) => {
    live(incoming, response, (error) => {
      errors.push(error);
      dustErrorHandler({ logger: silentLogger })(error, incoming, response, () => undefined);
    });
  });
  const { text } = await request(server).get('/').expect(500);
  expect(text).not.toContain('secret');
  expect(errors).toEqual([expect.objectContaining({ kind: 'invalid_options' })]);
  expect(live.listeners).toBe(0);
});

it('an options object of a class of its own is one', async () => {
  class Options {
    constructor(readonly take: number) {}
  }
  const live = liveListRoute<Link, IncomingMessage>(dust.getRepository(Link), { find: () => new Options(0) });
  const { server } = await listen((incoming, response) => {
    live(incoming, response, (error) => response.destroy(error as Error));
  });
  await request(server).head('/').expect(200);
});
