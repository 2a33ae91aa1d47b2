import express from 'express';
import type { Request } from 'express';
import request from 'supertest';
import { Subject, throwError } from 'rxjs';
import type { EntityEvent } from '../../../src/index.js';
import { DataSource, DustError, silentLogger } from '../../../src/index.js';
import { dustErrorHandler, eventsRoute, liveListRoute } from '../../../src/express/index.js';
import type { TestDataSource } from '../../../src/testing/index.js';
import { createTestDataSource, TestClock } from '../../../src/testing/index.js';
import { Link } from '../nestjs/support.js';
import { closeServers, dataOf, idOf, listen, openStream } from './support.js';

const A = { slug: 'a', title: 'A' };

let dust: TestDataSource;

beforeEach(async () => {
  dust = await createTestDataSource({ entities: [Link] });
});

afterEach(async () => {
  await closeServers();
  await dust.destroy();
});

const links = () => dust.getRepository(Link);

const handler = () => dustErrorHandler({ logger: silentLogger });

describe('liveListRoute', () => {
  it('answers with the list, and with a new one after each commit that changes it', async () => {
    await links().insert(A);
    const live = liveListRoute(links(), { find: { order: { slug: 'ASC' }, take: 2 } });
    const { url } = await listen(express().get('/', live));
    const stream = await openStream(url);
    expect(stream.response.headers['content-type']).toBe('text/event-stream');
    expect(dataOf(await stream.next())).toEqual([A]);
    await links().insert({ slug: 'b', title: 'B' });
    expect(dataOf(await stream.next())).toEqual([A, { slug: 'b', title: 'B' }]);
    expect(live.listeners).toBe(1);
    live.close();
    expect(await stream.next()).toBeUndefined();
    expect(live.listeners).toBe(0);
  });

  it('asks for the list that a request names, and shows of it what it is told to', async () => {
    await links().insertMany([A, { slug: 'b', title: 'B' }]);
    const live = liveListRoute(links(), {
      find: ({ query }: Request) => ({ where: { title: query.title as string } }),
      map: ({ title }) => title,
    });
    const { url } = await listen(express().get('/', live));
    const stream = await openStream(`${url}/?title=B`);
    expect(dataOf(await stream.next())).toEqual(['B']);
    // Another record of that title changes the list, and what is shown is told once.
    await links().insert({ slug: 'c', title: 'B' });
    expect(dataOf(await stream.next())).toEqual(['B', 'B']);
  });

  it('sends nothing to who comes back and has the list as it is', async () => {
    await links().insert(A);
    const { url } = await listen(express().get('/', liveListRoute(links())));
    const first = await openStream(url);
    const id = idOf(await first.next())!;
    first.leave();

    const again = await openStream(url, { 'last-event-id': id });
    await links().update('a', { title: 'A2' });
    const changed = await again.next();
    expect(dataOf(changed)).toEqual([{ slug: 'a', title: 'A2' }]);

    const late = await openStream(url, { 'last-event-id': id });
    expect(await late.next()).toBe(changed);
    const backAgain = liveListRoute(links());
    const other = await listen(express().get('/', backAgain));
    expect(await (await openStream(other.url)).next()).toBe(changed);
  });

  it('lets go of the list when the client leaves', async () => {
    const live = liveListRoute(links());
    const { url } = await listen(express().get('/', live));
    const stream = await openStream(url);
    await stream.next();
    stream.leave();
    while (live.listeners > 0) await new Promise(setImmediate);
  });

  it('ends with the data source', async () => {
    const live = liveListRoute(links());
    const { url } = await listen(express().get('/', live));
    const stream = await openStream(url);
    await stream.next();
    await dust.destroy();
    expect(await stream.next()).toBeUndefined();
    expect(live.listeners).toBe(0);
  });

  it('has a status for what goes wrong before the first list, and then ends', async () => {
    const live = liveListRoute(links(), {
      find: ({ query }: Request) => (query.nonsense === undefined ? {} : { where: { nonsense: 1 } as never }),
    });
    const { url, server } = await listen(express().get('/', live).use(handler()));
    dust.failNext('network', { method: 'read' });
    await request(server).get('/').expect(503);
    await request(server).get('/?nonsense=1').expect(500);
    expect(live.listeners).toBe(0);
    const stream = await openStream(url);
    expect(dataOf(await stream.next())).toEqual([]);
    live.close();
    await request(server).get('/').expect(503);
  });

  it('keeps a quiet stream open, and says when to come back', async () => {
    const clock = new TestClock();
    const live = liveListRoute(links(), { clock, heartbeatMs: 5_000, retryMs: 700 });
    const { url } = await listen(express().get('/', live));
    const stream = await openStream(url);
    expect(await stream.next()).toContain('retry: 700');
    await clock.advance(5_000);
    expect(await stream.next()).toBe('event: heartbeat');
  });

  it('answers HEAD with nothing behind it', async () => {
    const live = liveListRoute(links());
    const { server } = await listen(express().get('/', live));
    await request(server).head('/').expect(200).expect('Content-Type', 'text/event-stream');
    expect(live.listeners).toBe(0);
  });

  it('an end before the first list is an answer, too', async () => {
    const never = { live: () => new Subject<Link[]>() };
    const live = liveListRoute<Link>(never);
    const { server } = await listen(express().get('/', live).use(handler()));
    const asked = request(server).get('/').expect(503).then();
    while (live.listeners === 0) await new Promise(setImmediate);
    live.close();
    await asked;
  });
});

