import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import type { DataSourceOptions, Transport, TransportContext } from '../../../src/index.js';
import {
  DataSource,
  DustEntity,
  DustError,
  EmbeddedTransport,
  Field,
  silentLogger,
  Slug,
  systemClock,
} from '../../../src/index.js';

@DustEntity({ prefix: 'notes' })
class Note {
  @Slug() slug!: string;
  @Field() text?: string;
  @Field() addedAt?: Date;
}

@DustEntity({ prefix: 'far', store: 'far/away' })
class Far {
  @Slug() slug!: string;
  @Field() text?: string;
}

const open: DataSource[] = [];
afterEach(async () => {
  for (const dataSource of open.splice(0)) await dataSource.destroy();
});

function make(options: Partial<DataSourceOptions> = {}): DataSource {
  const dataSource = new DataSource({ entities: [Note], logger: silentLogger, ...options });
  open.push(dataSource);
  return dataSource;
}

describe('the life of a data source', () => {
  it('initialize opens it once, however often it is called, and resolves to it', async () => {
    const transport = jest.fn(() => new EmbeddedTransport());
    const dataSource = make({ transport });
    expect(dataSource.isInitialized).toBe(false);
    expect(await Promise.all([dataSource.initialize(), dataSource.initialize()])).toEqual([
      dataSource,
      dataSource,
    ]);
    await dataSource.initialize();
    expect(dataSource.isInitialized).toBe(true);
    expect(transport).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['before initialize', 'not_initialized', /"reading" has not been initialised.*initialize\(\)/],
    ['after destroy', 'closed', /"reading" has been destroyed.*initialize\(\)/],
  ])('%s every use says what to do', async (when, kind, message) => {
    const dataSource = make({ name: 'reading' });
    if (when === 'after destroy') await (await dataSource.initialize()).destroy();
    const refusal = { kind, message: expect.stringMatching(message) };
    const notes = dataSource.getRepository(Note);
    expect(() => notes.create()).toThrow(expect.objectContaining(refusal));
    expect(() => notes.metadata).toThrow(expect.objectContaining(refusal));
    expect(() => dataSource.getMetadata(Note)).toThrow(expect.objectContaining(refusal));
    expect(() => dataSource.transport).toThrow(expect.objectContaining(refusal));
    await expect(notes.save({ slug: 'a' })).rejects.toMatchObject(refusal);
    await expect(notes.find()).rejects.toMatchObject(refusal);
    await expect(firstValueFrom(notes.live())).rejects.toMatchObject(refusal);
    await expect(firstValueFrom(dataSource.status$)).rejects.toMatchObject(refusal);
    await expect(dataSource.manager.save(new Note())).rejects.toMatchObject(refusal);
    expect(dataSource.hasMetadata(Note)).toBe(false);
    expect(dataSource.entityMetadatas).toEqual([]);
    expect(dataSource.isInitialized).toBe(false);
  });

  it('destroy completes what is subscribed to, and may be called again', async () => {
    const dataSource = await make().initialize();
    const notes = dataSource.getRepository(Note);
    const ends = [
      lastValueFrom(notes.events(), { defaultValue: 'end' as const }),
      lastValueFrom(dataSource.status$),
    ];
    await Promise.all([dataSource.destroy(), dataSource.destroy()]);
    const [events, status] = await Promise.all(ends);
    expect(events).toBe('end');
    expect(status).toMatchObject({ state: 'closed' });
    await dataSource.destroy();
  });

  it('destroy before initialize does nothing; during it, it waits', async () => {
    const dataSource = make();
    await dataSource.destroy();
    const opening = dataSource.initialize();
    const closing = dataSource.destroy();
    await opening;
    await closing;
    expect(dataSource.isInitialized).toBe(false);
  });

  it('a destroyed one can be opened again', async () => {
    const dataSource = await make().initialize();
    await dataSource.destroy();
    await dataSource.initialize();
    await dataSource.getRepository(Note).insert({ slug: 'a', text: 't' });
    expect(await dataSource.getRepository(Note).count()).toBe(1);
  });

  it('is disposed of at the end of a block', async () => {
    const dataSource = await make().initialize();
    await dataSource[Symbol.asyncDispose]();
    expect(dataSource.isInitialized).toBe(false);
  });

  it('a failed initialize leaves nothing open, and may be repeated', async () => {
    const made: { store: string; transport: Transport; close: jest.SpyInstance }[] = [];
    let broken = true;
    const dataSource = make({
      entities: [Note, Far],
      transport: ({ store }) => {
        const transport = new EmbeddedTransport();
        made.push({ store, transport, close: jest.spyOn(transport, 'close') });
        if (broken && store === 'far/away') {
          jest.spyOn(transport, 'connect').mockRejectedValue(new DustError('network', 'no route'));
        }
        return transport;
      },
    });
    await expect(dataSource.initialize()).rejects.toMatchObject({ kind: 'network' });
    expect(dataSource.isInitialized).toBe(false);
    expect(made.map(({ store, close }) => [store, close.mock.calls.length])).toEqual([
      ['local/default', 1],
      ['far/away', 1],
    ]);
    broken = false;
    await dataSource.initialize();
    expect(await dataSource.getRepository(Far).count()).toBe(0);
  });

  it('metadata is wrong before anything opens', async () => {
    class Unannotated {}
    const transport = jest.fn(() => new EmbeddedTransport());
    await expect(make({ entities: [Note, Unannotated], transport }).initialize()).rejects.toMatchObject({
      kind: 'invalid_metadata',
      message: expect.stringContaining('Unannotated'),
    });
    expect(transport).not.toHaveBeenCalled();
  });
});

