import type { DustRetryMessage, LogFields } from '../../../src/index.js';
import { DustError, RETRY_CHANNEL, silentLogger } from '../../../src/index.js';
import { TestClock } from '../../../src/testing/index.js';
import type { HttpClient, HttpRequest } from '../../../src/transport/http/client/http-client.js';
import { RetryClient } from '../../../src/transport/http/retry/retry-client.js';
import { resolveRetry } from '../../../src/transport/http/retry/retry-policy.js';
import { heardOn, stopListening } from './listening.js';

afterEach(stopListening);

const REQUEST: HttpRequest = { method: 'GET', target: '/r?q=1', effect: 'read', path: 'links/a' };

it('a request that is sent again is told on its channel and in the log', async () => {
  const clock = new TestClock();
  const errors = [
    new DustError('network', 'It broke.', { path: 'links/a' }),
    new DustError('rate_limited', 'Too many.', { retryAfter: 2 }),
  ];
  const left = [...errors];
  const inner: HttpClient = {
    send: () => {
      const error = left.shift();
      if (error !== undefined) return Promise.reject(error);
      return Promise.resolve({ status: 200, headers: new Map(), body: 'done' });
    },
    close: () => undefined,
  };
  const lines: [string, LogFields | undefined][] = [];
  const client = new RetryClient(inner, {
    policy: resolveRetry({ attempts: 3, baseDelay: 100 }),
    clock,
    random: () => 0.5,
    origin: 'https://dustlayer.io',
    logger: { ...silentLogger, info: (message, fields) => void lines.push([message, fields]) },
  });
  const heard = heardOn<DustRetryMessage>(RETRY_CHANNEL);
  const answer = client.send(REQUEST);
  await clock.advance(50);
  await clock.advance(2000);
  expect((await answer).body).toBe('done');
  const about = { origin: 'https://dustlayer.io', method: 'GET', maxAttempts: 3 };
  expect(heard).toEqual([
    { ...about, path: 'links/a', attempt: 1, delay: 50, error: errors[0] },
    { ...about, path: undefined, attempt: 2, delay: 2000, error: errors[1] },
  ]);
  expect(lines).toEqual([
    [
      'A GET at https://dustlayer.io failed for now (network), attempt 1 of 3; the next is in 50 ms.',
      { ...about, kind: 'network', attempt: 1, delay: 50 },
    ],
    [
      'A GET at https://dustlayer.io failed for now (rate_limited), attempt 2 of 3; the next is in 2000 ms.',
      { ...about, kind: 'rate_limited', attempt: 2, delay: 2000 },
    ],
  ]);
});

it('a request that is given up is not told as one that is sent again', async () => {
  const failed = new DustError('network', 'It broke.');
  const client = new RetryClient(
    { send: () => Promise.reject(failed), close: () => undefined },
    {
      policy: resolveRetry({ attempts: 1 }),
      clock: new TestClock(),
      random: () => 0,
      origin: 'https://dustlayer.io',
      logger: silentLogger,
    },
  );
  const heard = heardOn(RETRY_CHANNEL);
  await expect(client.send(REQUEST)).rejects.toBe(failed);
  expect(heard).toEqual([]);
});
