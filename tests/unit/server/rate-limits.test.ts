import { Entrance, networkOf } from '../../../src/server/access/entrance.js';
import { Limits } from '../../../src/server/access/limits.js';
import { RateLimiter } from '../../../src/server/access/rate-limiter.js';
import { Tokens } from '../../../src/server/access/tokens.js';
import type { RateLimits } from '../../../src/server/index.js';
import { DustServer, openStore } from '../../../src/server/index.js';
import type { Clock } from '../../../src/clock.js';
import { TestClock } from '../../../src/testing/index.js';
import { refusalOf } from '../store/open-store.js';
import { http } from './http.js';
import { connect, disconnectAll, socketUrl, statusOf } from './channel/sockets.js';
import { BASE, STORE, TOKEN, start, stopAll } from './running.js';

afterEach(async () => {
  disconnectAll();
  await stopAll();
});

const START = Date.UTC(2030, 0, 1);

test('each answer of a limited route says how the token stands', async () => {
  const clock = new TestClock(START);
  const { ask } = await start({ clock, rateLimits: { reads: 3, writes: 2 } });
  const first = await ask('PUT', '/entries/a', { body: 1 });
  expect(first.headers).toMatchObject({
    'x-ratelimit-limit': '2',
    'x-ratelimit-remaining': '1',
    'x-ratelimit-reset': String(START / 1000 + 60),
    date: new Date(START).toUTCString(),
  });
  const missing = await ask('GET', '/entries/none');
  expect([
    missing.status,
    missing.headers['x-ratelimit-limit'],
    missing.headers['x-ratelimit-remaining'],
  ]).toEqual([404, '3', '2']);
});

test('what is too much is refused, writes nothing, and passes again with the next minute', async () => {
  const clock = new TestClock(START);
  const { ask, store } = await start({ clock, rateLimits: { reads: 3, writes: 2 } });
  await ask('PUT', '/entries/a', { body: 1 });
  await clock.advance(18_500);
  await ask('PUT', '/entries/b', { body: 1 });
  const refused = await ask('PUT', '/entries/c', { body: 1 });
  expect([
    refused.status,
    refused.json,
    refused.headers['retry-after'],
    refused.headers['x-ratelimit-remaining'],
  ]).toEqual([429, { error: 'rate_limited' }, '42', '0']);
  expect(store.status().storeSeq).toBe(2);
  expect((await ask('GET', '/entries/a')).status).toBe(200);
  await clock.advance(41_500);
  expect((await ask('PUT', '/entries/c', { body: 1 })).status).toBe(200);
});

test('a batch counts once, and entries/batch counts as a write', async () => {
  const { ask } = await start({ rateLimits: { reads: 10, writes: 2 } });
  const ops = Array.from({ length: 500 }, (_, i) => ({ op: 'set', path: `a/${i}`, value: i }));
  expect((await ask('POST', '/entries/batch_write', { body: { ops } })).status).toBe(200);
  const read = await ask('POST', '/entries/batch', { body: { paths: ['a/1'] } });
  expect([read.status, read.headers['x-ratelimit-limit'], read.headers['x-ratelimit-remaining']]).toEqual([
    200,
    '2',
    '0',
  ]);
});

test('tokens do not share their limits; who has none uses up nothing', async () => {
  const other = 'another-token-of-these-tests';
  const { ask } = await start({ tokens: [{ token: TOKEN }, { token: other }], rateLimits: { writes: 1 } });
  expect(
    (await ask('PUT', '/entries/a', { body: 1, token: 'nobody-gave-this-out' })).headers,
  ).not.toHaveProperty('x-ratelimit-limit');
  expect((await ask('PUT', '/entries/a', { body: 1 })).status).toBe(200);
  expect((await ask('PUT', '/entries/a', { body: 1 })).status).toBe(429);
  expect((await ask('PUT', '/entries/a', { body: 1, token: other })).status).toBe(200);
});

test('switched off, nothing is counted or said', async () => {
  const { ask } = await start({ rateLimits: false });
  expect((await ask('GET', '/entries')).headers).not.toHaveProperty('x-ratelimit-limit');
});