describe('options', () => {
  it.each([
    [{ entites: [] }, /no option "entites".*Did you mean "entities"\?/],
    [{ entities: [Note], namingStratgy: 'preserve' }, /Did you mean "namingStrategy"\?/],
    [{ entities: [Note], synchronize: true }, /no option "synchronize".*It knows name, store, entities/],
    [{}, /entities must be an array of classes, not undefined/],
    [{ entities: Note }, /entities must be an array of classes, not a function/],
    [{ entities: ['Note'] }, /entities\[0\] must be a class, not the string "Note"/],
    [{ entities: [undefined] }, /undefined at position 0.*circular import/],
    [{ entities: [Note, Note] }, /names Note twice/],
    [{ entities: [Note], store: 'reading' }, /store must be a string "org\/name", not the string "reading"/],
    [{ entities: [Note], store: 'a/b/c' }, /store must be/],
    [{ entities: [Note], path: '' }, /path must be the path of a folder/],
    [{ entities: [Note], transport: 'socket' }, /transport must be 'auto', 'embedded', 'http'.*"socket"/],
    [{ entities: [Note], transport: {} }, /transport must be/],
    [{ entities: [Note], validation: true }, /validation must be false or an object/],
    [
      { entities: [Note], onInvalidRecord: 'ignore' },
      /onInvalidRecord must be 'skip', 'throw' or a function/,
    ],
    [{ entities: [Note], logging: 'all' }, /logging must be true, false, or a level: debug.*"all"/],
    [{ entities: [Note], slowOperationThreshold: -1 }, /slowOperationThreshold must be a number of milli/],
    [{ entities: [Note], slowOperationThreshold: '5s' }, /slowOperationThreshold must be.*"5s"/],
    [{ entities: [Note], slowOperationThreshold: NaN }, /slowOperationThreshold must be/],
    [undefined, /takes an object of options/],
  ])('%j is refused', (options, message) => {
    expect(() => new DataSource(options as DataSourceOptions)).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringMatching(message) }),
    );
  });

  it('an error about an option never repeats a token', () => {
    const options = { entities: [Note], token: 'dust_tok_secret' };
    expect(() => new DataSource(options)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret') }),
    );
  });

  it('entities are known by their class', async () => {
    const dataSource = await make().initialize();
    class Stranger {}
    expect(dataSource.hasMetadata(Note)).toBe(true);
    expect(dataSource.hasMetadata(Stranger)).toBe(false);
    expect(dataSource.getMetadata(Note).name).toBe('Note');
    expect(dataSource.entityMetadatas.map(({ name }) => name)).toEqual(['Note']);
    await expect(dataSource.getRepository(Stranger).find()).rejects.toMatchObject({
      kind: 'invalid_metadata',
      message:
        'The data source "default" does not know the entity Stranger. Add the class to the option entities.',
    });
  });

  it('the naming strategy names the fields', async () => {
    const dataSource = await make({ namingStrategy: 'snake_case' }).initialize();
    await dataSource.getRepository(Note).insert({ slug: 'a', addedAt: new Date(0) });
    expect((await dataSource.transport.get('notes/a'))?.value).toEqual({
      added_at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('the logger hears of records that are skipped, unless logging is off', async () => {
    for (const logging of [true, false]) {
      const warn = jest.fn();
      const dataSource = await make({ logger: { ...silentLogger, warn }, logging }).initialize();
      await dataSource.transport.set('notes/a/addedAt', 'not a date');
      expect(await dataSource.getRepository(Note).find()).toEqual([]);
      expect(warn).toHaveBeenCalledTimes(logging ? 1 : 0);
    }
  });

  it('device id and clock reach the transport', async () => {
    const clock = { ...systemClock, now: () => 42 };
    const factory = jest.fn((context: TransportContext) => new EmbeddedTransport({ clock: context.clock }));
    await make({ transport: factory, clock, deviceId: 'me', store: 'acme/reading' }).initialize();
    expect(factory).toHaveBeenCalledWith({
      store: 'acme/reading',
      clock,
      logger: expect.objectContaining({ debug: expect.any(Function), warn: expect.any(Function) }),
      deviceId: 'me',
    });
    const embedded = await make({ deviceId: 'me' }).initialize();
    expect(embedded.transport.deviceId).toBe('me');
  });
});

describe('prefixes', () => {
  const entity = (name: string, prefix: string[], store?: string) => {
    const { [name]: made } = { [name]: class {} };
    Slug()(made!.prototype, 'slug');
    Field({ type: 'string' })(made!.prototype, 'text');
    DustEntity({ prefix, ...(store === undefined ? {} : { store }) })(made!);
    return made!;
  };

  it.each([
    [['a', 'b'], ['a', 'b'], /Inner .* has the same prefix as Outer/],
    [['a'], ['a', 'b'], /Inner \(\["a","b"\]\) has a prefix inside that of Outer/],
  ])('%j and %j are refused in one store, in either order', async (outer, inner, message) => {
    const refusal = { kind: 'invalid_metadata', message: expect.stringMatching(/Outer|Inner/) };
    const classes = [entity('Outer', outer), entity('Inner', inner)];
    await expect(make({ entities: classes }).initialize()).rejects.toMatchObject({
      ...refusal,
      message: expect.stringMatching(message),
    });
    await expect(make({ entities: [...classes].reverse() }).initialize()).rejects.toMatchObject(refusal);
  });

  it('may touch, or be the same in different stores', async () => {
    const entities = [
      entity('One', ['a']),
      entity('Two', ['a-b']),
      entity('Three', ['ab']),
      entity('Four', ['a'], 'other/store'),
    ];
    const dataSource = await make({ entities }).initialize();
    expect(dataSource.entityMetadatas).toHaveLength(4);
  });

  it.each([[['_dust']], [['_dust', 'x']], [['_dust:sf', 'x']]])('%j are kept for leases', async (prefix) => {
    await expect(make({ entities: [entity('Lock', prefix)] }).initialize()).rejects.toMatchObject({
      kind: 'invalid_metadata',
      message: expect.stringMatching(/Lock.*"_dust"/),
    });
  });

  it('an entity of another store needs a factory instead of an instance', async () => {
    const dataSource = make({ entities: [Note, Far], transport: new EmbeddedTransport() });
    await expect(dataSource.initialize()).rejects.toMatchObject({
      kind: 'invalid_options',
      message: expect.stringMatching(/Far lies in the store "far\/away".*factory/),
    });
  });
});

describe('a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dust-orm-data-source-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps what was written, each store in its own place', async () => {
    const path = join(folder, 'data');
    const first = await make({ entities: [Note, Far], path }).initialize();
    await first.getRepository(Note).insert({ slug: 'a', text: 'near' });
    await first.getRepository(Far).insert({ slug: 'a', text: 'far' });
    expect(await firstValueFrom(first.status$)).toMatchObject({ readsFrom: 'lmdb', storeSeq: 1 });
    await first.destroy();
    expect(await readdir(join(path, 'stores'))).toEqual(['far']);

    const second = await make({ entities: [Note, Far], path }).initialize();
    expect(await second.getRepository(Note).find()).toMatchObject([{ text: 'near' }]);
    expect(await second.getRepository(Far).find()).toMatchObject([{ text: 'far' }]);
    await second.destroy();
  });

  it('that is open already is refused', async () => {
    await make({ path: folder }).initialize();
    await expect(make({ path: folder }).initialize()).rejects.toMatchObject({ kind: 'storage' });
  });
});
