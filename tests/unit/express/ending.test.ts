import { once } from 'node:events';
import express from 'express';
import request from 'supertest';
import { DustError, silentLogger } from '../../../src/index.js';
import { closeGracefully, eventsRoute, healthRoute } from '../../../src/express/index.js';
import type { TestDataSource } from '../../../src/testing/index.js';
import { createTestDataSource, TestClock } from '../../../src/testing/index.js';
import { Link } from '../nestjs/support.js';
import { closeServers, listen, openStream } from './support.js';

let dust: TestDataSource;

beforeEach(async () => {
  dust = await createTestDataSource({ entities: [Link] });
});

afterEach(async () => {
  await closeServers();
  await dust.destroy();
});

describe('healthRoute', () => {
  it('is 200 while the store can be read, and 503 with the kind of the error while it cannot', async () => {
    const logged: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => void logged.push(message) };
    const app = express().get('/health', healthRoute(dust, { logger }));
    const { body, headers } = await request(app).get('/health').expect(200);
    expect(body).toEqual({ status: 'ok', state: 'live', readsFrom: 'memory', storeSeq: 0 });
    expect(headers['cache-control']).toBe('no-store');
    dust.failNext('storage', { method: 'read', details: { detail: 'gone' } });
    await request(app).get('/health').expect(503, { status: 'unavailable', kind: 'storage' });
    expect(logged).toHaveLength(1);
    await request(app).get('/health').expect(200);
  });

  it.each([
    ['degraded', 200, 'ok'],
    ['connecting', 503, 'unavailable'],
    ['closed', 503, 'unavailable'],
  ] as const)('a transport that is %s is %d', async (state, code, status) => {
    const told = { state, readsFrom: 'channel', storeSeq: 7 };
    jest.spyOn(dust.transport, 'status').mockResolvedValueOnce(told);
    const app = express().get('/', healthRoute(dust));
    await request(app)
      .get('/')
      .expect(code, { status, ...told });
  });

  it('does not wait for a store that does not answer', async () => {
    jest.spyOn(dust.transport, 'status').mockImplementationOnce(async () => {
      void dust.clock.advance(250);
      return new Promise<never>(() => undefined);
    });
    const app = express().get('/', healthRoute(dust, { timeout: 250, logger: silentLogger }));
    await request(app).get('/').expect(503, { status: 'unavailable', kind: 'timeout' });
  });
});

describe('closeGracefully', () => {
  it('drains, ends the streams, lets requests be answered and then destroys the data source', async () => {
    const clock = new TestClock();
    const health = healthRoute(dust);
    const events = eventsRoute(dust.getRepository(Link));
    let answer = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let release!: () => void;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const app = express()
      .get('/health', health)
      .get('/events', events)
      .get('/slow', async (_request, response) => {
        answer();
        await released;
        response.json(await dust.getRepository(Link).count());
      });
    const { server, url } = await listen(app);
    const stream = await openStream(`${url}/events`);
    const slow = fetch(`${url}/slow`);
    await arrived;

    const done = closeGracefully({ server, health, streams: [events], dataSource: dust, drain: 500, clock });
    expect((await fetch(`${url}/health`)).status).toBe(503);
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'closing' });
    expect([server.listening, events.listeners]).toEqual([true, 1]);
    await clock.advance(500);
    expect(await stream.next()).toBeUndefined();
    expect([server.listening, dust.isInitialized]).toEqual([false, true]);
    await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
    release();
    expect(await (await slow).json()).toBe(0);
    await done;
    expect(dust.isInitialized).toBe(false);
  });

  it('cuts off what is not answered in time', async () => {
    const clock = new TestClock();
    const { server, url } = await listen(() => undefined);
    const never = fetch(url);
    await once(server, 'request');
    const done = closeGracefully({ server, timeout: 1_000, clock });
    await clock.advance(1_000);
    await expect(never).rejects.toThrow('fetch failed');
    await done;
  });

  it('does nothing more for a server that does not listen', async () => {
    const { server } = await listen(() => undefined);
    await closeServers();
    await closeGracefully({ server, drain: 10_000, dataSource: dust });
    expect(dust.isInitialized).toBe(false);
  });

  it('refuses what cannot be ended', async () => {
    const refusal = closeGracefully({ server: {} as never });
    await expect(refusal).rejects.toThrow(DustError);
  });
});