describe('where nobody asked for limits', () => {
  const limitedOn = async (host: string): Promise<boolean> => {
    const store = await openStore();
    const server = new DustServer({ stores: { [STORE]: store }, tokens: [{ token: TOKEN }] });
    try {
      const { url } = await server.listen({ host, port: 0 });
      const { headers } = await http(url, { path: `${BASE}/entries`, token: TOKEN });
      return 'x-ratelimit-limit' in headers;
    } finally {
      await server.close();
      await store.close();
    }
  };

  test.each(['127.0.0.1', 'localhost'])('there are none on %s', async (host) => {
    expect(await limitedOn(host)).toBe(false);
  });

  test('there are the defaults where other machines reach the server', async () => {
    expect(await limitedOn('0.0.0.0')).toBe(true);
  });

  test('who asks for none has none anywhere, and who asks for some has them on loopback', async () => {
    const asked = await start({ rateLimits: {} });
    expect((await asked.ask('GET', '/entries')).headers['x-ratelimit-limit']).toBe('1000');
    const limits = new Limits(false);
    limits.openToOthers();
    expect(limits.of('reads')).toBeUndefined();
  });
});

test('a catch-up costs a read, and is refused when there is none left', async () => {
  const { url, ask } = await start({ rateLimits: { reads: 2 } });
  const client = await connect(url);
  await client.join();
  expect((await ask('GET', '/entries')).headers['x-ratelimit-remaining']).toBe('0');
  const refused = await client.ask('phx_join', { last_store_seq: 0 });
  expect(refused).toEqual({
    status: 'error',
    response: { reason: 'rate_limited', retry_after_ms: expect.any(Number) },
  });
  expect((await ask('GET', '/entries')).status).toBe(429);
});

