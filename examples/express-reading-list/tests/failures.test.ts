import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DustErrorKind, Logger, Transport } from 'dust-orm';
import { DataSource, silentLogger } from 'dust-orm';
import type { TestDataSource } from 'dust-orm/testing';
import { createTestDataSource } from 'dust-orm/testing';
import type { Express } from 'express';
import request from 'supertest';
import { createApp } from '../src/app.js';
import { dataSourceOptions } from '../src/data-source.js';
import { serveDust } from './support/stores.js';

const DUST = { slug: 'dust', title: 'Dust', url: 'https://dustlayer.io' };

describe('what goes wrong in the store', () => {
  let dust: TestDataSource;
  let app: Express;
  let logged: string[];

  beforeEach(async () => {
    dust = await createTestDataSource(dataSourceOptions({}));
    logged = [];
    const logger: Logger = { ...silentLogger, error: (message) => logged.push(message) };
    app = createApp(dust, { logger });
  });

  afterEach(async () => {
    expect(dust.pendingFailures).toBe(0);
    await dust.destroy();
  });

  const add = () => request(app).post('/links').send(DUST);

  it('is not healthy while reads fail', async () => {
    dust.failNext('storage', { method: 'read' });
    await request(app).get('/health').expect(503, { status: 'unavailable', kind: 'storage' });
    await request(app).get('/health').expect(200);
  });

  it('says when to come back after too many requests', async () => {
    dust.failNext('rate_limited', { method: 'write', details: { retryAfter: 6.2 } });
    const { body } = await add().expect(429).expect('Retry-After', '7');
    expect(body).toMatchObject({
      kind: 'rate_limited',
      message: expect.stringContaining('Try again later.'),
    });
    await add().expect(201);
    expect(logged).toEqual([]);
  });

  it.each<[DustErrorKind, number, string]>([
    ['network', 503, 'Service Unavailable'],
    ['timeout', 503, 'Service Unavailable'],
    ['indeterminate', 504, 'Gateway Timeout'],
    ['not_supported', 501, 'Not Implemented'],
    ['unauthorized', 500, 'Internal Server Error'],
    ['storage', 500, 'Internal Server Error'],
  ])('tells the client of %s by status %d, and the log the rest', async (kind, status, error) => {
    dust.failNext(kind, { method: 'read', details: { detail: 'secret-host.example' } });
    const { body } = await request(app).get('/links/dust').expect(status);
    expect(body).toMatchObject({ statusCode: status, error, message: expect.any(String) });
    expect(JSON.stringify(body)).not.toMatch(/secret|planned|failure/i);
    expect(logged).toEqual([expect.stringContaining('GET /links/dust: ')]);
  });

  it('answers 409 to a conflict nobody made a condition of, and 412 to one that was', async () => {
    await add().expect(201);
    const change = () => request(app).patch('/links/dust').send({ note: 'x' });
    dust.failNext('conflict', { method: 'write' });
    await change().expect(409);
    dust.failNext('conflict', { method: 'write' });
    await change().set('If-Match', '*').expect(412);
  });

  it('does not show an error of the program', async () => {
    const reads = jest.spyOn(dust.transport as Required<Transport>, 'localRecords');
    reads.mockImplementationOnce(() => {
      throw new Error('password is 1234');
    });
    const { body } = await request(app).get('/links/dust').expect(500);
    expect(body).toMatchObject({ statusCode: 500, message: 'Something went wrong here.' });
    expect(logged.join()).toContain('password is 1234');
    reads.mockRestore();
  });

  it('is unavailable once the store is closed', async () => {
    await dust.destroy();
    await request(app).get('/links').expect(503);
    await request(app).get('/links/events').expect(503);
  });
});

describe('what goes wrong on the way to a Dust server', () => {
  it('is told without the token or the address', async () => {
    const server = await serveDust();
    const options = { ...dataSourceOptions(server.environment), realtime: false, logger: silentLogger };
    const dataSource = await new DataSource(options).initialize();
    const lines: string[] = [];
    const app = createApp(dataSource, {
      logger: { ...silentLogger, error: (message) => lines.push(message) },
    });
    try {
      await request(app).get('/links').expect(200);
      await request(app).get('/links/events').expect(501);
      await server.close();
      const { body } = await request(app).get('/links').expect(503);
      expect(body).toMatchObject({ statusCode: 503, message: 'The store is not available just now.' });
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.join()).not.toContain(server.environment.DUST_TOKEN);
      await request(app).get('/health').expect(503, { status: 'unavailable', kind: 'network' });
    } finally {
      await dataSource.destroy();
      await server.close();
    }
  });
});

describe('a data folder that is gone', () => {
  it('is told to the load balancer', async () => {
    const path = await mkdtemp(join(tmpdir(), 'reading-list-'));
    const dataSource = await new DataSource(dataSourceOptions({ DUST_PATH: path })).initialize();
    const app = createApp(dataSource, { logger: silentLogger });
    try {
      await request(app).get('/health').expect(200);
      await rm(path, { recursive: true });
      await request(app).get('/health').expect(503, { status: 'unavailable', kind: 'storage' });
    } finally {
      await dataSource.destroy().catch(() => undefined);
    }
  });
});
