import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication, MessageEvent, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import { Controller, Injectable, Sse } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { map } from 'rxjs';
import type { Repository } from '../../../src/index.js';
import { DataSource, sseStream } from '../../../src/index.js';
import { DustOrmModule, InjectRepository, getDataSourceToken } from '../../../src/nestjs/index.js';
import {
  Link,
  LinkModule,
  LinkService,
  RecordingLogger,
  closeApplications,
  linkSource,
  start,
} from './support.js';

@Controller('links')
class LiveController {
  constructor(@InjectRepository(Link) private readonly links: Repository<Link>) {}

  @Sse('live')
  live(): Observable<MessageEvent> {
    return this.links.live({ order: { slug: 'ASC' } }).pipe(map((links) => ({ data: links })));
  }

  @Sse('events')
  events(): Observable<MessageEvent> {
    return sseStream(this.links.events());
  }
}

const main = DustOrmModule.forRoot({ autoLoadEntities: true });
const imports = [main, LinkModule, DustOrmModule.forFeature([Link])];

const responses: http.IncomingMessage[] = [];

afterEach(async () => {
  for (const response of responses.splice(0)) response.destroy();
  await closeApplications();
});

/** A response as it comes in. */
async function stream(application: INestApplication, path: string) {
  const { port } = application.getHttpServer().address() as AddressInfo;
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.get({ port, path, agent: false }, resolve).once('error', reject);
  });
  responses.push(response);
  const first = new Promise<string>((resolve) => response.setEncoding('utf8').once('data', resolve));
  const ended = new Promise<string>((resolve) => {
    response.on('end', () => resolve('ended')).on('error', () => resolve('broken'));
  });
  return { first, ended };
}

describe('app.close()', () => {
  it('ends streams of events and live lists, and does not wait for their clients', async () => {
    const application = await start({ imports, controllers: [LiveController] });
    await application.listen(0);
    const live = await stream(application, '/links/live');
    await live.first;
    const events = await stream(application, '/links/events');

    await application.close();

    expect(await live.ended).toBe('ended');
    expect(await events.ended).toBe('ended');
  }, 5000);

  it('answers requests that are under way before the store closes', async () => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    @Controller()
    class Slow {
      constructor(private readonly service: LinkService) {}

      @Sse()
      answer(): Promise<Observable<MessageEvent>> {
        return held.then(() => this.service.links.live().pipe(map((links) => ({ data: links }))));
      }
    }
    const application = await start({ imports, controllers: [Slow] });
    await application.listen(0);
    const { links } = application.get(LinkService, { strict: false });
    const { port } = application.getHttpServer().address() as AddressInfo;
    const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get({ port, agent: false }, resolve).once('error', reject);
    });
    const arrived = new Promise((resolve) => application.getHttpServer().once('request', resolve));
    await arrived;

    const closing = application.close();
    await new Promise(setImmediate);
    await links.insert({ slug: 'late', title: 'Late' });
    release();

    const response = await answered;
    response.resume();
    expect(response.statusCode).toBe(200);
    await closing;
    await expect(links.count()).rejects.toMatchObject({ kind: 'closed' });
  });

  it('closes the store after everything that was injected with it', async () => {
    const written: string[] = [];
    @Injectable()
    class Cleanup implements OnModuleDestroy, OnApplicationShutdown {
      constructor(@InjectRepository(Link) private readonly links: Repository<Link>) {}

      async onModuleDestroy(): Promise<void> {
        await this.#write('destroy');
      }

      async onApplicationShutdown(): Promise<void> {
        await this.#write('shutdown');
      }

      async #write(slug: string): Promise<void> {
        await this.links.insert({ slug, title: 'Bye' });
        written.push(slug);
      }
    }
    await start({ imports, providers: [Cleanup] });
    await closeApplications();
    expect(written).toEqual(['destroy', 'shutdown']);
  });

  it('logs a data source that does not close, and closes the others', async () => {
    const logger = new RecordingLogger();
    const stuck = await linkSource('stuck').initialize();
    jest.spyOn(stuck, 'destroy').mockRejectedValueOnce(new Error('disk full'));
    jest.spyOn(stuck, 'endSubscriptions').mockImplementationOnce(() => {
      throw new Error('half gone');
    });
    const application = await start(
      {
        imports: [
          ...imports,
          DustOrmModule.forRootAsync({
            name: 'stuck',
            useFactory: () => ({}),
            dataSourceFactory: () => stuck,
          }),
        ],
      },
      { logger },
    );
    const dataSource = application.get(DataSource);

    await application.close();

    expect(dataSource.isInitialized).toBe(false);
    expect(logger.dust).toEqual([
      'error [DustOrm:stuck] The data source "stuck" did not end its subscriptions: half gone',
      'error [DustOrm:stuck] The data source "stuck" did not close: disk full',
    ]);
    await stuck.destroy();
  });

  it('closes one that was never opened', async () => {
    const application = await start({
      imports: [DustOrmModule.forRoot({ entities: [Link], manualInitialization: true })],
    });
    await expect(application.close()).resolves.toBeUndefined();
  });

  it('logs under the registered name when a test has put in something that cannot be closed', async () => {
    const logger = new RecordingLogger();
    const application = await start(
      { imports: [DustOrmModule.forRoot({ name: 'archive' })] },
      { logger, prepare: (builder) => builder.overrideProvider(getDataSourceToken('archive')).useValue({}) },
    );
    await application.close();
    expect(logger.dust).toHaveLength(2);
    expect(logger.dust[1]).toMatch(/^error \[DustOrm:archive\] The data source "archive" did not close/);
  });
});

it('a signal closes the store, with enableShutdownHooks()', async () => {
  const kill = jest.spyOn(process, 'kill').mockImplementation(() => true);
  const gone = new Promise((resolve) => kill.mockImplementation(resolve as () => true));
  const application = await start(
    { imports },
    { configure: (made) => made.enableShutdownHooks(['SIGUSR2']) },
  );
  const dataSource = application.get(DataSource);

  process.emit('SIGUSR2', 'SIGUSR2');
  await gone;

  expect(dataSource.isInitialized).toBe(false);
  kill.mockRestore();
});