describe('wrong tokens', () => {
  const wrong = (i: number): string => `nobody-has-this-token-${i}`;

  test('are refused for a minute once there were too many, over HTTP and at the socket', async () => {
    const clock = new TestClock(START);
    const { ask, url } = await start({ clock, rateLimits: { wrongTokens: 3 } });
    for (let i = 0; i < 2; i++) expect((await ask('GET', '/entries', { token: wrong(i) })).status).toBe(401);
    expect(await statusOf(socketUrl(url, { token: wrong(3) }))).toBe(403);
    await clock.advance(18_500);
    const refused = await ask('GET', '/entries', { token: wrong(4) });
    expect([refused.status, refused.json, refused.headers['retry-after']]).toEqual([
      429,
      { error: 'rate_limited' },
      '42',
    ]);
    expect(await statusOf(socketUrl(url, { token: wrong(5) }))).toBe(429);
    expect((await ask('GET', '/api/files/sha256:0', { token: wrong(6) })).status).toBe(429);
    await clock.advance(41_500);
    expect((await ask('GET', '/entries', { token: wrong(7) })).status).toBe(401);
  });

  test('do not keep out a token that its address has had right before; a guess that is right has to wait', async () => {
    const other = 'another-token-of-these-tests';
    const clock = new TestClock(START);
    const { ask, url } = await start({
      clock,
      tokens: [{ token: TOKEN }, { token: other }],
      rateLimits: { wrongTokens: 1 },
    });
    await ask('GET', '/entries');
    for (let i = 0; i < 3; i++) await ask('GET', '/entries', { token: wrong(i) });
    expect((await ask('GET', '/entries')).status).toBe(200);
    expect(await statusOf(socketUrl(url))).toBe(101);
    expect((await ask('GET', '/entries', { token: other })).status).toBe(429);
    await clock.advance(60_000);
    expect((await ask('GET', '/entries', { token: other })).status).toBe(200);
  });

  test('a request without any is no guess', async () => {
    const { url } = await start({ rateLimits: { wrongTokens: 1 } });
    for (let i = 0; i < 3; i++) expect((await http(url, { path: `${BASE}/entries` })).status).toBe(401);
  });

  describe('of many addresses', () => {
    const scene = () => {
      const clock = new TestClock(START);
      const entrance = new Entrance(new Tokens([{ token: TOKEN }]), new Limits({ wrongTokens: 1 }), clock);
      const kindOf = (secret: string, address: string): string => {
        try {
          entrance.admit(secret, address);
          return 'admitted';
        } catch (error) {
          return (error as { kind: string }).kind;
        }
      };
      return { clock, kindOf };
    };
    const addressOf = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;

    test('do no harm to others, and more than are kept in mind cost nothing more', () => {
      const { kindOf } = scene();
      expect([kindOf('x', addressOf(0)), kindOf('x', addressOf(0))]).toEqual([
        'unauthorized',
        'rate_limited',
      ]);
      for (let i = 1; i < 10_000; i++) kindOf('x', addressOf(i));
      expect(kindOf('x', addressOf(0))).toBe('rate_limited');
      expect(kindOf(TOKEN, addressOf(10_000))).toBe('admitted');
      expect(kindOf('x', addressOf(0))).toBe('unauthorized');
      expect(kindOf('x', addressOf(9_999))).toBe('rate_limited');
    });

    test('forget those whose minute began first, and not who has been known longest', async () => {
      const { clock, kindOf } = scene();
      for (let i = 0; i < 10_000; i++) kindOf('x', addressOf(i));
      await clock.advance(60_000);
      expect([kindOf('x', addressOf(0)), kindOf('x', addressOf(0))]).toEqual([
        'unauthorized',
        'rate_limited',
      ]);
      kindOf('x', addressOf(10_000));
      expect(kindOf('x', addressOf(0))).toBe('rate_limited');
    });
  });

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['', ''],
  ])('%s stands for %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('limiter', () => {
  const owner = {};
  const limiterOf = (limits: RateLimits, clock: Clock): RateLimiter =>
    new RateLimiter(new Limits(limits), clock);

  test('the defaults are those of a Dust server', () => {
    const limiter = limiterOf({}, new TestClock(START));
    expect([limiter.take(owner, 'reads')?.limit, limiter.take(owner, 'writes')?.limit]).toEqual([1000, 100]);
  });

  test('a minute begins with the first request', async () => {
    const clock = new TestClock(START);
    const limiter = limiterOf({ reads: 2 }, clock);
    await clock.advance(59_999);
    limiter.take(owner, 'reads');
    await clock.advance(59_999);
    expect(limiter.take(owner, 'reads')).toMatchObject({ allowed: true, remaining: 0, retryAfter: 1 });
    expect(limiter.take(owner, 'reads')?.allowed).toBe(false);
    await clock.advance(1);
    expect(limiter.take(owner, 'reads')).toMatchObject({ allowed: true, remaining: 1, retryAfter: 60_000 });
  });

  test('a clock that is set back locks nobody out', () => {
    let now = START;
    const limiter = limiterOf({ reads: 1 }, { now: () => now, schedule: () => () => undefined });
    limiter.take(owner, 'reads');
    now -= 3_600_000;
    expect(limiter.take(owner, 'reads')).toMatchObject({ allowed: true, retryAfter: 60_000 });
  });

  test('a minute lasts a minute, whatever is done to the time of day', () => {
    let [now, monotonic] = [START, 0];
    const clock = { now: () => now, monotonic: () => monotonic, schedule: () => () => undefined };
    const limiter = limiterOf({ reads: 1 }, clock);
    limiter.take(owner, 'reads');
    for (const step of [-950_400_000, 950_400_000]) {
      now = START + step;
      monotonic += 10_000;
      expect(limiter.take(owner, 'reads')).toMatchObject({
        allowed: false,
        retryAfter: 60_000 - monotonic,
        resetsAt: now + 60_000 - monotonic,
      });
    }
    monotonic = 60_000;
    expect(limiter.take(owner, 'reads')?.allowed).toBe(true);
  });

  test.each([0, -1, 1.5, NaN])('%s requests a minute make no sense', async (reads) => {
    const error = await refusalOf(() => new Limits({ reads }));
    expect(error.kind).toBe('invalid_options');
  });
});
