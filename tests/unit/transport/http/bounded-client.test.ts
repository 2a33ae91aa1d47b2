import { BoundedClient } from '../../../../src/transport/http/client/bounded-client.js';
import type { HttpRequest } from '../../../../src/transport/http/client/http-client.js';

const put = (length: number): HttpRequest => ({
  method: 'PUT',
  target: '/',
  effect: 'idempotent',
  body: 'x'.repeat(length - 2),
});

it('closes the client inside', () => {
  const inner = { send: () => Promise.reject(new Error('not asked')), close: jest.fn() };
  new BoundedClient(inner, { count: 1, bytes: 1 }).close();
  expect(inner.close).toHaveBeenCalledTimes(1);
});

test.each([
  ['so many requests', { count: 2, bytes: 1e9 }, [10, 10], 10],
  ['so many bytes of their bodies', { count: 10, bytes: 100 }, [60, 40], 2],
  ['one that is alone, whatever its length', { count: 10, bytes: 100 }, [1000], 2],
])('there is room for %s, until they are answered or have failed', async (_, bound, fitting, oneMore) => {
  const settle: ((error?: Error) => void)[] = [];
  const inner = {
    send: () =>
      new Promise<never>((_resolve, reject) => {
        settle.push((error = new Error('failed')) => {
          reject(error);
        });
      }),
    close: () => undefined,
  };
  const client = new BoundedClient(inner, bound);
  const sent = fitting.map((length) => client.send(put(length)));
  await expect(client.send(put(oneMore))).rejects.toMatchObject({
    kind: 'rate_limited',
    detail: 'outbox_full',
  });
  expect(settle).toHaveLength(fitting.length);
  for (const fail of settle) fail();
  expect((await Promise.allSettled(sent)).every(({ status }) => status === 'rejected')).toBe(true);
  const later = client.send(put(50));
  settle.at(-1)?.();
  await expect(later).rejects.toThrow('failed');
});
