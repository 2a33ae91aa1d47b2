import { createServer } from 'node:http';
import { of } from 'rxjs';
import { Test } from '@nestjs/testing';
import { TerminusModule } from '@nestjs/terminus';
import type {
  DataSource,
  EntityClass,
  EntityTarget,
  MigrationContext,
  SseResponse,
} from '../../../src/index.js';
import {
  CounterField,
  CreatedAtField,
  DataSource as DataSourceClass,
  DeletedAtField,
  DustEntity,
  EmbeddedTransport,
  EventBridge,
  Field,
  FileField,
  HttpTransport,
  Index,
  Ref,
  SetField,
  Slug,
  UpdatedAtField,
  counterField,
  createdAtField,
  defineEntity,
  deletedAtField,
  defineNested,
  enumField,
  field,
  fileField,
  jsonField,
  nested,
  ref,
  restoreBackup,
  setField,
  slug,
  sseStream,
  toAsyncIterable,
  updatedAtField,
  writeSse,
} from '../../../src/index.js';
import {
  closeGracefully,
  dustErrorHandler,
  eventsRoute,
  healthRoute,
  liveListRoute,
} from '../../../src/express/index.js';
import { instrumentDust } from '../../../src/opentelemetry/index.js';
import { DustHealthIndicator, DustOrmModule } from '../../../src/nestjs/index.js';
import type { Store } from '../../../src/server/index.js';
import { DustServer, Store as StoreClass, openStore, serve } from '../../../src/server/index.js';
import { TestDataSource, createTestDataSource } from '../../../src/testing/index.js';
import type { Link as LinkOf } from '../repository/support.js';
import { Link, link } from '../repository/support.js';

/** What the rows are called on. */
export interface World {
  readonly dataSource: DataSource;
  readonly store: Store;
}

/** One call with an option that its owner does not know. Whatever it makes of it, it must refuse it. */
export type Row = (unknownOption: Unknown, world: World) => unknown;

/** Fits wherever options do, as far as the compiler can tell. */
export type Unknown = never;

const TOKEN = 'the-token-of-these-tests';

const SUBJECT = { slug: slug(), title: field('string') };

function openedAs(subject: EntityClass): Promise<DataSource> {
  return new DataSourceClass({ entities: [subject] }).initialize();
}

/** Opens a class with a field that is decorated so. */
function opened(decorate: (...args: never[]) => unknown): Promise<DataSource> {
  class Subject {
    slug!: string;
    field!: string;
  }
  Slug()(Subject.prototype, 'slug');
  Reflect.apply(decorate, undefined, [Subject.prototype, 'field']);
  DustEntity('subjects')(Subject);
  return new DataSourceClass({ entities: [Subject] }).initialize();
}

/** The methods of repositories, which a manager has with the class before their arguments. */
const REPOSITORY: Readonly<Record<string, (unknown: Unknown) => readonly unknown[]>> = {
  insert: (unknown) => [link('a'), unknown],
  insertMany: (unknown) => [[link('a')], unknown],
  upsert: (unknown) => [link('a'), unknown],
  save: (unknown) => [link('a'), unknown],
  update: (unknown) => ['a', { title: 't' }, unknown],
  delete: (unknown) => ['a', unknown],
  remove: (unknown) => [Object.assign(new Link(), link('a')), unknown],
  softRemove: (unknown) => [Object.assign(new Link(), link('a')), unknown],
  recover: (unknown) => [Object.assign(new Link(), link('a')), unknown],
  softDelete: (unknown) => ['a', unknown],
  restore: (unknown) => ['a', unknown],
  getMany: (unknown) => [['a'], unknown],
  sum: (unknown) => ['views', undefined, unknown],
  average: (unknown) => ['views', undefined, unknown],
  minimum: (unknown) => ['views', undefined, unknown],
  maximum: (unknown) => ['views', undefined, unknown],
  clear: (unknown) => [unknown],
  increment: (unknown) => ['a', 'views', 1, unknown],
  decrement: (unknown) => ['a', 'views', 1, unknown],
  addTo: (unknown) => ['a', 'tags', 't', unknown],
  removeFrom: (unknown) => ['a', 'tags', 't', unknown],
  find: (unknown) => [unknown],
  findAndCount: (unknown) => [unknown],
  findPage: (unknown) => [unknown],
  explain: (unknown) => [unknown],
  findOne: (unknown) => [unknown],
  findOneOrFail: (unknown) => [unknown],
  exists: (unknown) => [unknown],
  count: (unknown) => [unknown],
};

