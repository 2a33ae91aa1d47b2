import { jsonCodec, messagePackCodec } from '../../../../src/protocol/wire/frame-codec.js';
import type { ImitatedFault } from '../../../../src/server/index.js';
import { start, stopAll } from '../running.js';
import { Room } from './clients.js';
import { connect, disconnectAll } from './sockets.js';

afterEach(async () => {
  disconnectAll();
  await stopAll();
});

const file = (path: string, content = 'aGk=') => ({
  path,
  content,
  filename: 'a.txt',
  client_op_id: `file-${path}`,
});

const crashes = (client: { all(event: string): unknown[] }): number => client.all('phx_error').length;

describe('second-file-crash', () => {
  test('a second file ends the channel of whoever stores it, again and again, and nothing is stored', async () => {
    const room = new Room({ imitate: ['second-file-crash'] });
    const [first, second] = [await room.joined('first'), await room.joined('second')];
    expect(await first.ask('put_file', file('f/1'))).toMatchObject({ status: 'ok' });
    for (let times = 1; times < 3; times++) {
      expect(await second.ask('put_file', file('f/2'))).toBeUndefined();
      expect(crashes(second)).toBe(times);
      second.join(1);
      await room.caughtUp();
    }
    expect([crashes(first), room.store.exists('f/2'), room.logged]).toEqual([0, false, []]);
  });

  test('an empty file counts, and so do two at once', async () => {
    const room = new Room({ imitate: ['second-file-crash'] });
    const client = await room.joined();
    client.push('put_file', file('f/1', ''));
    client.push('put_file', file('f/2'));
    await room.caughtUp();
    expect([crashes(client), room.store.exists('f/1'), room.store.exists('f/2')]).toEqual([1, true, false]);
  });

  test('a refused file does not count', async () => {
    const room = new Room({ imitate: ['second-file-crash'] });
    const client = await room.joined();
    expect(await client.ask('put_file', file('f//1'))).toMatchObject({ status: 'error' });
    expect(await client.ask('put_file', file('f/1'))).toMatchObject({ status: 'ok' });
  });
});

test('unknown-event-crash: an unknown event ends its channel', async () => {
  const client = await new Room({ imitate: ['unknown-event-crash'] }).joined();
  expect(await client.ask('nonsense')).toBeUndefined();
  expect(crashes(client)).toBe(1);
  const plain = await new Room().joined();
  expect((await plain.ask('nonsense')).response).toEqual({ reason: 'unknown event' });
});

test('whole-window-retry: the wait is always told as 60 s', async () => {
  for (const [imitate, wait] of [
    [[], 30_000],
    [['whole-window-retry'], 60_000],
  ] as const) {
    const room = new Room({ imitate, rateLimits: { writes: 1 } });
    const client = await room.joined();
    await client.write({ op: 'set', path: 'a', value: 1 });
    await room.clock.advance(30_000);
    expect((await client.write({ op: 'set', path: 'a', value: 1 })).response).toEqual({
      reason: 'rate_limited',
      retry_after_ms: wait,
    });
  }
});

test('unordered-events: what others write comes behind what follows it, and all of it comes', async () => {
  const room = new Room({ imitate: ['unordered-events'] });
  const [watcher, writer] = [await room.joined('watcher'), await room.joined('writer')];
  for (let i = 0; i < 5; i++) await writer.write({ op: 'set', path: 'a', value: i });
  await watcher.write({ op: 'set', path: 'b', value: 1 });
  await writer.write({ op: 'set', path: 'c', value: 1 });
  expect(watcher.seqs).toEqual([2, 1, 4, 3, 6, 5]);
  await room.caughtUp();
  expect(watcher.seqs).toEqual([2, 1, 4, 3, 6, 5, 7]);
});

test('unordered-events: what is kept back is told to nobody once its channel has ended', async () => {
  const room = new Room({ imitate: ['unordered-events'] });
  const [watcher, writer] = [await room.joined('watcher'), await room.joined('writer')];
  await writer.write({ op: 'set', path: 'a', value: 1 });
  expect(await watcher.ask('phx_leave')).toEqual({ status: 'ok', response: {} });
  await room.caughtUp();
  expect(watcher.seqs).toEqual([]);
});

