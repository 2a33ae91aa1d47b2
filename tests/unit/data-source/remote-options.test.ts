import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { firstValueFrom } from 'rxjs';
import type { DataSourceOptions } from '../../../src/index.js';
import { DataSource, DustEntity, EmbeddedTransport, Field, silentLogger, Slug } from '../../../src/index.js';
import { createTransport } from '../../../src/data-source/create-transport.js';
import { resolveOptions } from '../../../src/data-source/resolve-options.js';
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
    [{ url: undefined, store: undefined }, /option token is given and store is not/],
    [{ url: undefined, path: './data' }, /token and path exclude each other.*leave url and token out/],
    [{ url: undefined, transport: 'embedded' }, /token and transport: 'embedded' exclude each other/],
    [{ path: './data' }, /url and path exclude each other/],
    [{ takeOver: true }, /url and takeOver exclude each other/],
    [{ verify: true }, /url and verify exclude each other/],
    [{ transport: 'embedded' }, /url and transport: 'embedded' exclude each other/],
    [{ transport: 'http', url: undefined, token: undefined }, /transport: 'http' is given and token is not/],
    [{ url: 'wss://dustlayer.io' }, /begins with wss:\/\/.*Write "https:\/\/dustlayer\.io"/],
    [{ url: 'dustlayer.io' }, /lacks its https:\/\//],
    [{ store: 'acme' }, /store must be .*org\/name/],
    [{ token: 'two words' }, /token holds a space/],
    [{ token: 5 }, /token is missing/],
    [{ retry: true }, /retry must be an object, such as \{ attempts: 5 \}/],
    [{ retry: { attempts: 0 } }, /retry\.attempts must be a whole number from 1 up, not 0/],
    [{ retry: { tries: 3 } }, /retry has no option "tries"\. It knows attempts, baseDelay/],
    [{ timeout: { connect: 0 } }, /timeout\.connect must be milliseconds, more than 0/],
    [{ timeout: 1000 }, /timeout must be an object/],
    [{ timeout: { idle: 0 } }, /timeout\.idle must be milliseconds, more than 0/],
    [{ requests: { connections: 0 } }, /requests\.connections must be a whole number from 1 up/],
    [
      { requests: { sockets: 3 } },
      /requests has no option "sockets"\. It knows waiting, waitingBytes, connections/,
    ],
    [{ requests: 64 }, /requests must be an object, such as \{ connections: 64 \}/],
    [
      { transport: 'https' },
      /transport must be 'auto', 'embedded', 'http', 'channel', a Transport or a factory/,
    ],
    [
      { transport: 'channel', url: undefined, token: undefined },
      /transport: 'channel' is given and token is not/,
    ],
    [{ realtime: 'yes' }, /realtime must be true, false or 'shared'/],
    [{ socketUrl: 'https://dustlayer.io' }, /socketUrl must begin with wss:/],
    [{ socketUrl: 'wss://me:0123456789@dustlayer.io' }, /socketUrl must begin with wss:/],
    [{ mirror: 'some' }, /mirror must be 'entities' or 'all'/],
    [{ delivery: 'once' }, /delivery must be 'exactly-once' or 'at-least-once'/],
    [{ cache: './mirror' }, /cache must be an object with the path of a folder/],
    [{ cache: {} }, /cache\.path must be the path of a folder.*, not undefined/],
    [{ cache: { path: '' } }, /cache\.path must be the path of a folder.*, not the string ""/],
    [{ cache: { path: 'file:///mirror' } }, /cache\.path must be the path of a folder.*fileURLToPath/],
    [{ cache: { bogus: 1 } }, /cache has no option "bogus"\. It knows path/],
    [{ cache: { path: './mirror', size: 1 } }, /cache has no option "size"\. It knows path/],
    [{ staleAfter: -1 }, /staleAfter must be milliseconds, from 0 to 2147483647, not the number -1/],
  ])('%j are refused', (change, message) => {
    const attempt = (): DataSource => make({ ...REMOTE, ...change });
    expect(attempt).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringMatching(message) }),
    );
    expect(attempt).not.toThrow(/0123456789/);
  });

  it.each(['auto', 'http', 'channel'] as const)(
    'need no url beside a token: %s goes to the hosted Dust',
    (transport) => {
      const options = { token: TOKEN, store: 'acme/notes', transport };
      expect(make(options).options).toMatchObject({ token: TOKEN, store: 'acme/notes' });
      expect(make(options).options.url).toBeUndefined();
      const resolved = resolveOptions({ entities: [Note], ...options });
      expect(resolved.url).toBe('https://dustlayer.io');
      expect(createTransport(resolved, 'acme/notes', [])).not.toBeInstanceOf(EmbeddedTransport);
    },
  );

  it('take a function for a token, and check what it gives when it has', () => {
    const token = (): string => TOKEN;
    const { options } = make({ ...REMOTE, token });
    expect(options.token).toBe(token);
    expect(JSON.stringify(options)).not.toContain('token');
    expect(resolveOptions(options).token).toBe(token);
  });

  it('of the channel may stand without a server', () => {
    const options = {
      realtime: false,
      mirror: 'all',
      delivery: 'at-least-once',
      staleAfter: 0,
      cache: { path: './m' },
    };
    expect(make(options).name).toBe('default');
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
  it.each([
    [{}, 'channel'],
    [{ transport: 'channel', realtime: false }, 'channel'],
    [{ mirror: 'all' }, 'channel'],
    [{ transport: 'channel', realtime: 'shared' }, 'channel'],
    [{ realtime: false }, 'http'],
    [{ realtime: 'shared' }, 'http'],
    [{ transport: 'http' }, 'http'],
  ] as const)('and %j reaches the stores of its entities over %s', async (options, way) => {
    const server = await serve({ port: 0, stores: ['acme/notes', 'acme/other'] });
    const { url, token } = server;
    const dataSource = make({ url, token, store: 'acme/notes', entities: [Note, OtherNote], ...options });
    try {
      await dataSource.initialize();
      await dataSource.manager.insert(Note, { slug: 'a', text: 'here' });
      await dataSource.manager.insert(OtherNote, { slug: 'a', text: 'there' });
      expect((await dataSource.transport.status()).readsFrom).toBe(way);
      expect(await dataSource.getRepository(Note).findOneByOrFail({ slug: 'a' })).toMatchObject({
        text: 'here',
      });
      expect(await dataSource.getRepository(OtherNote).findOneByOrFail({ slug: 'a' })).toMatchObject({
        text: 'there',
      });
      expect((await dataSource.transport.get('notes/a/text'))?.value).toBe('here');
      const { capabilities } = dataSource.transport;
      expect(capabilities).toMatchObject({ realtime: way === 'channel', counters: way === 'channel' });
    } finally {
      await dataSource.destroy();
      await server.close();
    }
  });

  it('shares its engine with others on the same store, whose events it hears', async () => {
    const server = await serve({ port: 0, stores: ['acme/notes'] });
    const { url, token } = server;
    const [first, second] = [1, 2].map(() => make({ url, token, store: 'acme/notes' }));
    try {
      await Promise.all([first!.initialize(), second!.initialize()]);
      expect(first!.transport.deviceId).toBe(second!.transport.deviceId);
      const heard = firstValueFrom(second!.getRepository(Note).events());
      await first!.manager.insert(Note, { slug: 'a', text: 'here' });
      expect(await heard).toMatchObject({ type: 'upserted', slug: 'a', entity: { text: 'here' } });
      await first!.destroy();
      expect(await second!.getRepository(Note).findOneBy({ slug: 'a' })).toMatchObject({ text: 'here' });
    } finally {
      await Promise.all([first!.destroy(), second!.destroy()]);
      await server.close();
    }
  });

  it('keeps its mirror in the cache, and goes on from there', async () => {
    const server = await serve({ port: 0, stores: ['acme/notes'] });
    const folder = await mkdtemp(join(tmpdir(), 'dust-orm-cache-'));
    const { url, token } = server;
    try {
      for (const text of ['first', 'second']) {
        const dataSource = make({ url, token, store: 'acme/notes', cache: { path: folder } });
        await dataSource.initialize();
        await dataSource.manager.insert(Note, { slug: text, text });
        expect(await dataSource.getRepository(Note).count()).toBe(text === 'first' ? 1 : 2);
        await dataSource.destroy();
      }
    } finally {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

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