/** A method with these arguments, on what may be any of several classes. */
function call(target: object, method: string, args: readonly unknown[]): unknown {
  const found: unknown = Reflect.get(target, method);
  if (typeof found !== 'function') throw new TypeError(`there is no method ${method}`);
  return Reflect.apply(found, target, args);
}

async function drained(items: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const TRANSPORT: Readonly<Record<string, (unknown: Unknown) => readonly unknown[]>> = {
  status: (unknown) => [unknown],
  get: (unknown) => ['a', unknown],
  getMany: (unknown) => [['a'], unknown],
  exists: (unknown) => ['a', unknown],
  subtree: (unknown) => ['a', unknown],
  list: (unknown) => [{ pattern: '**', ...(unknown as object) }],
  listKeys: (unknown) => [{ pattern: '**', ...(unknown as object) }],
  set: (unknown) => ['a', 1, unknown],
  delete: (unknown) => ['a', unknown],
  merge: (unknown) => ['a', { b: 1 }, unknown],
  increment: (unknown) => ['a', 1, unknown],
  add: (unknown) => ['a', 1, unknown],
  remove: (unknown) => ['a', 1, unknown],
  batchWrite: (unknown) => [[{ op: 'set', path: 'a', value: 1 }], unknown],
  lease: (unknown) => ['a', unknown],
  renew: (unknown) => ['a', 1, unknown],
  release: (unknown) => ['a', 1, unknown],
  putFile: (unknown) => ['a', new Uint8Array(), { filename: 'f', ...(unknown as object) }],
  getFile: (unknown) => ['sha256:0', unknown],
};

/** A call of each request that a transport makes, with options it does not know. */
export const TRANSPORT_REQUESTS: Readonly<Record<string, (unknown: Unknown, transport: object) => unknown>> =
  Object.fromEntries(
    Object.entries(TRANSPORT).map(([method, args]) => [
      method,
      (unknown, transport) => call(transport, method, args(unknown)),
    ]),
  );

const httpTransport = (): HttpTransport =>
  new HttpTransport({ url: 'http://127.0.0.1:9', token: TOKEN, store: 'acme/none' });

const embedded = (store: Store): EmbeddedTransport => new EmbeddedTransport({ store });

const STORE: Readonly<Record<string, object>> = {
  write: { op: 'set', path: 'a', value: 1 },
  writeBatch: { operations: [{ op: 'set', path: 'a', value: 1 }] },
  putFile: { path: 'a', content: new Uint8Array(), filename: 'f' },
  lease: { path: 'a' },
  renew: { path: 'a', token: 1 },
  release: { path: 'a', token: 1 },
  rollback: { toSeq: 0 },
  list: { pattern: '**' },
  listKeys: { pattern: '**' },
  listPrefixes: { pattern: '**' },
  log: {},
  compact: {},
};

const prefixed = (owner: string, rows: Readonly<Record<string, Row>>): Record<string, Row> =>
  Object.fromEntries(Object.entries(rows).map(([name, row]) => [`${owner}.${name}`, row]));

const rowsOf = (names: readonly string[], make: (name: string) => Row): Record<string, Row> =>
  Object.fromEntries(names.map((name) => [name, make(name)]));

const served = (options: object): unknown => serve({ port: 0, ...options });

/** Every function, constructor and method of the package that takes options, by the name that the walk gives it. */
export const ROWS: Readonly<Record<string, Row>> = {
  serve: (unknown) => serve(unknown),
  openStore: (unknown) => openStore(unknown),
  'new DustServer': (unknown, { store }) =>
    new DustServer({ stores: { 'a/b': store }, tokens: [{ token: TOKEN }], ...(unknown as object) }),
  'DustServer.listen': (unknown, { store }) =>
    new DustServer({ stores: { 'a/b': store }, tokens: [{ token: TOKEN }] }).listen(unknown),
  'new Store': (unknown) => new StoreClass(unknown),
  ...prefixed(
    'Store',
    rowsOf(Object.keys(STORE), (name) => (unknown, { store }) => {
      return call(store, name, [{ ...STORE[name], ...(unknown as object) }]);
    }),
  ),
  restoreBackup: (unknown) => restoreBackup({ backup: 'none', path: 'none', ...(unknown as object) }),
  'new DataSource': (unknown) => new DataSourceClass({ entities: [Link], ...(unknown as object) }),
  'new EmbeddedTransport': (unknown) => new EmbeddedTransport(unknown),
  'new HttpTransport': (unknown) => new HttpTransport(unknown),
  ...prefixed(
    'EmbeddedTransport',
    rowsOf(Object.keys(TRANSPORT), (name) => (unknown, { dataSource }) => {
      return TRANSPORT_REQUESTS[name]!(unknown, dataSource.transport);
    }),
  ),
  'EmbeddedTransport.localRecords': (unknown, { store }) =>
    call(embedded(store), 'localRecords', ['a', unknown]),
  'EmbeddedTransport.useIndexes': (unknown, { store }) =>
    call(embedded(store), 'useIndexes', ['a', [], unknown]),
  'EmbeddedTransport.barrier': (unknown, { store }) => call(embedded(store), 'barrier', [unknown]),
  'HttpTransport.barrier': (unknown) => httpTransport().barrier(unknown),
  'EmbeddedTransport.log': (unknown, { store }) => call(embedded(store), 'log', [unknown]),
  'HttpTransport.log': (unknown) => httpTransport().log(unknown),
  'Store.barrier': (unknown, { store }) => store.barrier(unknown),
  'Store.useIndexes': (unknown, { store }) => store.useIndexes('a', [], unknown),
  'Store.keepIndexes': (unknown, { store }) => store.keepIndexes('a', [], unknown),
  'HttpTransport.useIndexes': (unknown) => httpTransport().useIndexes('a', [], unknown),
  'HttpTransport.indexes': (unknown) => httpTransport().indexes(unknown),
  'HttpTransport.dropIndexes': (unknown) => httpTransport().dropIndexes('a', [], unknown),
  ...prefixed(
    'HttpTransport',
    rowsOf(
      ['status', 'get', 'getMany', 'exists', 'subtree', 'list', 'listKeys'].concat([
        'set',
        'delete',
        'batchWrite',
        'getFile',
      ]),
      (name) => (unknown) => TRANSPORT_REQUESTS[name]!(unknown, httpTransport()),
    ),
  ),
  'HttpTransport.subtrees': (unknown) => httpTransport().subtrees(['a'], unknown),
  'HttpTransport.exportDump': (unknown) => drained(httpTransport().exportDump(unknown)),
  'HttpTransport.importDump': (unknown) => httpTransport().importDump('', unknown),
  ...prefixed(
    'Repository',
    rowsOf(Object.keys(REPOSITORY), (name) => (unknown, { dataSource }) => {
      return call(dataSource.getRepository(Link), name, REPOSITORY[name]!(unknown));
    }),
  ),
  'Repository.live': (unknown, { dataSource }) =>
    new Promise((resolve, reject) => {
      dataSource.getRepository(Link).live(unknown).subscribe({ next: resolve, error: reject });
    }),
  'Repository.liveOne': (unknown, { dataSource }) =>
    new Promise((resolve, reject) => {
      dataSource.getRepository(Link).liveOne('a', unknown).subscribe({ next: resolve, error: reject });
    }),
  'Repository.events': (unknown, { dataSource }) =>
    new Promise((resolve, reject) => {
      dataSource.getRepository(Link).events(unknown).subscribe({ next: resolve, error: reject });
    }),
  'Repository.stream': (unknown, { dataSource }) => drained(dataSource.getRepository(Link).stream(unknown)),
  'Repository.putFile': (unknown, { dataSource }) =>
    dataSource
      .getRepository(Link)
      .putFile('a', 'icon', 'x', { filename: 'f', ...(unknown as Record<string, never>) }),
  ...prefixed(
    'EntityManager',
    rowsOf(Object.keys(REPOSITORY), (name) => (unknown, { dataSource }) => {
      const target: EntityTarget<LinkOf> = Link;
      return call(dataSource.manager, name, [target, ...REPOSITORY[name]!(unknown)]);
    }),
  ),
  'EntityManager.stream': (unknown, { dataSource }) => drained(dataSource.manager.stream(Link, unknown)),
  'EntityManager.batch': (unknown, { dataSource }) => dataSource.manager.batch(() => undefined, unknown),
  'EntityManager.retryOnConflict': (unknown, { dataSource }) =>
    dataSource.manager.retryOnConflict(() => undefined, unknown),
  'DataSource.retryOnConflict': (unknown, { dataSource }) =>
    dataSource.retryOnConflict(() => undefined, unknown),
  ...prefixed(
    'DataSource',
    rowsOf(['runMigrations', 'undoLastMigration'], (name) => (unknown, { dataSource }) => {
      return call(dataSource, name, [unknown]);
    }),
  ),
  'EntityManager.lease': (unknown, { dataSource }) => dataSource.manager.lease('locks/a', unknown),
  'EntityManager.singleFlight': (unknown, { dataSource }) =>
    dataSource.manager.singleFlight('flights/a', () => 1, unknown),
  ...prefixed('WriteBatch', {
    insert: (unknown, { dataSource }) =>
      dataSource.manager.batch((batch) => void batch.insert(Link, link('a'), unknown)),
    save: (unknown, { dataSource }) =>
      dataSource.manager.batch((batch) => void batch.save(Object.assign(new Link(), link('a')), unknown)),
    update: (unknown, { dataSource }) =>
      dataSource.manager.batch((batch) => void batch.update(Link, 'a', { title: 't' }, unknown)),
    delete: (unknown, { dataSource }) =>
      dataSource.manager.batch((batch) => void batch.delete(Link, 'a', unknown)),
    remove: (unknown, { dataSource }) =>
      dataSource.manager.batch((batch) => void batch.remove(Object.assign(new Link(), link('a')), unknown)),
    softRemove: (unknown, { dataSource }) =>
      dataSource.manager.batch(
        (batch) => void batch.softRemove(Object.assign(new Link(), link('a')), unknown),
      ),
    recover: (unknown, { dataSource }) =>
      dataSource.manager.batch((batch) => void batch.recover(Object.assign(new Link(), link('a')), unknown)),
    softDelete: (unknown, { dataSource }) =>
      dataSource.manager.batch((batch) => void batch.softDelete(Link, 'a', unknown)),
    restore: (unknown, { dataSource }) =>
      dataSource.manager.batch((batch) => void batch.restore(Link, 'a', unknown)),
  }),
  'new EventBridge': (unknown, { dataSource }) =>
    new EventBridge({
      source: dataSource.getRepository(Link),
      bus: { publish: () => undefined },
      topic: 't',
      ...(unknown as object),
    }),
  toAsyncIterable: (unknown) => toAsyncIterable(of(1), unknown),
  sseStream: (unknown) => sseStream(of(1), unknown),
  writeSse: (unknown) => writeSse({} as SseResponse, of(1), unknown),
  'new TestDataSource': (unknown) => new TestDataSource({ entities: [Link], ...(unknown as object) }),
  createTestDataSource: (unknown) => createTestDataSource({ entities: [Link], ...(unknown as object) }),
  'TestDataSource.retryOnConflict': (unknown) =>
    new TestDataSource({ entities: [Link] }).retryOnConflict(() => undefined, unknown),
  ...prefixed(
    'TestDataSource',
    rowsOf(['runMigrations', 'undoLastMigration'], (name) => async (unknown) => {
      const dataSource = await createTestDataSource({ entities: [Link] });
      try {
        await call(dataSource, name, [unknown]);
      } finally {
        await dataSource.destroy();
      }
    }),
  ),
  'TestDataSource.failNext': (unknown) =>
    new TestDataSource({ entities: [Link] }).failNext('network', unknown),
  'DustOrmModule.forRoot': async (unknown) => {
    const imports = [DustOrmModule.forRoot({ entities: [Link], ...(unknown as object) })];
    await (await Test.createTestingModule({ imports }).compile()).close();
  },
  'DustOrmModule.forRootAsync': (unknown) =>
    DustOrmModule.forRootAsync({ useFactory: () => ({ entities: [Link] }), ...(unknown as object) }),
  'DustOrmModule.forEvents': (unknown) =>
    DustOrmModule.forEvents(Link, { bus: 'BUS', ...(unknown as object) }),
  'DustHealthIndicator.pingCheck': async (unknown) => {
    const imports = [TerminusModule.forRoot({ logger: false }), DustOrmModule.forRoot({ entities: [Link] })];
    const application = await Test.createTestingModule({ imports }).compile();
    try {
      await application.get(DustHealthIndicator, { strict: false }).pingCheck('dust', unknown);
    } finally {
      await application.close();
    }
  },
  instrumentDust: (unknown) => instrumentDust(unknown),
  dustErrorHandler: (unknown) => dustErrorHandler(unknown),
  liveListRoute: (unknown, { dataSource }) => liveListRoute(dataSource.getRepository(Link), unknown),
  eventsRoute: (unknown, { dataSource }) => eventsRoute(dataSource.getRepository(Link), unknown),
  healthRoute: (unknown, { dataSource }) => healthRoute(dataSource, unknown),
  closeGracefully: (unknown) => closeGracefully({ server: createServer(), ...(unknown as object) }),
  Field: (unknown) => opened(Field(unknown)),
  Slug: (unknown) => {
    @DustEntity('subjects')
    class Subject {
      @Slug(unknown) slug!: string;
      @Field() field!: string;
    }
    return new DataSourceClass({ entities: [Subject] }).initialize();
  },
  CounterField: (unknown) => opened(CounterField(unknown)),
  SetField: (unknown) => opened(SetField({ type: 'string', ...(unknown as object) })),
  FileField: (unknown) => opened(FileField(unknown)),
  CreatedAtField: (unknown) => opened(CreatedAtField(unknown)),
  UpdatedAtField: (unknown) => opened(UpdatedAtField(unknown)),
  DeletedAtField: (unknown) => opened(DeletedAtField(unknown)),
  Ref: (unknown) => opened(Ref(() => Link, { as: 'target', ...(unknown as object) })),
  Index: (unknown) => {
    @DustEntity('subjects')
    class Subject {
      @Slug() slug!: string;
      @Field() @Index(unknown) field!: string;
    }
    return new DataSourceClass({ entities: [Subject] }).initialize();
  },
  defineEntity: (unknown) => openedAs(defineEntity('subjects', SUBJECT, unknown)),
  slug: (unknown) => openedAs(defineEntity('subjects', { ...SUBJECT, slug: slug(unknown) })),
  defineNested: (unknown) => defineNested({ city: field('string') }, unknown),
  jsonField: (unknown) => openedAs(defineEntity('subjects', { ...SUBJECT, field: jsonField(unknown) })),
  counterField: (unknown) => openedAs(defineEntity('subjects', { ...SUBJECT, field: counterField(unknown) })),
  createdAtField: (unknown) =>
    openedAs(defineEntity('subjects', { ...SUBJECT, field: createdAtField(unknown) })),
  updatedAtField: (unknown) =>
    openedAs(defineEntity('subjects', { ...SUBJECT, field: updatedAtField(unknown) })),
  deletedAtField: (unknown) =>
    openedAs(defineEntity('subjects', { ...SUBJECT, field: deletedAtField(unknown) })),
  DustEntity: (unknown) => {
    @DustEntity({ prefix: 'subjects', ...(unknown as object) })
    class Subject {
      @Slug() slug!: string;
      @Field() field!: string;
    }
    return new DataSourceClass({ entities: [Subject] }).initialize();
  },
};

/** Types of options that stand inside of others, each with a call that holds one; or why there is none. */
export const NESTED: Readonly<Record<string, Row | string>> = {
  Bounds: (unknown) => served({ bounds: unknown }),
  MetricsOptions: (unknown) => served({ metrics: unknown }),
  RateLimits: (unknown) => served({ rateLimits: unknown }),
  ClassValidatorOptions: (unknown) => new DataSourceClass({ entities: [Link], validation: unknown }),
  ChannelOptions: (unknown) => new DataSourceClass({ entities: [Link], channel: unknown }),
  ClusterOptions: (unknown) =>
    new DataSourceClass({
      entities: [Link],
      cluster: { url: 'postgres://one@two/three', ...(unknown as object) },
    }),
  SyncLimits: (unknown) => new DataSourceClass({ entities: [Link], channel: unknown }),
  RetryOptions: (unknown) => new DataSourceClass({ entities: [Link], retry: unknown }),
  RequestLimits: (unknown) => new DataSourceClass({ entities: [Link], requests: unknown }),
  TimeoutOptions: (unknown) => new DataSourceClass({ entities: [Link], timeout: unknown }),
  WalkOptions: async (unknown) => {
    const migration = {
      name: 'Walk1700000000000',
      up: ({ walk }: MigrationContext) => walk(Link, undefined, unknown),
    };
    const dataSource = await createTestDataSource({ entities: [Link], migrations: [migration] });
    try {
      await dataSource.runMigrations();
    } finally {
      await dataSource.destroy();
    }
  },
  EntityOptions: ROWS.DustEntity!,
  FieldDefinitionOptions: (unknown) =>
    openedAs(defineEntity('subjects', { ...SUBJECT, field: field(unknown) })),
  TypedDefinitionOptions: (unknown) =>
    openedAs(defineEntity('subjects', { ...SUBJECT, field: nested(() => defineNested({}), unknown) })),
  SetDefinitionOptions: (unknown) =>
    openedAs(
      defineEntity('subjects', {
        ...SUBJECT,
        field: setField({ type: 'string', ...(unknown as object) } as never),
      }),
    ),
  FileDefinitionOptions: (unknown) =>
    openedAs(defineEntity('subjects', { ...SUBJECT, field: fileField(unknown) })),
  IndexDefinitionOptions: (unknown) =>
    openedAs(
      defineEntity('subjects', SUBJECT, { indexes: [{ properties: ['title'], ...(unknown as object) }] }),
    ),
  SetFieldOptions: ROWS.SetField!,
  StreamRouteOptions: ROWS.eventsRoute!,
  CompareOptions: ROWS['Repository.save']!,
  ListenerOptions: ROWS['Repository.save']!,
  EnvironmentOptions: 'is what dataSourceOptionsFromEnv() answers',
  ScheduleOptions: 'is given to clocks, which users write',
};

/** Options without an exported type of their own. */
export const NAMELESS: Readonly<Record<string, Row>> = {
  enumField: (unknown) =>
    openedAs(defineEntity('subjects', { ...SUBJECT, field: enumField(['a'], unknown) })),
  ref: (unknown) => openedAs(defineEntity('subjects', { ...SUBJECT, field: ref(() => Link, unknown) })),
  'a token of serve': (unknown) => served({ tokens: [{ token: TOKEN, ...(unknown as object) }] }),
  'the cache of a data source': (unknown) =>
    new DataSourceClass({ entities: [Link], cache: { path: 'x', ...(unknown as object) } }),
  'the log of a store': (unknown) => new EmbeddedTransport({ log: unknown }).connect(),
};
