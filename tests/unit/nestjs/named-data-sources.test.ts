import { Injectable } from '@nestjs/common';
import type { Repository } from '../../../src/index.js';
import { DataSource } from '../../../src/index.js';
import {
  DustOrmModule,
  InjectDataSource,
  InjectEntityManager,
  InjectRepository,
  getDataSourceToken,
  getEntityManagerToken,
  getRepositoryToken,
} from '../../../src/nestjs/index.js';
import { Author, Link, LinkModule, LinkService, closeApplications, start, startFailure } from './support.js';

const main = DustOrmModule.forRoot({ store: 'acme/main', autoLoadEntities: true });
const archive = { name: 'archive', store: 'acme/archive', autoLoadEntities: true };

afterEach(closeApplications);

describe('several data sources', () => {
  @Injectable()
  class Archivist {
    constructor(
      @InjectRepository(Link) readonly links: Repository<Link>,
      @InjectRepository(Link, 'archive') readonly archived: Repository<Link>,
      @InjectDataSource('archive') readonly dataSource: DataSource,
      @InjectEntityManager('archive') readonly manager: DataSource['manager'],
    ) {}
  }

  const imports = [
    DustOrmModule.forFeature([Link]),
    DustOrmModule.forFeature([Link, Author], 'archive'),
    main,
  ];

  it.each([
    ['forRoot', DustOrmModule.forRoot(archive)],
    ['forRootAsync', DustOrmModule.forRootAsync({ name: 'archive', useFactory: () => archive })],
    [
      'forRootAsync, and options without a name',
      DustOrmModule.forRootAsync({
        name: 'archive',
        useFactory: () => ({ store: 'acme/archive', autoLoadEntities: true }),
      }),
    ],
  ])('%s: each has its own entities, repositories and tokens', async (_how, second) => {
    const application = await start({ imports: [...imports, second], providers: [Archivist] });
    const { links, archived, dataSource, manager } = application.get(Archivist);

    await archived.insert({ slug: 'old', title: 'Old' });

    expect(await links.count()).toBe(0);
    expect(await archived.count()).toBe(1);
    expect(dataSource.name).toBe('archive');
    expect(dataSource).not.toBe(application.get(DataSource));
    expect(manager).toBe(dataSource.manager);
    expect(dataSource.hasMetadata(Author)).toBe(true);
    expect(application.get(DataSource).hasMetadata(Author)).toBe(false);
    expect(application.get(getDataSourceToken('archive'))).toBe(dataSource);
    await closeApplications();
    expect(dataSource.isInitialized).toBe(false);
  });

  it.each([
    ['two without a name', [main, DustOrmModule.forRoot({ store: 'acme/other' })], 'default'],
    ['two with one name', [DustOrmModule.forRoot(archive), DustOrmModule.forRoot({ ...archive })], 'archive'],
    [
      'one made at once and one made by a factory',
      [main, DustOrmModule.forRootAsync({ useFactory: () => ({}) })],
      'default',
    ],
  ])('%s are refused', async (_which, both, name) => {
    const error = await startFailure({ imports: both });
    expect(error).toMatchObject({ kind: 'invalid_options' });
    expect(error.message).toContain(`registers the data source "${name}" more than once`);
  });

  it('a name that only the factory knows is refused, because tokens are made without it', async () => {
    const error = await startFailure({
      imports: [DustOrmModule.forRootAsync({ useFactory: () => archive })],
    });
    expect(error).toMatchObject({ kind: 'invalid_options' });
    expect(error.message).toContain('forRootAsync({ name: "archive", … })');
  });

  it('a forFeature of a data source that nobody registers is refused by Nest, which names the token', async () => {
    const error = await startFailure({ imports: [main, DustOrmModule.forFeature([Link], 'reports')] });
    expect(error.message).toMatch(/reportsDataSource/);
  });
});

describe('several applications in one process', () => {
  it('see nothing of each other', async () => {
    const first = await start({ imports: [main, LinkModule] });
    const second = await start({ imports: [main, DustOrmModule.forFeature([Author])] });

    expect(first.get(DataSource)).not.toBe(second.get(DataSource));
    expect(first.get(DataSource).hasMetadata(Author)).toBe(false);
    expect(second.get(DataSource).hasMetadata(Link)).toBe(false);
    await first.get(LinkService, { strict: false }).links.insert({ slug: 'a', title: 'A' });
    await first.close();
    expect(second.get(DataSource).isInitialized).toBe(true);
  });

  it('one after the other: the same modules start again', async () => {
    const imports = [main, DustOrmModule.forRoot(archive), LinkModule];
    await (await start({ imports })).close();
    const again = await start({ imports });
    expect(await again.get(LinkService, { strict: false }).titles()).toEqual([]);
  });
});

describe('tokens', () => {
  it.each([
    [getDataSourceToken(), DataSource],
    [getDataSourceToken('default'), DataSource],
    [getDataSourceToken({}), DataSource],
    [getDataSourceToken('archive'), 'archiveDataSource'],
    [getDataSourceToken(archive), 'archiveDataSource'],
    [getEntityManagerToken('archive'), 'archiveEntityManager'],
    [getRepositoryToken(Link, archive), getRepositoryToken(Link, 'archive')],
  ])('%p is %p', (token, expected) => {
    expect(token).toBe(expected);
  });

  it('accept a data source as well', async () => {
    const application = await start({ imports: [DustOrmModule.forRoot(archive)] });
    const dataSource = application.get<DataSource>(getDataSourceToken('archive'));
    expect(getRepositoryToken(Link, dataSource)).toBe(getRepositoryToken(Link, 'archive'));
  });
});
