import { Readable } from 'node:stream';
import { setImmediate as settled } from 'node:timers/promises';
import { DustError } from '../../../../../src/errors.js';
import { streamBody } from '../../../../../src/transport/http/client/body-stream.js';
import type { Exchange } from '../../../../../src/transport/http/client/exchange.js';

const LOST = new DustError('network', 'Lost.', { detail: 'connection_lost' });

/** A body whose chunks the test gives, and whether the response timeout counts. */
function scene() {
  const source = new Readable({ read: () => undefined });
  const told = { isCounting: false, releases: 0, met: [] as unknown[] };
  const exchange = {
    awaitResponse: () => (told.isCounting = true),
    rest: () => (told.isCounting = false),
    failure: (error: unknown) => {
      told.met.push(error);
      return LOST;
    },
  } as unknown as Exchange;
  const body = streamBody(source, exchange, () => told.releases++);
  return { source, body, told };
}

it('passes on what comes, and gives everything back at the end', async () => {
  const { source, body, told } = scene();
  source.push('ab');
  source.push(null);
  expect(await body.toArray()).toEqual([Buffer.from('ab')]);
  await settled();
  expect([source.destroyed, body.destroyed, told.releases]).toEqual([true, true, 1]);
});

it('counts time while a chunk is waited for, and not while nobody asks for one', async () => {
  const { source, body, told } = scene();
  const isReadable = new Promise((resolve) => body.once('readable', resolve));
  await settled();
  expect(told.isCounting).toBe(true);
  // More than is read ahead.
  source.push(Buffer.alloc(1_000_000));
  await isReadable;
  expect(told.isCounting).toBe(false);
  body.read();
  expect(told.isCounting).toBe(true);
  body.destroy();
});

it('fails as the exchange says when it breaks, and gives everything back', async () => {
  const { source, body, told } = scene();
  const read = body.toArray();
  const broken = new Error('ECONNRESET');
  await settled();
  source.destroy(broken);
  await expect(read).rejects.toBe(LOST);
  expect([told.met, told.releases]).toEqual([[broken], 1]);
});

it('that its reader wants no more of gives everything back at once', async () => {
  const { source, body, told } = scene();
  body.destroy();
  await settled();
  expect([source.destroyed, told.releases]).toEqual([true, 1]);
});

it('that breaks while nobody reads is no error of the process, and is told by the next read', async () => {
  const { source, body } = scene();
  source.destroy(new Error('ECONNRESET'));
  await settled();
  await expect(body.toArray()).rejects.toBe(LOST);
});
