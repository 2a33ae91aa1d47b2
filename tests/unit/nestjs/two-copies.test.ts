import { Inject, Injectable, Module } from '@nestjs/common';
import type * as Orm from '../../../src/index.js';
import { DataSource, EntityManager } from '../../../src/index.js';
import type * as NestOrm from '../../../src/nestjs/index.js';
import { DustHealthIndicator, DustOrmModule, getRepositoryToken } from '../../../src/nestjs/index.js';
import { Link, closeApplications, start } from './support.js';

/** What a library of CommonJS has of the package, beside an application of ECMAScript modules. */
interface Copy {
  readonly orm: typeof Orm;
  readonly nestjs: typeof NestOrm;
}

/** A second copy, loaded beside the first one; Nest is there once. */
function secondCopy(): Copy {
  let copy: Copy | undefined;
  const common = jest.requireActual<object>('@nestjs/common');
  const core = jest.requireActual<object>('@nestjs/core');
  jest.isolateModules(() => {
    jest.doMock('@nestjs/common', () => common);
    jest.doMock('@nestjs/core', () => core);
    copy = {
      orm: jest.requireActual('../../../src/index.js'),
      nestjs: jest.requireActual('../../../src/nestjs/index.js'),
    };
  });
  return copy!;
}

afterEach(closeApplications);

describe('two loaded copies of the package in one application', () => {
  const { orm, nestjs } = secondCopy();

  @orm.DustEntity('notes')
  class Note {
    @orm.Slug() id!: string;
    @orm.Field('string') text?: string;
  }

  @Injectable()
  class Notes {
    constructor(
      @nestjs.InjectRepository(Note) readonly notes: InstanceType<Copy['orm']['Repository']>,
      @nestjs.InjectDataSource() readonly injected: DataSource,
      @Inject(orm.DataSource) readonly dataSource: DataSource,
      @Inject(orm.EntityManager) readonly manager: EntityManager,
      @Inject(nestjs.DustHealthIndicator) readonly health: DustHealthIndicator,
    ) {}
  }

  @Module({ imports: [nestjs.DustOrmModule.forFeature([Note])], providers: [Notes], exports: [Notes] })
  class NotesModule {}

  it('are two', () => {
    expect(orm.DataSource).not.toBe(DataSource);
    expect(nestjs.DustOrmModule).not.toBe(DustOrmModule);
  });

  it('share the data source of the one that registers it', async () => {
    const root = DustOrmModule.forRoot({ autoLoadEntities: true });
    const application = await start({ imports: [NotesModule, root, DustOrmModule.forFeature([Link])] });
    const { notes, injected, dataSource, manager, health } = application.get(Notes, { strict: false });
    const own = application.get(DataSource);
    expect(injected).toBe(own);
    expect(dataSource).toBe(own);
    expect(manager).toBe(application.get(EntityManager));
    expect(health).toBe(application.get(DustHealthIndicator));
    expect(own.hasMetadata(Note)).toBe(true);
    await notes.insert({ id: 'a', text: 'x' });
    expect(await notes.findOneBy({ text: orm.In(['x']) })).toBeInstanceOf(Note);
    await application.get(getRepositoryToken(Link)).insert({ slug: 'a', title: 'A' });
  });
});
