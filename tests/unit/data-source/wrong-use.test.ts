import { DataSource, DustEntity, EmbeddedTransport, Field, silentLogger, Slug } from '../../../src/index.js';
import type { DataSourceOptions, Transport } from '../../../src/index.js';
import { DATA_SOURCE_OPTIONS } from '../../../src/data-source/index.js';

@DustEntity('notes')
class Note {
  @Slug() slug!: string;
  @Field('string') text?: string;
}

const messageOf = (options: object): string => {
  try {
    return new DataSource({ entities: [Note], ...options }).name;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('options', () => {
  it.each([
    [{ namingStrategy: 'snakeCase' }, `namingStrategy must be 'preserve', 'snake_case' or a function`],
    [{ namingStrategy: {} }, `namingStrategy must be 'preserve', 'snake_case' or a function`],
    [{ logger: 5 }, 'logger must be an object with debug, info, warn, error'],
    [{ logger: { warn: () => undefined } }, 'logger must be an object with debug, info, warn, error'],
    [{ clock: { now: () => 0 } }, 'clock must be an object with now, schedule'],
  ])('%j', (options, expected) => {
    expect(messageOf(options)).toMatch(expected);
  });

  it('that fit are taken', () => {
    expect(messageOf({ logger: console, namingStrategy: (name: string) => name })).toBe('default');
  });
});

describe('an option that is null is not one left out', () => {
  const REMOTE = { url: 'http://127.0.0.1:1', token: 'dust_tok_0123456789abcdef', store: 'acme/notes' };

  it.each(Object.keys(DATA_SOURCE_OPTIONS))('%s', (option) => {
    for (const others of [
      {},
      REMOTE,
      { ...REMOTE, url: undefined },
      { transport: new EmbeddedTransport() },
    ]) {
      const make = () => new DataSource({ entities: [Note], ...others, [option]: null } as DataSourceOptions);
      expect(make).toThrow(expect.objectContaining({ kind: 'invalid_options' }));
      expect(make).toThrow(option);
    }
  });
});

describe('options of validation', () => {
  it.each([
    [{ whitelst: true }, /validation has no option "whitelst"\. Did you mean "whitelist"\?/],
    [
      { validationError: { traget: true } },
      /validation\.validationError has no option "traget"\. Did you mean "target"\?/,
    ],
    [{ validationError: 5 }, /validation\.validationError: its options must be an object/],
  ])('%j are refused', (validation, message) => {
    expect(messageOf({ validation })).toMatch(message);
  });

  it('are those of class-validator', () => {
    expect(
      messageOf({ validation: { whitelist: true, groups: ['a'], validationError: { target: false } } }),
    ).toBe('default');
  });
});

describe('a transport factory', () => {
  it.each([
    ['undefined', undefined],
    ['the number 5', 5],
    ['a Promise (is an await missing?)', Promise.resolve(new EmbeddedTransport())],
  ])('that makes something else: %s', async (found, made) => {
    const dataSource = new DataSource({ entities: [Note], transport: () => made as unknown as Transport });
    await expect(dataSource.initialize()).rejects.toMatchObject({
      kind: 'invalid_options',
      message: `DataSource option transport must be a function that returns a Transport, not ${found}.`,
    });
    expect(dataSource.isInitialized).toBe(false);
  });

  it('that fails once leaves a data source that can be initialised', async () => {
    let calls = 0;
    const dataSource = new DataSource({
      entities: [Note],
      transport: () => {
        if (++calls === 1) throw new Error('not yet');
        return new EmbeddedTransport();
      },
    });
    await expect(dataSource.initialize()).rejects.toThrow('not yet');
    await dataSource.initialize();
    expect(dataSource.isInitialized).toBe(true);
    await dataSource.destroy();
  });
});

describe('initialize and destroy at once', () => {
  it('end as the last of them says', async () => {
    const dataSource = await new DataSource({ entities: [Note], logger: silentLogger }).initialize();
    const destroyed = dataSource.destroy();
    const reopened = dataSource.initialize();
    await Promise.all([destroyed, reopened]);
    expect(dataSource.isInitialized).toBe(true);

    const opening = dataSource.destroy().then(() => dataSource.initialize());
    await opening;
    await Promise.all([dataSource.initialize(), dataSource.destroy(), dataSource.destroy()]);
    expect(dataSource.isInitialized).toBe(false);
  });
});

describe('getRepository', () => {
  it('of a class that is not defined yet is refused at once', () => {
    const dataSource = new DataSource({ entities: [Note] });
    expect(() => dataSource.getRepository(undefined as never)).toThrow(
      expect.objectContaining({
        kind: 'invalid_metadata',
        message: expect.stringContaining('circular import'),
      }),
    );
  });
});
