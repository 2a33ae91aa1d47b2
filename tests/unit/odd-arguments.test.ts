import type { DustError } from '../../src/errors.js';
import {
  DataSource,
  EmbeddedTransport,
  HttpTransport,
  createConsoleLogger,
  dataSourceOptionsFromEnv,
  parsePath,
  pinoLogger,
  renderPath,
} from '../../src/index.js';
import { Store } from '../../src/server/index.js';
import { TestClock, TestDataSource, createTestDataSource } from '../../src/testing/index.js';

const ODD: readonly unknown[] = [null, 'nope', 5, {}, [null]];
const SECRET = 'dust_tok_0123456789abcdef';
const REMOTE = { url: 'http://127.0.0.1:1', token: SECRET, store: 'a/b' };

/** Arguments as JavaScript hands them over. */
const untyped = (value: unknown): never => value as never;

async function refusalOf(call: () => unknown): Promise<string> {
  try {
    await call();
    return 'done';
  } catch (error) {
    return (error as DustError).kind ?? String(error);
  }
}

const calls: readonly (readonly [string, string, (odd: unknown) => unknown, readonly unknown[]])[] = [
  ['parsePath', 'invalid_params', (odd) => parsePath(untyped(odd)), [null, 5, {}, ['a'], undefined]],
  [
    'renderPath',
    'invalid_params',
    (odd) => renderPath(untyped(odd)),
    [...ODD, undefined, [5], ['a', undefined]],
  ],
  [
    'new Store',
    'invalid_options',
    (odd) => new Store(untyped(odd)),
    [...ODD, { storage: null }, { storage: {} }],
  ],
  ['createConsoleLogger', 'invalid_options', (odd) => createConsoleLogger(untyped(odd)), [...ODD, undefined]],
  [
    'pinoLogger',
    'invalid_options',
    (odd) => pinoLogger(untyped(odd)),
    [...ODD, undefined, { info: () => {} }],
  ],
  [
    'new TestClock',
    'invalid_options',
    (odd) => new TestClock(untyped(odd)),
    [null, 'nope', {}, NaN, { start: 5 }],
  ],
  [
    'advance',
    'invalid_params',
    (odd) => new TestClock().advance(untyped(odd)),
    [null, '5', {}, undefined, -1, NaN],
  ],
];

it.each(calls)('%s refuses what is of another kind', async (_, kind, call, odds) => {
  for (const odd of odds) expect([odd, await refusalOf(() => call(odd))]).toEqual([odd, kind]);
});

it.each([null, 'text', [], { DUST_TOKEN: 5 }, { DUST_STORE: null }, { DUST_TOKEN: { secret: SECRET } }])(
  'dataSourceOptionsFromEnv refuses %j, and shows no token',
  (env) => {
    expect(() => dataSourceOptionsFromEnv(untyped(env))).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.not.stringContaining(SECRET) }),
    );
  },
);

describe('a data source for tests', () => {
  it.each([null, undefined, 'set', 5, []])('refuses to emit %j', async (operation) => {
    const dust = await createTestDataSource({ entities: [] });
    expect(await refusalOf(() => dust.emit(untyped(operation)))).toBe('invalid_params');
    await dust.destroy();
  });

  it.each(['nope', null, undefined, 5, 'toString'])('cannot fail with the kind %j', (kind) => {
    const dust = new TestDataSource({ entities: [] });
    expect(() => dust.failNext(untyped(kind))).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining('kind of error') }),
    );
    expect(dust.pendingFailures).toBe(0);
    expect(() => dust.failNext('conflict')).not.toThrow();
  });
});

it.each(['x'.repeat(256), '', '\ud800', 5, null])(
  'a device id that no server takes is refused (%#)',
  (id) => {
    const deviceId = untyped(id);
    for (const make of [
      () => new DataSource({ entities: [], deviceId }),
      () => new DataSource({ ...REMOTE, entities: [], deviceId }),
      () => new EmbeddedTransport({ deviceId }),
      () => new HttpTransport({ ...REMOTE, deviceId }),
    ]) {
      expect(make).toThrow(
        expect.objectContaining({ kind: 'invalid_options', message: expect.stringMatching(/deviceId.*255/) }),
      );
    }
    expect(() => new DataSource({ ...REMOTE, entities: [], deviceId: 'x'.repeat(255) })).not.toThrow();
  },
);
