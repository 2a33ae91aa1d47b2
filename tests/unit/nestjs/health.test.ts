import { rmSync } from 'node:fs';
import { Controller, Get } from '@nestjs/common';
import type { HealthCheckResult, HealthIndicatorResult } from '@nestjs/terminus';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { filter, firstValueFrom } from 'rxjs';
import request from 'supertest';
import type { Transport, TransportStatus } from '../../../src/index.js';
import { DataSource, DustError, EmbeddedTransport } from '../../../src/index.js';
import { Store } from '../../../src/store/index.js';
import { DustHealthIndicator, DustOrmModule } from '../../../src/nestjs/index.js';
import { serve } from '../../../src/server/index.js';
import { TestClock } from '../../../src/testing/index.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';
import { failingStorage } from '../store/unreadable.js';
import { Link, RecordingLogger, closeApplications, start } from './support.js';

const folder = useDataFolder();
const terminus = TerminusModule.forRoot({ logger: false });

afterEach(closeApplications);

/** A data source whose transport answers as the test says. */
const answering = (status: () => Promise<TransportStatus>, clock?: TestClock) =>
  DustOrmModule.forRoot({
    store: 'acme/secret',
    entities: [Link],
    ...(clock === undefined ? {} : { clock }),
    transport: () =>
      ({
        capabilities: {},
        connect: () => Promise.resolve(),
        close: () => Promise.resolve(),
        status,
      }) as Transport,
  });

const check = async (
  ...[metadata, key, options]: [
    Parameters<typeof start>[0]['imports'],
    ...Parameters<DustHealthIndicator['pingCheck']>,
  ]
): Promise<{ readonly result: HealthIndicatorResult; readonly log: string[] }> => {
  const logger = new RecordingLogger();
  const application = await start({ imports: [terminus, ...(metadata ?? [])] }, { logger });
  const result = await application.get(DustHealthIndicator, { strict: false }).pingCheck(key, options);
  return { result, log: logger.dust };
};

