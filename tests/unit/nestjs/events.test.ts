import { EventEmitter } from 'node:events';
import { Injectable, Module } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import type { EntityEvent, EventBridge, Repository } from '../../../src/index.js';
import { DataSource } from '../../../src/index.js';
import {
  DustOrmModule,
  InjectEventBridge,
  InjectRepository,
  getEventBridgeToken,
  getRepositoryToken,
} from '../../../src/nestjs/index.js';
import { Link, RecordingLogger, closeApplications, start, startFailure } from './support.js';

const main = DustOrmModule.forRoot({ autoLoadEntities: true });

@Injectable()
class Listener {
  readonly heard: string[] = [];

  @OnEvent('link.upserted')
  upserted(event: EntityEvent<Link>): void {
    this.heard.push(`upserted ${event.slug} ${event.type === 'upserted' && event.entity.title}`);
  }

  @OnEvent('link.deleted')
  deleted({ slug }: EntityEvent<Link>): void {
    this.heard.push(`deleted ${slug}`);
  }
}

@Injectable()
class Writer {
  constructor(
    @InjectRepository(Link) readonly links: Repository<Link>,
    @InjectEventBridge(Link) readonly bridge: EventBridge<Link>,
  ) {}
}

afterEach(closeApplications);

describe('forEvents', () => {
  it("forwards an entity's events to EventEmitter2, while the application runs", async () => {
    const application = await start({
      imports: [
        EventEmitterModule.forRoot(),
        main,
        DustOrmModule.forFeature([Link]),
        DustOrmModule.forEvents(Link, { bus: EventEmitter2 }),
      ],
      providers: [Listener, Writer],
    });
    const { links, bridge } = application.get(Writer);
    const { heard } = application.get(Listener);
    expect(bridge.state).toBe('running');

    await links.insert({ slug: 'dust', title: 'Dust' });
    await links.delete('dust');
    expect(heard).toEqual(['upserted dust Dust', 'deleted dust']);

    await application.close();
    expect(bridge.state).toBe('stopped');
  });

  it('loads the entity by itself, and takes a topic, a payload and a bus of the application', async () => {
    const bus = new EventEmitter();
    @Module({ providers: [{ provide: 'BUS', useValue: bus }], exports: ['BUS'] })
    class BusModule {}
    const heard: unknown[] = [];
    bus.on('links', (payload) => heard.push(payload));
    const application = await start({
      imports: [
        main,
        DustOrmModule.forEvents(Link, {
          bus: 'BUS',
          imports: [BusModule],
          topic: 'links',
          map: ({ type, slug }) => ({ type, slug }),
        }),
      ],
    });
    await application.get(DataSource).getRepository(Link).insert({ slug: 'a', title: 'A' });
    expect(heard).toEqual([{ type: 'upserted', slug: 'a' }]);
  });

  it('serves named data sources and several topics of one entity', async () => {
    const bus = new EventEmitter();
    const heard: string[] = [];
    for (const topic of ['one', 'two', 'archived']) {
      bus.on(topic, ({ slug }: EntityEvent<Link>) => heard.push(`${topic} ${slug}`));
    }
    @Module({ providers: [{ provide: 'BUS', useValue: bus }], exports: ['BUS'] })
    class BusModule {}
    const forward = (topic: string, dataSource?: string) =>
      DustOrmModule.forEvents(Link, {
        bus: 'BUS',
        imports: [BusModule],
        topic,
        ...(dataSource === undefined ? {} : { dataSource }),
      });
    const application = await start({
      imports: [
        main,
        DustOrmModule.forRoot({ name: 'archive', autoLoadEntities: true }),
        DustOrmModule.forFeature([Link], 'archive'),
        forward('one'),
        forward('two'),
        forward('archived', 'archive'),
      ],
    });
    await application.get(DataSource).getRepository(Link).insert({ slug: 'a', title: 'A' });
    await application
      .get<Repository<Link>>(getRepositoryToken(Link, 'archive'))
      .insert({ slug: 'b', title: 'B' });
    expect(heard.sort()).toEqual(['archived b', 'one a', 'two a']);
    expect(application.get(getEventBridgeToken(Link, 'archive'), { strict: false })).toBeDefined();
  });

  it('waits to be started where the application opens the data source', async () => {
    const logger = new RecordingLogger();
    const bus = new EventEmitter();
    @Module({ providers: [{ provide: 'BUS', useValue: bus }], exports: ['BUS'] })
    class BusModule {}
    const application = await start(
      {
        imports: [
          DustOrmModule.forRoot({ autoLoadEntities: true, manualInitialization: true }),
          DustOrmModule.forEvents(Link, { bus: 'BUS', imports: [BusModule] }),
        ],
      },
      { logger },
    );
    const bridge = application.get<EventBridge<Link>>(getEventBridgeToken(Link), { strict: false });
    expect(bridge.state).toBe('stopped');
    expect(logger.dust).toEqual([]);
    await application.get(DataSource).initialize();
    bridge.start();
    expect(bridge.state).toBe('running');
  });

  it.each([
    ['no bus', {}, /forEvents\(Link, …\).*not undefined/],
    ['no options', undefined, /forEvents\(Link, …\).*not undefined/],
    ['a bus itself', { bus: new EventEmitter() }, /forEvents\(Link, …\).*token/],
  ])('refuses %s where the token of a bus is needed', (_what, options, message) => {
    const imported = (): unknown => DustOrmModule.forEvents(Link, options as never);
    expect(imported).toThrow(message);
    expect(imported).toThrow(expect.objectContaining({ kind: 'invalid_options' }));
  });

  it('refuses a provider that is no bus, and says of which entity', async () => {
    const error = await startFailure({
      imports: [main, DustOrmModule.forEvents(Link, { bus: DataSource })],
    });
    expect(error).toMatchObject({ kind: 'invalid_options' });
    expect(error.message).toMatch(/forEvents\(Link, …\).*emit/s);
  });

  it("a listener that throws is told of by the application's logger and stops nothing", async () => {
    const logger = new RecordingLogger();
    const bus = new EventEmitter();
    bus.on('link.upserted', () => {
      throw new Error('out of paper');
    });
    const application = await start(
      {
        imports: [
          main,
          DustOrmModule.forEvents(Link, {
            bus: 'BUS',
            imports: [
              {
                module: class BusModule {},
                providers: [{ provide: 'BUS', useValue: bus }],
                exports: ['BUS'],
              },
            ],
          }),
        ],
      },
      { logger },
    );
    const links = application.get(DataSource).getRepository(Link);
    await links.insert({ slug: 'a', title: 'A' });
    await links.insert({ slug: 'b', title: 'B' });
    expect(logger.dust).toEqual([
      expect.stringMatching(/^error \[DustOrm:events\] .*"a".*out of paper/),
      expect.stringMatching(/^error \[DustOrm:events\] .*"b".*out of paper/),
    ]);
  });
});
