import { RateLimiter } from '../../../src/server/access/rate-limiter.js';
import { TestClock } from '../../../src/testing/index.js';
import { refusalOf } from '../store/open-store.js';
import { TOKEN, start, stopAll } from './running.js';

afterEach(stopAll);

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

describe('limiter', () => {
  const owner = {};

  test('the defaults are those of a Dust server', () => {
    const limiter = new RateLimiter(undefined, new TestClock(START));
    expect([limiter.take(owner, 'reads')?.limit, limiter.take(owner, 'writes')?.limit]).toEqual([1000, 100]);
  });

  test('a minute begins with the first request', async () => {
    const clock = new TestClock(START);
    const limiter = new RateLimiter({ reads: 2 }, clock);
    await clock.advance(59_999);
    limiter.take(owner, 'reads');
    await clock.advance(59_999);
    expect(limiter.take(owner, 'reads')).toMatchObject({ allowed: true, remaining: 0, retryAfter: 1 });
    expect(limiter.take(owner, 'reads')?.allowed).toBe(false);
    await clock.advance(1);
    expect(limiter.take(owner, 'reads')).toMatchObject({ allowed: true, remaining: 1, retryAfter: 60 });
  });

  test('a clock that is set back locks nobody out', () => {
    let now = START;
    const limiter = new RateLimiter({ reads: 1 }, { now: () => now, schedule: () => () => undefined });
    limiter.take(owner, 'reads');
    now -= 3_600_000;
    expect(limiter.take(owner, 'reads')).toMatchObject({ allowed: true, retryAfter: 60 });
  });

  test.each([0, -1, 1.5, NaN])('%s requests a minute make no sense', async (reads) => {
    const error = await refusalOf(() => new RateLimiter({ reads }, new TestClock()));
    expect(error.kind).toBe('invalid_options');
  });
});
