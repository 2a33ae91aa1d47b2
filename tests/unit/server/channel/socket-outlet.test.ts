import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { Budget } from '../../../../src/protocol/requests/budget.js';
import type { FrameCodec } from '../../../../src/protocol/wire/frame-codec.js';
import { jsonCodec, messagePackCodec } from '../../../../src/protocol/wire/frame-codec.js';
import type { Frame } from '../../../../src/protocol/wire/frames.js';
import { snapshotPieces } from '../../../../src/protocol/wire/snapshot-pieces.js';
import { EncodedSnapshot } from '../../../../src/server/channel/catch-up/shared-snapshots.js';
import { SocketOutlet } from '../../../../src/server/channel/socket/socket-outlet.js';
import { TestClock } from '../../../../src/testing/index.js';

const FRAME: Frame = ['1', null, 'store:acme/demo', 'event', {}];
const BOUND = 1000;

/** A frame of so many bytes. */
const frameOf = (bytes: number): Frame => {
  const frame: Frame = ['1', null, 'store:acme/demo', 'event', ''];
  return [...frame.slice(0, 4), 'x'.repeat(bytes - JSON.stringify(frame).length)] as unknown as Frame;
};

/** A socket that has sent what it was told to when the test says so. */
function openSocket({
  codec = jsonCodec,
  bound = BOUND,
  unread = new Budget({ count: 1e9, bytes: 1e9 }),
}: { codec?: FrameCodec; bound?: number; unread?: Budget } = {}) {
  const calls: (string | Uint8Array)[] = [];
  const fins: boolean[] = [];
  const sent: (() => void)[] = [];
  const clock = new TestClock();
  let stalled = 0;
  const socket = {
    bufferedAmount: 0,
    send: (data: string | Uint8Array, { fin = true }: { fin?: boolean }, done: () => void) => {
      calls.push(data);
      fins.push(fin);
      sent.push(done);
    },
  };
  const connection = { cork: () => calls.push('cork'), uncork: () => calls.push('uncork') };
  const outlet = new SocketOutlet({
    socket: socket as unknown as WebSocket,
    connection: connection as unknown as Duplex,
    codec,
    bound,
    unread,
    clock,
    readTimeout: 30_000,
    onStalled: () => stalled++,
  });
  return { socket, outlet, calls, fins, sent, clock, unread, stalled: () => stalled };
}

test('the frames of one turn of the event loop go together', async () => {
  const { outlet, calls } = openSocket();
  const text = JSON.stringify(FRAME);
  outlet.send(FRAME);
  outlet.send(FRAME);
  await turnOfTheLoop();
  outlet.send(FRAME);
  await turnOfTheLoop();
  expect(calls).toEqual(['cork', text, text, 'uncork', 'cork', text, 'uncork']);
});

test('no more than 64 frames go together', async () => {
  const { outlet, calls } = openSocket();
  for (let i = 0; i < 65; i++) outlet.send(FRAME);
  expect(calls.filter((call) => call === 'cork')).toHaveLength(2);
  expect(calls.indexOf('uncork')).toBe(65);
  await turnOfTheLoop();
  expect(calls.filter((call) => call === 'uncork')).toHaveLength(2);
  expect(calls.at(-1)).toBe('uncork');
});

describe.each([
  ['JSON', jsonCodec],
  ['MessagePack', messagePackCodec],
])('a snapshot in %s', (_, codec) => {
  const entries = Array.from({ length: 5 }, (__, i) => {
    return [`__proto__/${i}`, { value: { _scalar: 'x'.repeat(200_000) }, type: 'string' as const }] as const;
  });
  const snapshot = new EncodedSnapshot(snapshotPieces(codec, 7, entries));
  const frame: Frame = ['1', null, 'store:acme/demo', 'snapshot', snapshot];
  const readBack = (pieces: readonly (string | Uint8Array)[]) =>
    codec.decode(Buffer.concat(pieces.map((piece) => Buffer.from(piece))));

  test('goes piece by piece as it is taken, one message to whoever reads it', () => {
    const { outlet, calls, fins, sent } = openSocket({ codec });
    outlet.send(frame);
    expect(calls).toHaveLength(1);
    for (const taken of sent) taken();
    expect(calls.length).toBeGreaterThan(4);
    expect(Math.max(...calls.map(({ length }) => length))).toBeLessThanOrEqual(256 * 1024);
    expect(fins.lastIndexOf(false)).toBe(fins.length - 2);
    expect(readBack(calls)).toEqual([
      '1',
      null,
      'store:acme/demo',
      'snapshot',
      { snapshot_seq: 7, entries: Object.fromEntries(entries) },
    ]);
  });

  test('has its bytes in common with those who are sent it too', () => {
    const [one, other] = [openSocket({ codec }), openSocket({ codec })];
    for (const { outlet, sent } of [one, other]) {
      outlet.send(frame);
      for (const taken of sent) taken();
    }
    const buffers = (calls: readonly (string | Uint8Array)[]) =>
      new Set(calls.filter(({ length }) => length > 1000).map((piece) => (piece as Uint8Array).buffer));
    expect(buffers(one.calls)).toEqual(buffers(other.calls));
  });

  test('goes no further than its socket, and neither does what waits behind it', async () => {
    const { outlet, calls, sent, clock } = openSocket({ codec });
    const drained = jest.fn();
    outlet.send(frame);
    outlet.send(FRAME);
    outlet.whenDrained(drained);
    outlet.close();
    sent[0]?.();
    await turnOfTheLoop();
    expect([calls.length, drained.mock.calls.length, clock.pending]).toEqual([1, 0, 0]);
  });

  test('is not broken into by what is sent behind it, which waits as far as the bound', async () => {
    const { socket, outlet, calls, sent, unread } = openSocket({ codec });
    outlet.send(frame);
    socket.bufferedAmount = calls[0]?.length ?? 0;
    expect(outlet.isCongested()).toBe(true);
    let count = 0;
    while (outlet.send(FRAME)) count++;
    const length = Buffer.byteLength(codec.encode(FRAME));
    expect((count - 1) * length).toBeLessThanOrEqual(BOUND);
    expect(count * length).toBeGreaterThan(BOUND);
    expect([calls.length, unread.bytes]).toEqual([1, count * length]);
    socket.bufferedAmount = 0;
    for (const taken of sent) taken();
    await turnOfTheLoop();
    expect(calls.filter((call) => typeof call !== 'string' || call.startsWith('[')).slice(-count)).toEqual(
      Array.from({ length: count }, () => codec.encode(FRAME)),
    );
    expect([outlet.isCongested(), unread.bytes, unread.count]).toEqual([false, 0, 0]);
  });

  test('goes behind another one', () => {
    const { outlet, sent, fins } = openSocket({ codec });
    outlet.send(frame);
    outlet.send(frame);
    for (const taken of sent) taken();
    expect(fins.filter((fin) => fin)).toHaveLength(2);
    expect(outlet.isCongested()).toBe(false);
  });
});

