import { once } from 'node:events';
import type { Server } from 'node:http';
import { get } from 'node:http';
import type { Duplex } from 'node:stream';
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

  it.each([
    ['a second call', (server: Server) => closeGracefully({ server, dataSource: dust })],
    [
      'a call after the server was told to close',
      async (server: Server) => {
        server.close();
        await closeGracefully({ server, dataSource: dust });
      },
    ],
  ])('waits for the requests under way, too: %s', async (_what, end) => {
    let answer!: () => void;
    const { server, url } = await listen((_request, response) => {
      answer = () => void response.end(String(dust.isInitialized));
    });
    const slow = fetch(url);
    await once(server, 'request');
    const clock = new TestClock();
    const first = closeGracefully({ server, clock });
    const done = end(server);
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    expect(dust.isInitialized).toBe(true);
    answer();
    expect(await (await slow).text()).toBe('true');
    await Promise.all([first, done]);
    expect([dust.isInitialized, clock.pending]).toEqual([false, 0]);
  });

  it('ends in time with a connection that was upgraded, which is whoever has it to end', async () => {
    const { server, url } = await listen(() => undefined);
    let upgraded: Duplex | undefined;
    server.on('upgrade', (_request, socket) => {
      upgraded = socket;
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
    });
    const asked = get(url, { headers: { connection: 'Upgrade', upgrade: 'x' } });
    const [, client] = (await once(asked, 'upgrade')) as [unknown, Duplex];
    const clock = new TestClock();
    const done = closeGracefully({ server, dataSource: dust, timeout: 1_000, clock });
    await new Promise(setImmediate);
    await clock.advance(1_000);
    await done;
    expect([dust.isInitialized, clock.pending, server.listenerCount('close')]).toEqual([false, 0, 0]);
    expect(upgraded?.destroyed).toBe(false);
    client.destroy();
    upgraded?.destroy();
  });

  it('does all the rest when a stream cannot be ended, and then says so', async () => {
    const { server } = await listen(() => undefined);
    const broken = {
      close: () => {
        throw new Error('stuck');
      },
    };
    const events = eventsRoute(dust.getRepository(Link));
    const close = jest.spyOn(events, 'close');
    await expect(
      closeGracefully({ server, health: broken as never, streams: [broken, events], dataSource: dust }),
    ).rejects.toThrow('stuck');
    expect([server.listening, dust.isInitialized, close.mock.calls.length]).toEqual([false, false, 1]);
  });

  it.each([
    ['server', {}],
    ['streams', [() => undefined]],
    ['streams', [undefined]],
    ['dataSource', 5],
    ['clock', {}],
  ])('refuses what cannot be ended, and ends nothing: %s', async (option, value) => {
    const { server } = await listen(() => undefined);
    const refusal = closeGracefully({ server, [option]: value });
    await expect(refusal).rejects.toThrow(DustError);
    await expect(refusal).rejects.toMatchObject({
      kind: 'invalid_options',
      message: expect.stringContaining(`closeGracefully: ${option} must be`),
    });
    expect(server.listening).toBe(true);
  });
});
