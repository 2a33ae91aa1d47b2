import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { Budget } from '../../../../src/protocol/requests/budget.js';
import { SocketInlet } from '../../../../src/server/channel/socket/socket-inlet.js';
import { TestClock } from '../../../../src/testing/index.js';

const ALLOWANCE = 64 * 1024;

/** A socket whose messages and chunks come when the test says so. */
function openSocket({
  received = new Budget({ count: 1e9, bytes: 1e9 }),
  onMessage = (): void => undefined,
} = {}) {
  const flow: string[] = [];
  const read: number[] = [];
  const ends: string[] = [];
  const clock = new TestClock();
  const socket = Object.assign(new EventEmitter(), {
    pause: () => flow.push('pause'),
    resume: () => flow.push('resume'),
  });
  const connection = new EventEmitter();
  let room = 0;
  const inlet = new SocketInlet({
    socket: socket as unknown as WebSocket,
    connection: connection as unknown as Duplex,
    received,
    clock,
    readTimeout: 30_000,
    hasRoomFor: (bytes) => bytes <= room,
    onMessage: ({ bytes }) => {
      room -= bytes.length;
      read.push(bytes.length);
      onMessage();
    },
    onOverflow: () => ends.push('overflow'),
    onStalled: () => ends.push('stalled'),
  });
  return {
    inlet,
    received,
    clock,
    flow,
    read,
    ends,
    connection,
    giveRoom: (bytes: number) => {
      room = bytes;
      inlet.drain();
    },
    message: (length: number) => {
      socket.emit('message', Buffer.alloc(length), true);
      connection.emit('data', Buffer.alloc(10));
    },
    chunk: (length: number) => connection.emit('data', Buffer.alloc(length)),
  };
}

test('messages without room wait as they came, in order, and nothing more is taken', () => {
  const { giveRoom, message, flow, read, inlet, received } = openSocket();
  giveRoom(10);
  message(10);
  expect([read, flow, inlet.isHeld]).toEqual([[10], [], false]);
  message(5);
  message(0);
  expect([read, flow[0], inlet.isHeld, received.bytes]).toEqual([[10], 'pause', true, 5]);
  giveRoom(4);
  expect([read, flow.includes('resume')]).toEqual([[10], false]);
  giveRoom(5);
  expect([read, flow.at(-1), inlet.isHeld]).toEqual([[10, 5, 0], 'resume', false]);
  expect([received.bytes, received.count]).toEqual([0, 0]);
  giveRoom(5);
  expect(flow.filter((call) => call === 'resume')).toHaveLength(1);
});

test('more than may wait of all clients together ends it', () => {
  const received = new Budget({ count: 1e9, bytes: 100 });
  const { message, ends } = openSocket({ received });
  message(100);
  expect(ends).toEqual([]);
  message(1);
  expect(ends).toEqual(['overflow']);
});

test('the beginning of a long message counts too, until it is whole', () => {
  const received = new Budget({ count: 1e9, bytes: 200_000 });
  const { chunk, message, ends, giveRoom } = openSocket({ received });
  giveRoom(1e9);
  chunk(ALLOWANCE);
  expect(received.bytes).toBe(0);
  chunk(200_000 - ALLOWANCE);
  expect([received.bytes, ends]).toEqual([200_000, []]);
  message(200_000);
  expect([received.bytes, received.count]).toEqual([0, 0]);
  chunk(200_000);
  expect(ends).toEqual(['overflow']);
});

test('a long message that does not go on is noticed', async () => {
  const { chunk, ends, clock } = openSocket();
  chunk(ALLOWANCE + 1);
  await clock.advance(29_999);
  chunk(1);
  await clock.advance(29_999);
  expect(ends).toEqual([]);
  await clock.advance(1);
  expect([ends, clock.pending]).toEqual([['stalled'], 0]);
});

test('a short beginning is left to the watch over silent clients', async () => {
  const { chunk, clock } = openSocket();
  chunk(ALLOWANCE);
  expect(clock.pending).toBe(0);
});

test('the end gives everything back', () => {
  const { chunk, message, inlet, received, clock, connection } = openSocket();
  message(50);
  chunk(ALLOWANCE + 1);
  expect(received.bytes).toBeGreaterThan(ALLOWANCE);
  inlet.close();
  message(50);
  expect([received.bytes, received.count, clock.pending]).toEqual([0, 0, 0]);
  expect(connection.listenerCount('data')).toBe(0);
});

test('of what waits, nothing is read behind a message that ends it', () => {
  const { giveRoom, message, read, inlet, received } = openSocket({
    onMessage: () => {
      inlet.close();
    },
  });
  for (const length of [5, 6, 7]) message(length);
  giveRoom(100);
  expect([read, inlet.isHeld, received.bytes]).toEqual([[5], false, 0]);
});
