import type { DustServerOptions, ServeOptions } from '../../../src/server/index.js';
import { DustServer, openStore, serve } from '../../../src/server/index.js';
import { refusalOf } from '../store/open-store.js';

const TOKEN = 'the-token-of-these-tests';
const tokens = [{ token: TOKEN }];

/** Options as JavaScript hands them over, where nobody has looked at their types. */
const untyped = (options: unknown): never => options as never;

test.each<[string, unknown]>([
  ['serve', null],
  ['serve', 'a/b'],
  ['stores', { stores: 5 }],
  ['stores', { stores: 'a/b' }],
  ['stores', { stores: [5] }],
  ['host', { host: 5 }],
  ['host', { host: '' }],
  ['port', { port: 'x' }],
  ['port', { port: '7755' }],
  ['port', { port: -1 }],
  ['port', { port: 65_536 }],
  ['port', { port: 1.5 }],
  ['data', { data: 5 }],
  ['data', { data: '' }],
  ['data', { data: null }],
  ['fileURLToPath', { data: 'file:///srv/data' }],
  ['tokens', { tokens: TOKEN }],
  ['tokens', { tokens: null }],
  ['tokens[0]', { tokens: [null] }],
  ['tokens[0]', { tokens: [TOKEN] }],
  ['tokens[0]: scopes', { tokens: [{ token: TOKEN, scopes: 'entries:read' }] }],
  ['tokens[0]: stores', { tokens: [{ token: TOKEN, stores: 'local/default' }] }],
  ['tokens[0]: name', { tokens: [{ token: TOKEN, name: 5 }] }],
  ['bounds', { bounds: null }],
  ['rateLimits', { rateLimits: null }],
  ['rateLimits', { rateLimits: true }],
  ['imitate', { imitate: '0.2' }],
  ['clock', { clock: {} }],
  ['logger', { logger: console.log }],
])('serve says that %s is of the wrong kind, and opens nothing', async (named, options) => {
  const refusal = await refusalOf(serve(untyped(options)));
  expect(refusal.kind).toBe('invalid_options');
  expect(refusal.message).toContain(named);
  expect(refusal.message).not.toContain(TOKEN);
});

test.each<[string, (stores: DustServerOptions['stores']) => unknown]>([
  ['options', () => undefined],
  ['options', () => null],
  ['stores', () => ({ tokens })],
  ['stores', () => ({ tokens, stores: null })],
  ['stores', () => ({ tokens, stores: { 'a/b': 5 } })],
  ['stores', () => ({ tokens, stores: ['a/b'] })],
  ['tokens', (stores) => ({ stores })],
  ['bounds', (stores) => ({ stores, tokens, bounds: null })],
])('DustServer says that %s is of the wrong kind', async (named, optionsOf) => {
  const store = await openStore();
  try {
    const make = (): DustServer => new DustServer(untyped(optionsOf({ 'a/b': store })));
    expect(make).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining(named) }),
    );
  } finally {
    await store.close();
  }
});

test('an option that is undefined is one left out', async () => {
  const all: ServeOptions = {
    port: 0,
    host: undefined,
    data: undefined,
    stores: undefined,
    tokens: undefined,
    bounds: undefined,
    rateLimits: undefined,
    imitate: undefined,
    clock: undefined,
    logger: undefined,
  };
  const server = await serve(all);
  await server.close();
});
