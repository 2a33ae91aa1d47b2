import pino from 'pino';
import type { LogFields, Logger } from '../../../src/index.js';
import {
  consoleLogger,
  createConsoleLogger,
  DataSource,
  DustEntity,
  Field,
  pinoLogger,
  Slug,
} from '../../../src/index.js';
import { LOG_LEVELS, loggerAtLevel } from '../../../src/logging.js';

@DustEntity('notes')
class Note {
  @Slug() slug!: string;
  @Field() text?: string;
}

type Line = readonly [level: string, message: string, fields: LogFields | undefined];

function recording(): { readonly logger: Logger; readonly lines: Line[] } {
  const lines: Line[] = [];
  const method = (level: string) => (message: string, fields?: LogFields) =>
    void lines.push([level, message, fields]);
  const logger = {
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
  };
  return { logger, lines };
}

function sayAll(logger: Logger): void {
  for (const level of LOG_LEVELS) logger[level](`a ${level}`, { level });
}

describe('a level', () => {
  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ] as const)('%s lets through %j, fields and all', (level, expected) => {
    const { logger, lines } = recording();
    sayAll(loggerAtLevel(logger, level));
    expect(lines).toEqual(expected.map((each) => [each, `a ${each}`, { level: each }]));
  });
});

describe('the console', () => {
  const printed: string[] = [];

  beforeEach(() => {
    printed.length = 0;
    for (const method of ['log', 'info', 'debug', 'warn', 'error'] as const) {
      jest.spyOn(console, method).mockImplementation((...parts) => {
        printed.push(`${method}: ${parts.join(' ')}`);
      });
    }
  });

  afterEach(() => jest.restoreAllMocks());

  it('gets warnings and errors by default, on standard error', () => {
    sayAll(consoleLogger);
    expect(printed).toEqual(['warn: dust-orm: a warn', 'error: dust-orm: a error']);
  });

  it('gets the rest from the level asked for, on standard error too', () => {
    sayAll(createConsoleLogger('debug'));
    expect(printed).toEqual([
      'error: dust-orm debug: a debug',
      'error: dust-orm info: a info',
      'warn: dust-orm: a warn',
      'error: dust-orm: a error',
    ]);
  });

  it('hears of a data source at the level of its logging', async () => {
    const dataSource = await new DataSource({
      entities: [Note],
      name: 'notes',
      store: 'acme/notes',
      logging: 'info',
    }).initialize();
    await dataSource.destroy();
    expect(printed).toEqual([
      'error: dust-orm info: the data source "notes" is open on the store acme/notes',
      'error: dust-orm info: the data source "notes" is closed',
    ]);
  });
});

describe('the option logging', () => {
  it.each([
    [undefined, []],
    [true, []],
    [false, []],
    ['error', []],
    ['warn', []],
    ['info', ['info', 'info']],
    ['debug', ['info', 'info']],
  ] as const)('%p is a threshold for the logger given', async (logging, expected) => {
    const { logger, lines } = recording();
    const dataSource = new DataSource({
      entities: [Note],
      logger,
      ...(logging === undefined ? {} : { logging }),
    });
    await dataSource.initialize();
    await dataSource.destroy();
    expect(lines.map(([level]) => level)).toEqual(expected);
  });

  it('says nothing of closing what was not open, nor of opening what could not be', async () => {
    const { logger, lines } = recording();
    const options = { entities: [Note], logger, logging: 'debug' } as const;
    await new DataSource(options).destroy();
    const failing = new DataSource({
      ...options,
      transport: () => {
        throw new Error('no way there');
      },
    });
    await expect(failing.initialize()).rejects.toThrow('no way there');
    expect(lines).toEqual([]);
  });
});

describe('pino', () => {
  function pinoInto(lines: Record<string, unknown>[], level: string): Logger {
    return pinoLogger(
      pino({ level, base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line)) }),
    );
  }

  it("gets the message and its fields at pino's own level", () => {
    const lines: Record<string, unknown>[] = [];
    sayAll(pinoInto(lines, 'info'));
    expect(lines).toEqual([
      { level: 'info', msg: 'a info' },
      { level: 'warn', msg: 'a warn' },
      { level: 'error', msg: 'a error' },
    ]);
  });

  it('does not take a message for a format', () => {
    const lines: Record<string, unknown>[] = [];
    pinoInto(lines, 'warn').warn('100%s of %o', { records: 3 });
    pinoInto(lines, 'warn').warn('no fields, %d');
    expect(lines).toEqual([
      { level: 40, msg: '100%s of %o', records: 3 },
      { level: 40, msg: 'no fields, %d' },
    ]);
  });
});

it('takes loggers whose methods know the message alone', () => {
  const heard: string[] = [];
  const simple = {
    debug: () => undefined,
    info: () => undefined,
    warn: (message: string) => heard.push(message),
    error: (message: string) => heard.push(message),
  };
  const logger: Logger = simple;
  sayAll(logger);
  expect(heard).toEqual(['a warn', 'a error']);
});
