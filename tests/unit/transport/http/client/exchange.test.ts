import { Exchange } from '../../../../../src/transport/http/client/exchange.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const exchange = () =>
  new Exchange(
    { method: 'GET', target: '/', effect: 'read', origin: 'http://localhost', scrub: (text) => text },
    undefined,
    {
      connect: 100,
      response: 200,
      idle: 300,
      close: 400,
    },
  );

it('counts no time while nothing is waited for', async () => {
  const one = exchange();
  one.awaitResponse();
  expect(jest.getTimerCount()).toBe(1);
  one.rest();
  expect(jest.getTimerCount()).toBe(0);
  expect(await one.awaitToken(Promise.resolve('token'))).toBe('token');
  expect(jest.getTimerCount()).toBe(0);
});

it.each([
  [
    'token',
    (one: Exchange) => {
      one.awaitToken(new Promise(() => undefined)).catch(() => undefined);
    },
    100,
  ],
  [
    'connect',
    (one: Exchange) => {
      one.progress.connecting();
    },
    100,
  ],
  [
    'response',
    (one: Exchange) => {
      one.progress.connected(false);
    },
    200,
  ],
])('ends in its time while it waits: %s', (awaited, begin, ms) => {
  const one = exchange();
  begin(one);
  jest.advanceTimersByTime(ms - 1);
  expect(one.signal.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(one.signal.aborted).toBe(true);
  expect(one.failure(new Error('aborted'))).toMatchObject({
    kind: 'timeout',
    message: expect.stringContaining(awaited),
  });
});