test('a frame is refused only when more waits than may', () => {
  const { outlet, socket } = openSocket();
  socket.bufferedAmount = BOUND;
  expect(outlet.send(FRAME)).toBe(true);
  socket.bufferedAmount = BOUND + 1;
  expect(outlet.send(FRAME)).toBe(false);
});

test('what can wait goes on when a quarter of the bound is left, in a turn of its own', async () => {
  const { outlet, socket, sent } = openSocket();
  const worked: string[] = [];
  outlet.whenDrained(() => worked.push('at once'));
  expect(worked).toEqual([]);
  await turnOfTheLoop();
  expect(worked).toEqual(['at once']);
  outlet.send(FRAME);
  socket.bufferedAmount = BOUND / 4 + 1;
  expect(outlet.isCongested()).toBe(true);
  outlet.whenDrained(() => worked.push('later'));
  sent[0]?.();
  await turnOfTheLoop();
  expect(worked).toEqual(['at once']);
  socket.bufferedAmount = BOUND / 4;
  expect(outlet.isCongested()).toBe(false);
  sent[0]?.();
  await turnOfTheLoop();
  sent[0]?.();
  await turnOfTheLoop();
  expect(worked).toEqual(['at once', 'later']);
});

test('what waits for all clients together is bounded, but for a little of each', () => {
  const unread = new Budget({ count: 1e9, bytes: 200_000 });
  const [greedy, modest] = [openSocket({ unread, bound: 1e9 }), openSocket({ unread, bound: 1e9 })];
  expect(greedy.outlet.send(frameOf(200_000))).toBe(true);
  greedy.socket.bufferedAmount = 200_000;
  expect(unread.bytes).toBe(200_000);
  expect(greedy.outlet.send(FRAME)).toBe(false);
  expect(greedy.outlet.isCongested()).toBe(true);
  expect(modest.outlet.send(frameOf(64 * 1024))).toBe(true);
  expect(modest.outlet.send(frameOf(64 * 1024 + 1))).toBe(false);
  modest.sent[0]?.();
  greedy.sent[0]?.();
  expect([unread.bytes, unread.count]).toEqual([0, 0]);
});

test('a catch-up waits while half of what may wait for all is taken', () => {
  const unread = new Budget({ count: 1e9, bytes: 1_000_000 });
  const { outlet, socket } = openSocket({ unread, bound: 1e9 });
  socket.bufferedAmount = 64 * 1024 + 1;
  unread.take(500_000);
  expect(outlet.isCongested()).toBe(false);
  unread.take(1);
  expect(outlet.isCongested()).toBe(true);
  socket.bufferedAmount = 64 * 1024;
  expect(outlet.isCongested()).toBe(false);
});

test('what waits for a socket that is gone waits no more', () => {
  const { outlet, sent, unread, clock } = openSocket();
  outlet.send(FRAME);
  expect(unread.bytes).toBeGreaterThan(0);
  outlet.close();
  expect([unread.bytes, unread.count, clock.pending]).toEqual([0, 0, 0]);
  sent[0]?.();
  expect([unread.bytes, unread.count, clock.pending]).toEqual([0, 0, 0]);
});

describe('a client that takes nothing', () => {
  test('is noticed after the time that it has, and not before', async () => {
    const { outlet, clock, stalled } = openSocket();
    outlet.send(FRAME);
    await clock.advance(29_999);
    expect(stalled()).toBe(0);
    await clock.advance(1);
    expect([stalled(), clock.pending]).toEqual([1, 0]);
  });

  test('has the time anew whenever it took something, and none is counted while nothing waits', async () => {
    const { outlet, clock, stalled, sent } = openSocket();
    outlet.send(FRAME);
    outlet.send(FRAME);
    await clock.advance(29_999);
    sent[0]?.();
    await clock.advance(29_999);
    sent[1]?.();
    await clock.advance(100_000);
    expect([stalled(), clock.pending]).toEqual([0, 0]);
    outlet.send(FRAME);
    await clock.advance(29_999);
    expect(stalled()).toBe(0);
    await clock.advance(1);
    expect(stalled()).toBe(1);
  });
});