test('slow-catch-up: a page takes 5 ms for each of its operations', async () => {
  const room = new Room({ imitate: ['slow-catch-up'] });
  await room.fill(1200);
  const client = room.client();
  client.join();
  await room.caughtUp();
  await room.clock.advance(4999);
  expect(client.seqs).toEqual([]);
  await room.clock.advance(1);
  expect(client.seqs).toHaveLength(1000);
  await room.caughtUp();
  await room.clock.advance(1000);
  expect([client.seqs.length, client.all('catch_up_complete')]).toEqual([1200, [{ through_seq: 1200 }]]);
  const gone = room.client('gone');
  gone.join();
  await room.caughtUp();
  const { pending } = room.clock;
  gone.session.close();
  // The page that was to come, and the watches over the session's silence.
  expect(room.clock.pending).toBe(pending - 3);
});

describe('what MessagePack cannot pack', () => {
  const raw = { headers: { 'content-type': 'application/json' } };

  /** What becomes of a client that joins when `body` has been written to `a`, and of one that has joined before. */
  async function outcomes(imitate: readonly ImitatedFault[], codec: typeof jsonCodec, body: string) {
    const { url, ask, store, logged } = await start({ imitate });
    const early = await connect(url, { codec, device_id: 'early' });
    await early.join();
    const end = (client: typeof early): Promise<string> =>
      client
        .next(({ 3: event, 4: payload }) => event === 'phx_error' || (payload as any).path === 'a')
        .then(({ 3: event }) => event);
    const live = end(early);
    expect((await ask('PUT', '/entries/a', { ...raw, raw: body })).status).toBe(200);
    const late = await connect(url, { codec, device_id: 'late' });
    const caughtUp = end(late);
    late.send('phx_join', { last_store_seq: 0 });
    const told = [await live, await caughtUp];
    await store.compact({ keep: 0 });
    const after = await connect(url, { codec, device_id: 'after' });
    const snapshot = after.next(({ 3: event }) => event === 'phx_error' || event === 'snapshot');
    after.send('phx_join', { last_store_seq: 0 });
    expect(logged).toEqual([]);
    return [...told, (await snapshot)[3]];
  }

  const DECIMAL = '{"_typed":"1.5","_type":"decimal"}';

  test.each([
    ['900000000000000000000', ['phx_error', 'phx_error', 'phx_error']],
    ['{"deep":{"n":-10000000000000000000}}', ['phx_error', 'phx_error', 'phx_error']],
    ['9.0e20', ['event', 'event', 'snapshot']],
    ['9007199254740993', ['event', 'event', 'snapshot']],
  ])('unpackable-integers: %s', async (body, expected) => {
    expect(await outcomes(['unpackable-integers'], messagePackCodec, body)).toEqual(expected);
  });

  test('the same integer over JSON is told', async () => {
    expect(await outcomes(['unpackable-integers'], jsonCodec, '900000000000000000000')).toEqual([
      'event',
      'event',
      'snapshot',
    ]);
  });

  test('unpackable-envelopes: live a decimal is told, a catch-up ends', async () => {
    expect(await outcomes(['unpackable-envelopes'], messagePackCodec, DECIMAL)).toEqual([
      'event',
      'phx_error',
      'phx_error',
    ]);
    expect(await outcomes(['unpackable-envelopes'], jsonCodec, DECIMAL)).toEqual([
      'event',
      'event',
      'snapshot',
    ]);
    expect(await outcomes([], messagePackCodec, DECIMAL)).toEqual(['event', 'event', 'snapshot']);
  });

  test('an integer that a client writes over JSON counts, and a float does not', async () => {
    for (const [text, type] of [
      ['900000000000000000000', 'integer'],
      ['9.0e20', 'float'],
    ] as const) {
      const { url, store } = await start({ imitate: ['unpackable-integers'] });
      const client = await connect(url);
      await client.join();
      const told = client.next(({ 3: event }) => event === 'event');
      client.socket.send(
        `["1","9","store:acme/demo","write",{"op":"set","path":"a","value":${text},"client_op_id":"w"}]`,
      );
      await told;
      expect(store.get('a')).toMatchObject({ value: 9e20, type });
    }
  });
});
