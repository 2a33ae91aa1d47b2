import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Repository } from 'dust-orm';
import { silentLogger } from 'dust-orm';
import type { StreamRoute } from 'dust-orm/express';
import type { TestDataSource } from 'dust-orm/testing';
import { createTestDataSource } from 'dust-orm/testing';
import { Subject, throwError } from 'rxjs';
import request from 'supertest';
import { createApp } from '../src/app.js';
import { dataSourceOptions } from '../src/data-source.js';
import { Link } from '../src/link.entity.js';
import { linkEvents } from '../src/link-events.js';
import { openStream } from './support/event-stream.js';

const DUST = { slug: 'dust', title: 'Dust', url: 'https://dustlayer.io' };

describe('GET /links/events', () => {
  let dust: TestDataSource;
  let links: Repository<Link>;
  let events: StreamRoute;
  let server: Server;
  let url: string;

  beforeEach(async () => {
    dust = await createTestDataSource(dataSourceOptions({}));
    links = dust.getRepository(Link);
    events = linkEvents(links, { clock: dust.clock, heartbeatMs: 15_000 });
    server = createServer(createApp(dust, { events, logger: silentLogger })).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/links/events`;
  });

  afterEach(async () => {
    events.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await dust.destroy();
  });

  it('tells of what this process and others write, whole', async () => {
    await links.insert(DUST);
    const stream = await openStream(url);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
    });

    await request(server).patch('/links/dust').send({ note: 'here' });
    const change = await stream.nextChange();
    const { body } = await request(server).get('/links/dust');
    expect(change).toEqual({ type: 'upserted', slug: 'dust', storeSeq: body.revision, link: body });

    await dust.emit({ op: 'merge', entity: Link, slug: 'dust', value: { note: 'from elsewhere' } });
    expect(await stream.nextChange()).toMatchObject({ type: 'upserted', link: { note: 'from elsewhere' } });
    await request(server).delete('/links/dust');
    expect(await stream.nextChange()).toMatchObject({ type: 'deleted', slug: 'dust' });
  });

  it('ends what it tells of an added link with the link as it is', async () => {
    const stream = await openStream(url);
    const { body } = await request(server).post('/links').send(DUST).expect(201);
    let change = await stream.nextChange();
    while (change?.type === 'upserted' && change.link.revision < body.revision) {
      change = await stream.nextChange();
    }
    expect(change).toMatchObject({ type: 'upserted', link: body });
  });

  it('has one subscription to the store, however many listen', async () => {
    const watched = jest.spyOn(links, 'events');
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(url)));
    expect(events.listeners).toBe(20);
    await links.insert(DUST);
    const heard = await Promise.all(streams.map((stream) => stream.nextChange()));
    expect(heard.map((change) => change?.slug)).toEqual(Array(20).fill('dust'));
    expect(watched).toHaveBeenCalledTimes(1);
  });

  it('lets go of a browser that has left', async () => {
    const [stays, leaves] = [await openStream(url), await openStream(url)];
    leaves.leave();
    // Nothing tells this side when the other's connection is gone; it notices by itself.
    while (events.listeners > 1) await new Promise(setImmediate);
    await links.insert(DUST);
    expect((await stays.nextChange())?.slug).toBe('dust');
  });

  it('keeps a quiet stream open by heartbeats that browsers pass over', async () => {
    const stream = await openStream(url);
    await dust.clock.advance(15_000);
    const message = await stream.next();
    expect(message).toBe('event: heartbeat');
    await links.insert(DUST);
    expect((await stream.nextChange())?.slug).toBe('dust');
  });

  it('ends the streams when it loses its source, and starts anew for who comes back', async () => {
    const failing = new Subject<never>();
    jest.spyOn(links, 'events').mockReturnValueOnce(failing);
    const stream = await openStream(url);
    failing.error(new Error('lost'));
    expect(await stream.next()).toBeUndefined();

    const again = await openStream(url);
    await links.insert(DUST);
    expect((await again.nextChange())?.slug).toBe('dust');
  });

  it('says so when the store has no changes to tell', async () => {
    jest.spyOn(links, 'events').mockReturnValueOnce(throwError(() => new Error('none')));
    await request(server).get('/links/events').expect(500);
  });

  it('ends all streams when it closes, and begins no more', async () => {
    const stream = await openStream(url);
    events.close();
    expect(await stream.next()).toBeUndefined();
    await request(server).get('/links/events').expect(503);
    expect(events.listeners).toBe(0);
  });
});
