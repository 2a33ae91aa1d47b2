import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { TestClock } from '../../../src/testing/index.js';
import { Room } from './channel/clients.js';
import type { Running } from './running.js';
import { start, stopAll } from './running.js';

afterEach(stopAll);

const sets = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ op: 'set', path: `b/${i}`, value: i }));

/** Resolves when a request has come so far that it waits for the clock. */
async function waiting(clock: TestClock, timers: number): Promise<void> {
  while (clock.pending < timers) await turnOfTheLoop();
}

/** A server whose store holds 5,000 leaves, in which a thousand sets take 5.5 s. */
async function full(
  imitate: readonly ['late-writer'] | readonly ['slow-batches'],
): Promise<Running & { clock: TestClock }> {
  const clock = new TestClock();
  const running = await start({ clock, imitate, bounds: { readTimeout: 600_000 } });
  for (let page = 0; page < 5; page++) {
    const operations = Array.from({ length: 1000 }, (_, i) => ({
      op: 'set' as const,
      path: `k/${page}/${i}`,
      value: i,
    }));
    await running.store.writeBatch({ operations });
  }
  return { ...running, clock };
}

const WRITER_UNAVAILABLE = /^\{:writer_unavailable, \{:timeout, /;

test('a batch that is not done after 5 s is answered 400, and committed all the same', async () => {
  const { ask, store, clock, logged } = await full(['late-writer']);
  const answering = ask('POST', '/entries/batch_write', { body: { ops: sets(1000) } });
  await waiting(clock, 2);
  await clock.advance(5000);
  const { status, json } = await answering;
  expect([status, json]).toEqual([
    400,
    { error: 'invalid_params', detail: expect.stringMatching(WRITER_UNAVAILABLE) },
  ]);
  expect([store.status().storeSeq, logged]).toEqual([5000, []]);
  await clock.advance(500);
  expect([store.status().storeSeq, clock.pending]).toEqual([6000, 0]);
});

test('a small batch is in time', async () => {
  const { ask, store, clock } = await full(['late-writer']);
  const answering = ask('POST', '/entries/batch_write', { body: { ops: sets(500) } });
  await waiting(clock, 2);
  await clock.advance(2750);
  expect([(await answering).status, store.status().storeSeq, clock.pending]).toEqual([200, 5500, 0]);
});

test('slow batches are answered when they are done, however long it takes', async () => {
  const { ask, store, clock } = await full(['slow-batches']);
  const answering = ask('POST', '/entries/batch_write', { body: { ops: sets(1000) } });
  await waiting(clock, 1);
  await clock.advance(5499);
  expect(store.status().storeSeq).toBe(5000);
  await clock.advance(1);
  expect([(await answering).status, store.status().storeSeq]).toEqual([200, 6000]);
});

test('a refusal that comes too late is heard by nobody', async () => {
  const { ask, store, clock, logged } = await full(['late-writer']);
  const ops = [...sets(999), { op: 'delete', path: 'none', if_match: 7 }];
  const answering = ask('POST', '/entries/batch_write', { body: { ops } });
  await waiting(clock, 2);
  await clock.advance(60_000);
  expect((await answering).status).toBe(400);
  expect([store.status().storeSeq, logged]).toEqual([5000, []]);
});

test('a server that closes does at once what waits', async () => {
  const { ask, store, server, clock } = await full(['late-writer']);
  const answering = ask('POST', '/entries/batch_write', { body: { ops: sets(1000) } });
  await waiting(clock, 2);
  await clock.advance(5000);
  expect((await answering).status).toBe(400);
  await server.close();
  expect([store.status().storeSeq, clock.pending]).toEqual([6000, 0]);
});

test('what waits behind a slow write over the channel is late, told with the same text, and seen by all', async () => {
  const room = new Room({ imitate: ['late-writer'] });
  await room.fill(3000);
  const [writer, watcher] = [await room.joined('writer'), await room.joined('watcher')];
  // One set in 3,000 leaves takes 4.1 ms, so the last of 1,300 is done after 5 s.
  const refs = Array.from({ length: 1300 }, (_, i) =>
    writer.push('write', { op: 'set', path: 'x', value: i, client_op_id: `op-${i}` }),
  );
  await room.clock.advance(5000);
  const last = writer.replyTo(refs.at(-1)!);
  expect(last).toEqual({ status: 'error', response: { reason: expect.stringMatching(WRITER_UNAVAILABLE) } });
  expect(writer.replyTo(refs[0]!)).toMatchObject({ status: 'ok' });
  expect(room.store.get('x')?.value).toBeLessThan(1299);
  await room.clock.advance(1000);
  expect(room.store.get('x')?.value).toBe(1299);
  expect(watcher.seqs.at(-1)).toBe(4300);
  const late = await room.joined('late');
  expect(late.seqs.at(-1)).toBe(4300);
  expect(room.logged).toEqual([]);
});

test('with 0.1 a write that the store itself is slow with is late', async () => {
  const clock = new TestClock();
  const { ask, store } = await start({ clock, imitate: '0.1' });
  let finish = (): void => undefined;
  const write = store.write.bind(store);
  jest.spyOn(store, 'write').mockImplementationOnce(async (request) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return write(request);
  });
  const answering = ask('PUT', '/entries/a', { body: 1 });
  await waiting(clock, 1);
  await clock.advance(5000);
  expect((await answering).json.detail).toMatch(WRITER_UNAVAILABLE);
  finish();
  await turnOfTheLoop();
  expect(store.get('a')?.value).toBe(1);
});