describe('eventsRoute', () => {
  it('tells all clients of one subscription what happens, with its place as id', async () => {
    const events = jest.spyOn(links(), 'events');
    const route = eventsRoute(links());
    const { url } = await listen(express().get('/', route));
    const streams = await Promise.all(Array.from({ length: 5 }, () => openStream(url)));
    expect(route.listeners).toBe(5);
    await links().insert(A);
    for (const stream of streams) {
      const message = await stream.next();
      const event = dataOf(message) as EntityEvent<Link>;
      expect(event).toEqual({
        type: 'upserted',
        slug: 'a',
        own: true,
        entity: A,
        storeSeq: expect.any(Number),
      });
      expect(idOf(message)).toBe(String(event.storeSeq));
    }
    expect(events).toHaveBeenCalledTimes(1);
    route.close();
    expect(await streams[0]!.next()).toBeUndefined();
  });

  it('shows of an event what it is told to', async () => {
    const route = eventsRoute(links(), { map: ({ type, slug }) => [type, slug] });
    const { url } = await listen(express().get('/', route));
    const stream = await openStream(url);
    await links().insert(A);
    await links().delete('a');
    expect([dataOf(await stream.next()), dataOf(await stream.next())]).toEqual([
      ['upserted', 'a'],
      ['deleted', 'a'],
    ]);
  });

  it('ends the streams with their source, and begins anew for who comes back', async () => {
    const failing = new Subject<never>();
    jest.spyOn(links(), 'events').mockReturnValueOnce(failing);
    const errors: string[] = [];
    const logger = { ...silentLogger, error: (message: string) => void errors.push(message) };
    const { url } = await listen(express().get('/', eventsRoute(links(), { logger })));
    const stream = await openStream(url);
    failing.error(new Error('lost'));
    expect(await stream.next()).toBeUndefined();
    expect(errors).toEqual([expect.stringContaining('lost')]);
    const again = await openStream(url);
    await links().insert(A);
    expect(dataOf(await again.next())).toMatchObject({ slug: 'a' });
  });

  it('is refused where there are no events', async () => {
    jest
      .spyOn(links(), 'events')
      .mockReturnValueOnce(throwError(() => new DustError('not_supported', 'no realtime')));
    const route = eventsRoute(links());
    const { server } = await listen(express().get('/', route).use(handler()));
    await request(server).get('/').expect(501);
    const closed = new DataSource({ entities: [Link], logger: silentLogger });
    const none = eventsRoute((await closed.initialize()).getRepository(Link));
    await closed.destroy();
    const { server: other } = await listen(express().get('/', none).use(handler()));
    await request(other).get('/').expect(503);
    expect([route.listeners, none.listeners]).toEqual([0, 0]);
  });
});

it("goes without Express: they are handlers of Node's own requests", async () => {
  const live = liveListRoute(links());
  const { url } = await listen((incoming, response) => {
    live(incoming, response, () => undefined);
  });
  expect(dataOf(await (await openStream(url)).next())).toEqual([]);
});
