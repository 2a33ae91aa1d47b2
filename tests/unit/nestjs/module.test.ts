import { Controller, Get, Inject, Injectable, Module, Scope } from '@nestjs/common';
import { LazyModuleLoader, REQUEST } from '@nestjs/core';
import request from 'supertest';
import type { Repository } from '../../../src/index.js';
import { DataSource, EntityManager } from '../../../src/index.js';
import {
  DustOrmModule,
  InjectDataSource,
  InjectEntityManager,
  InjectRepository,
  getDataSourceToken,
  getEntityManagerToken,
  getRepositoryToken,
} from '../../../src/nestjs/index.js';
import { createTestDataSource } from '../../../src/testing/index.js';
import { Author, Link, LinkModule, LinkService, closeApplications, start, startFailure } from './support.js';

const root = DustOrmModule.forRoot({ store: 'acme/reading', autoLoadEntities: true });

afterEach(closeApplications);

describe('forRoot and forFeature', () => {
  it('inject repository, data source and manager of one open data source', async () => {
    @Injectable()
    class Consumer {
      constructor(
        @InjectRepository(Link) readonly links: Repository<Link>,
        @InjectDataSource() readonly dataSource: DataSource,
        @InjectEntityManager() readonly manager: EntityManager,
        readonly byClass: DataSource,
        readonly managerByClass: EntityManager,
      ) {}
    }
    const application = await start({
      imports: [root, DustOrmModule.forFeature([Link])],
      providers: [Consumer],
    });
    const consumer = application.get(Consumer);

    await consumer.links.insert({ slug: 'dust', title: 'Dust' });

    expect(consumer.dataSource.isInitialized).toBe(true);
    expect(consumer.byClass).toBe(consumer.dataSource);
    expect(consumer.manager).toBe(consumer.dataSource.manager);
    expect(consumer.managerByClass).toBe(consumer.manager);
    expect(await consumer.manager.getRepository(Link).count()).toBe(1);
    expect(application.get(getRepositoryToken(Link))).toBe(consumer.links);
    expect(application.get(getDataSourceToken())).toBe(consumer.dataSource);
    expect(application.get(getEntityManagerToken())).toBe(consumer.manager);
  });

  it.each([
    ['before', [root, LinkModule]],
    ['after', [LinkModule, root]],
  ])('load the entities of feature modules with the root %s them', async (_order, imports) => {
    const application = await start({ imports });
    await application.get(LinkService, { strict: false }).links.insert({ slug: 'a', title: 'A' });
    expect(await application.get(LinkService, { strict: false }).titles()).toEqual(['A']);
  });

  it('load the entities of modules that are imported by others, and each only once', async () => {
    @Module({ imports: [LinkModule, DustOrmModule.forFeature([Author, Link])] })
    class Inner {}
    @Module({ imports: [Inner] })
    class Outer {}

    const application = await start({ imports: [Outer, root] });

    const { entityMetadatas } = application.get(DataSource);
    expect(entityMetadatas.map(({ name }) => name).sort()).toEqual(['Author', 'Link']);
  });

  it('add the loaded entities to those of the options', async () => {
    const application = await start({
      imports: [DustOrmModule.forRoot({ entities: [Author, Link], autoLoadEntities: true }), LinkModule],
    });
    expect(application.get(DataSource).entityMetadatas).toHaveLength(2);
  });

  it('refuse an entity that the data source does not have', async () => {
    const error = await startFailure({
      imports: [DustOrmModule.forRoot({ entities: [Author] }), LinkModule],
    });
    expect(error).toMatchObject({ kind: 'invalid_metadata' });
    expect(error.message).toMatch(/forFeature\(\[Link\]\).*autoLoadEntities: true/s);
  });

  it('refuse an entity of a module that is loaded when the data source is open', async () => {
    const application = await start({ imports: [root, LinkModule] });
    @Module({ imports: [DustOrmModule.forFeature([Author])] })
    class Late {}
    await expect(application.get(LazyModuleLoader).load(() => Late)).rejects.toThrow(/loaded lazily/);
  });

  it.each([
    ['a class', Link, /forFeature\(\) takes a list of entity classes, such as forFeature\(\[Link\]\), not/],
    ['nothing', undefined, /forFeature\(\) takes a list of entity classes.*not undefined/],
  ])('refuse %s where a list of entities is needed', (_what, entities, message) => {
    const imported = (): unknown => DustOrmModule.forFeature(entities as never);
    expect(imported).toThrow(message);
    expect(imported).toThrow(expect.objectContaining({ kind: 'invalid_metadata' }));
  });

  it('export repositories to modules that import the feature', async () => {
    @Module({
      imports: [DustOrmModule.forFeature([Link]), DustOrmModule.forFeature([Author])],
      exports: [DustOrmModule],
    })
    class Feature {}
    const application = await start({ imports: [root, Feature], providers: [LinkService] });
    expect(await application.get(LinkService).titles()).toEqual([]);
  });

  it('keep the same module imported in two places one data source', async () => {
    @Module({ imports: [root, LinkModule] })
    class Feature {}
    const application = await start({ imports: [root, Feature] });
    expect(application.get(DataSource).isInitialized).toBe(true);
  });

  it('serve consumers of a request, which share the repository', async () => {
    const seen = new Set<unknown>();
    @Injectable({ scope: Scope.REQUEST })
    class Titles {
      constructor(
        @InjectRepository(Link) private readonly links: Repository<Link>,
        @Inject(REQUEST) readonly request: unknown,
      ) {
        seen.add(links).add(this);
      }

      find(): Promise<Link[]> {
        return this.links.find();
      }
    }
    @Controller()
    class Links {
      constructor(private readonly titles: Titles) {}

      @Get()
      find(): Promise<Link[]> {
        return this.titles.find();
      }
    }
    const application = await start({
      imports: [root, DustOrmModule.forFeature([Link])],
      controllers: [Links],
      providers: [Titles],
    });
    await application.get<Repository<Link>>(getRepositoryToken(Link)).insert({ slug: 'a', title: 'A' });

    await request(application.getHttpServer())
      .get('/')
      .expect(200, [{ slug: 'a', title: 'A' }]);
    await request(application.getHttpServer()).get('/').expect(200);
    expect(seen.size).toBe(3);
  });

  it('leave the opening to the application that asks for it', async () => {
    const application = await start({
      imports: [DustOrmModule.forRoot({ autoLoadEntities: true, manualInitialization: true }), LinkModule],
    });
    const service = application.get(LinkService, { strict: false });
    await expect(service.titles()).rejects.toMatchObject({ kind: 'not_initialized' });
    await application.get(DataSource).initialize();
    expect(await service.titles()).toEqual([]);
  });
});