describe('pingCheck', () => {
  it('is up with the state of the transport', async () => {
    const { result } = await check([DustOrmModule.forRoot({ entities: [Link] })], 'dust');
    expect(result).toEqual({ dust: { status: 'up', state: 'live', readsFrom: 'memory', storeSeq: 0 } });
  });

  it('asks the data source that is named', async () => {
    const other = { name: 'archive', entities: [Link], manualInitialization: true };
    const imports = [DustOrmModule.forRoot({ entities: [Link] }), DustOrmModule.forRoot(other)];
    const { result } = await check(imports, 'archive', { dataSource: 'archive' });
    expect(result).toEqual({ archive: { status: 'down', kind: 'not_initialized' } });
  });

  it.each([
    ['live', 'up'],
    ['degraded', 'up'],
    ['connecting', 'down'],
    ['closed', 'down'],
  ] as const)('%s is %s', async (state, status) => {
    const imports = [answering(() => Promise.resolve({ state, readsFrom: 'channel', storeSeq: 7 }))];
    const { result } = await check(imports, 'dust');
    expect(result).toEqual({ dust: { status, state, readsFrom: 'channel', storeSeq: 7 } });
  });

  it('is down while reads of the store fail', async () => {
    const { storage, fail } = failingStorage();
    const store = new Store({ storage });
    const transport = () => new EmbeddedTransport({ store });
    const application = await start({
      imports: [terminus, DustOrmModule.forRoot({ entities: [Link], transport })],
    });
    const health = application.get(DustHealthIndicator, { strict: false });
    expect((await health.pingCheck('dust')).dust).toMatchObject({ status: 'up' });
    fail();
    expect((await health.pingCheck('dust')).dust).toEqual({ status: 'down', kind: 'unknown' });
    await store.close();
  });

  it('is down when the data folder is gone', async () => {
    const application = await start({
      imports: [terminus, DustOrmModule.forRoot({ entities: [Link], path: folder.path })],
    });
    const health = application.get(DustHealthIndicator, { strict: false });
    expect((await health.pingCheck('dust')).dust).toMatchObject({ status: 'up' });
    rmSync(folder.path, { recursive: true });
    expect((await health.pingCheck('dust')).dust).toEqual({ status: 'down', kind: 'storage' });
    await application
      .get(DataSource)
      .destroy()
      .catch(() => undefined);
  });

  it('is down with the kind of the error; its message, which names hosts, is for the log', async () => {
    const error = new DustError('network', 'Nothing answers at https://internal:8443.');
    const { result, log } = await check([answering(() => Promise.reject(error))], 'dust');
    expect(result).toEqual({ dust: { status: 'down', kind: 'network' } });
    expect(log).toEqual([
      'warn [DustOrm] The health check "dust" failed: Nothing answers at https://internal:8443.',
    ]);
  });

  it('is down with kind unknown after an error of something else', async () => {
    const { result } = await check([answering(() => Promise.reject(new TypeError('password=x')))], 'dust');
    expect(result).toEqual({ dust: { status: 'down', kind: 'unknown' } });
  });

  it.each([
    [undefined, 1000],
    [250, 250],
  ])('with timeout %p waits %d milliseconds', async (timeout, waited) => {
    const clock = new TestClock();
    const aborted: boolean[] = [];
    const silent = (options?: { readonly signal?: AbortSignal | undefined }): Promise<never> =>
      new Promise(() => {
        options?.signal?.addEventListener('abort', () => aborted.push(true));
      });
    const application = await start({ imports: [terminus, answering(silent, clock)] });
    let result: HealthIndicatorResult | undefined;
    const asked = application
      .get(DustHealthIndicator, { strict: false })
      .pingCheck('dust', timeout === undefined ? {} : { timeout })
      .then((answer) => (result = answer));
    await clock.advance(waited - 1);
    expect(result).toBeUndefined();
    await clock.advance(1);
    await asked;
    expect(result).toEqual({ dust: { status: 'down', kind: 'timeout' } });
    expect(aborted).toEqual([true]);
  });

  it('leaves no timer behind', async () => {
    const clock = new TestClock();
    await check(
      [answering(() => Promise.resolve({ state: 'live', readsFrom: 'x', storeSeq: 0 }), clock)],
      'dust',
    );
    expect(clock.pending).toBe(0);
  });

  it('says so when TerminusModule is missing', async () => {
    const application = await start({ imports: [DustOrmModule.forRoot({ entities: [Link] })] });
    const asked = application.get(DustHealthIndicator, { strict: false }).pingCheck('dust');
    await expect(asked).rejects.toMatchObject({ kind: 'invalid_options' });
    await expect(asked).rejects.toThrow(/Import TerminusModule/);
  });

  it('says so when Terminus is not installed', async () => {
    jest.doMock('@nestjs/terminus', () => {
      throw new Error("Cannot find module '@nestjs/terminus'");
    });
    try {
      await jest.isolateModulesAsync(async () => {
        const isolated = await import('../../../src/nestjs/index.js');
        const indicator = new isolated.DustHealthIndicator({} as never);
        await expect(indicator.pingCheck('dust')).rejects.toThrow(/npm install @nestjs\/terminus/);
      });
    } finally {
      jest.dontMock('@nestjs/terminus');
    }
  });

  it('throws for a data source that nobody registers', async () => {
    const imports = [DustOrmModule.forRoot({ entities: [Link] })];
    await expect(check(imports, 'dust', { dataSource: 'nobody' })).rejects.toThrow(/nobodyDataSource/);
  });
});

describe('over a channel', () => {
  it('is down when the server is gone and the mirror is too old', async () => {
    const server = await serve({ port: 0, stores: ['acme/reading'] });
    const { url, token } = server;
    const application = await start({
      imports: [
        terminus,
        DustOrmModule.forRoot({ url, token, store: 'acme/reading', staleAfter: 0, entities: [Link] }),
      ],
    });
    const health = application.get(DustHealthIndicator, { strict: false });
    expect((await health.pingCheck('dust')).dust).toMatchObject({ status: 'up', state: 'live' });

    await server.close();
    const { transport } = application.get(DataSource);
    await firstValueFrom(transport.status$.pipe(filter(({ readsFrom }) => readsFrom === 'http')));

    expect((await health.pingCheck('dust')).dust).toEqual({ status: 'down', kind: 'network' });
  });
});

describe('a health controller', () => {
  @Controller('health')
  class HealthController {
    constructor(
      private readonly health: HealthCheckService,
      private readonly dust: DustHealthIndicator,
    ) {}

    @Get()
    @HealthCheck()
    check(): Promise<HealthCheckResult> {
      return this.health.check([() => this.dust.pingCheck('dust')]);
    }
  }

  it('answers 200 while the store is open and 503 when it is not', async () => {
    const application = await start({
      imports: [terminus, DustOrmModule.forRoot({ entities: [Link] })],
      controllers: [HealthController],
    });
    const server = application.getHttpServer();
    const { body } = await request(server).get('/health').expect(200);
    expect(body.info.dust).toEqual({ status: 'up', state: 'live', readsFrom: 'memory', storeSeq: 0 });

    await application.get(DataSource).destroy();

    const { body: down } = await request(server).get('/health').expect(503);
    expect(down.error.dust).toEqual({ status: 'down', kind: 'closed' });
  });
});
