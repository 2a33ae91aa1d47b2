import { inspect } from 'node:util';
import type { DataSourceOptions } from '../../../src/index.js';
import { DataSource, DustEntity, EmbeddedTransport, Field, silentLogger, Slug } from '../../../src/index.js';
import { serve } from '../../../src/server/index.js';

const TOKEN = 'dust_tok_0123456789abcdef';

@DustEntity('notes')
class Note {
  @Slug() slug!: string;
  @Field('string') text?: string;
}

@DustEntity({ prefix: 'notes', store: 'acme/other' })
class OtherNote {
  @Slug() slug!: string;
  @Field('string') text?: string;
}

const REMOTE = { url: 'https://dustlayer.io', token: TOKEN, store: 'acme/notes' };
const make = (options: object): DataSource => new DataSource({ entities: [Note], ...options });

describe('options that lead to a server', () => {
  it.each([
    [{ token: undefined }, /token is not\. Write token: process\.env\.DUST_TOKEN.*dataSourceOptionsFromEnv/],
    [{ store: undefined }, /store is not\. Write store: 'org\/name'/],
    [{ url: undefined }, /option token is given and url is not.*Write url: 'https:/],
    [{ path: './data' }, /url and path exclude each other/],
    [{ takeOver: true }, /url and takeOver exclude each other/],
    [{ transport: 'embedded' }, /url and transport: 'embedded' exclude each other/],
    [{ transport: 'http', url: undefined, token: undefined }, /transport: 'http' is given and url is not/],
    [{ url: 'wss://dustlayer.io' }, /begins with wss:\/\/.*Write "https:\/\/dustlayer\.io"/],
    [{ url: 'dustlayer.io' }, /lacks its https:\/\//],
    [{ store: 'acme' }, /store must be .*org\/name/],
    [{ token: 'two words' }, /token holds a space/],
    [{ token: 5 }, /token is missing/],
    [{ retry: true }, /retry must be an object, such as \{ attempts: 5 \}/],
    [{ retry: { attempts: 0 } }, /retry\.attempts must be a whole number from 1 up, not 0/],
    [{ retry: { tries: 3 } }, /retry has no "tries"\. It knows attempts, baseDelay/],
    [{ timeout: { connect: 0 } }, /timeout\.connect must be milliseconds, more than 0/],
    [{ timeout: 1000 }, /timeout must be an object/],
    [{ transport: 'https' }, /transport must be 'auto', 'embedded', 'http', a Transport or a factory/],
  ])('%j are refused', (change, message) => {
    const attempt = (): DataSource => make({ ...REMOTE, ...change });
    expect(attempt).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringMatching(message) }),
    );
    expect(attempt).not.toThrow(/0123456789/);
  });

  it.each(['socketUrl', 'realtime', 'cache', 'mirror', 'delivery'])('%s comes with the channel', (option) => {
    expect(() => make({ ...REMOTE, [option]: false })).toThrow(
      `DataSource has no option "${option}": this version reaches a server over plain HTTP only.`,
    );
  });

  it('are checked in part without a server, where retry and timeout wait for one', () => {
    expect(make({ retry: { attempts: 3 }, timeout: {} }).name).toBe('default');
    expect(() => make({ retry: { attempts: 1.5 } })).toThrow('retry.attempts');
  });

  it('need not fit together beside a transport of the program, which wins', async () => {
    const transport = jest.fn(() => new EmbeddedTransport());
    const dataSource = make({ ...REMOTE, token: undefined, path: './data', transport });
    await dataSource.initialize();
    expect(transport).toHaveBeenCalledTimes(1);
    await dataSource.destroy();
  });
});

describe('a data source with a url', () => {
  it.each(['auto', 'http'] as const)(
    'reaches the stores of its entities over HTTP (%s)',
    async (transport) => {
      const server = await serve({ port: 0, stores: ['acme/notes', 'acme/other'] });
      const { url, token } = server;
      const dataSource = make({ url, token, store: 'acme/notes', entities: [Note, OtherNote], transport });
      try {
        await dataSource.initialize();
        await dataSource.manager.insert(Note, { slug: 'a', text: 'here' });
        await dataSource.manager.insert(OtherNote, { slug: 'a', text: 'there' });
        expect((await dataSource.transport.status()).readsFrom).toBe('http');
        expect(await dataSource.getRepository(Note).findOneByOrFail({ slug: 'a' })).toMatchObject({
          text: 'here',
        });
        expect(await dataSource.getRepository(OtherNote).findOneByOrFail({ slug: 'a' })).toMatchObject({
          text: 'there',
        });
        expect((await dataSource.transport.get('notes/a/text'))?.value).toBe('here');
        expect(dataSource.transport.capabilities).toMatchObject({ realtime: false, counters: false });
      } finally {
        await dataSource.destroy();
        await server.close();
      }
    },
  );

  it('tells a store that is not there from records that are not', async () => {
    const server = await serve({ port: 0 });
    try {
      const { url, token } = server;
      await expect(make({ url, token, store: 'acme/nowhere' }).initialize()).rejects.toMatchObject({
        kind: 'store_not_found',
      });
    } finally {
      await server.close();
    }
  });
});

describe('the token', () => {
  const seen = (value: unknown): string[] => [
    inspect(value, { depth: Infinity, showHidden: true }),
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    JSON.stringify(value, (_key, item: unknown) =>
      item instanceof Object && 'subscribe' in item ? null : item,
    ),
    Object.entries(Object(value)).join(),
  ];

  it('shows in nothing that is printed of a data source, and answers to its name', async () => {
    const server = await serve({ port: 0, tokens: [{ token: TOKEN }] });
    const dataSource = make({ ...REMOTE, url: server.url, store: 'local/default', logger: silentLogger });
    try {
      for (const text of seen(dataSource)) expect(text).not.toContain(TOKEN);
      await dataSource.initialize();
      const { options, manager, transport } = dataSource;
      const repository = dataSource.getRepository(Note);
      for (const value of [dataSource, options, manager, transport, repository, { ...options }]) {
        expect(inspect(value, { depth: Infinity, showHidden: true })).not.toContain(TOKEN);
      }
      for (const text of seen(options)) expect(text).not.toContain(TOKEN);
      expect(options.token).toBe(TOKEN);
    } finally {
      await dataSource.destroy();
      await server.close();
    }
  });

  it('goes along when the options of one data source make another', () => {
    const first = make(REMOTE);
    expect(new DataSource(first.options).options.token).toBe(TOKEN);
    expect(() => new DataSource({ ...first.options })).toThrow('token is not');
  });

  it('is not shown by an error about another option', () => {
    expect(() => make({ ...REMOTE, entities: 'Note' })).not.toThrow(/0123456789/);
    expect(() => make({ ...REMOTE, tokens: TOKEN })).not.toThrow(/0123456789/);
  });
});

describe('the options of a data source', () => {
  it('are a frozen copy', () => {
    const given: { -readonly [K in keyof DataSourceOptions]: DataSourceOptions[K] } = {
      ...REMOTE,
      entities: [Note],
    };
    const { options } = new DataSource(given);
    given.store = 'acme/later';
    expect(options).toMatchObject({ url: REMOTE.url, store: 'acme/notes', entities: [Note] });
    expect(Object.isFrozen(options)).toBe(true);
    expect('token' in new DataSource({ entities: [Note] }).options).toBe(false);
  });
});