describe('options', () => {
  it.each([
    [{ retryAttempts: Number.NaN }, /retryAttempts must be a whole number from 0/],
    [{ retryDelay: '3000' }, /retryDelay must be milliseconds, from 0 to 2147483647/],
    [{ toRetry: true }, /toRetry must be a function/],
    [{ autoLoadEntities: 'yes' }, /autoLoadEntities must be true or false/],
    [{ manualInitialization: 1 }, /manualInitialization must be true or false/],
    [{ entities: 'dist/**/*.entity.js', autoLoadEntities: true }, /entities must be an array of classes/],
    [{ autoLoadEntity: true }, /DustOrmModule has no option "autoLoadEntity".*"autoLoadEntities"/],
    [{ retryattempts: 3 }, /DustOrmModule has no option "retryattempts".*"retryAttempts"/],
    [{ verboseRetryLog: true }, /no option "verboseRetryLog"\. It knows autoLoadEntities, .*, store, /],
    [{ store: 'reading' }, /store must be a string "org\/name"/],
  ])('%j is refused', async (options, message) => {
    const error = await startFailure({ imports: [DustOrmModule.forRoot(options as object)] });
    expect(error).toMatchObject({ kind: 'invalid_options' });
    expect(error.message).toMatch(message);
  });

  it('a factory that returns nothing is refused', async () => {
    const useFactory = (): never => undefined as never;
    const error = await startFailure({ imports: [DustOrmModule.forRootAsync({ useFactory })] });
    expect(error.message).toMatch(/Does the factory return them\?/);
  });
});

describe('in tests', () => {
  it('a repository is overridden by its token, and the service does not know', async () => {
    const links = { find: () => Promise.resolve([{ slug: 'x', title: 'stub' }]) };
    const application = await start(
      { imports: [root, LinkModule] },
      { prepare: (builder) => builder.overrideProvider(getRepositoryToken(Link)).useValue(links) },
    );
    expect(await application.get(LinkService, { strict: false }).titles()).toEqual(['stub']);
  });

  it('a data source is overridden by its token, repositories and manager come from it, and it ends with the application', async () => {
    const dust = await createTestDataSource({
      entities: [Link],
      seed: [[Link, [{ slug: 'dust', title: 'Dust' }]]],
    });
    const application = await start(
      { imports: [DustOrmModule.forRoot({ entities: [Link], path: '/nowhere/at/all' }), LinkModule] },
      { prepare: (builder) => builder.overrideProvider(getDataSourceToken()).useValue(dust) },
    );
    expect(await application.get(LinkService, { strict: false }).titles()).toEqual(['Dust']);
    expect(application.get(EntityManager)).toBe(dust.manager);
    await closeApplications();
    expect(dust.isInitialized).toBe(false);
  });

  it('a unit test gives a repository to the service by hand', async () => {
    const dust = await createTestDataSource({ entities: [Link] });
    expect(await new LinkService(dust.getRepository(Link)).titles()).toEqual([]);
    await dust.destroy();
  });
});
