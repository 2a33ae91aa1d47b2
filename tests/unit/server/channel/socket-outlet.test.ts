import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { jsonCodec } from '../../../../src/protocol/frame-codec.js';
import type { Frame } from '../../../../src/protocol/frames.js';
import { SocketOutlet } from '../../../../src/server/channel/socket/socket-outlet.js';

const FRAME: Frame = ['1', null, 'store:acme/demo', 'event', {}];
const BOUND = 1000;

/** A socket that has sent what it was told to when the test says so. */
function openSocket() {
  const calls: string[] = [];
  const sent: (() => void)[] = [];
  const socket = {
    bufferedAmount: 0,
    send: (data: string, done: () => void) => {
      calls.push(data);
      sent.push(done);
    },
  };
  const connection = { cork: () => calls.push('cork'), uncork: () => calls.push('uncork') };
  const outlet = new SocketOutlet({
    socket: socket as unknown as WebSocket,
    connection: connection as unknown as Duplex,
    codec: jsonCodec,
    bound: BOUND,
  });
  return { socket, outlet, calls, sent };
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

test('a snapshot that waits leaves as much room as without it', () => {
  const { outlet, socket, sent } = openSocket();
  const snapshot: Frame = ['1', null, 'store:acme/demo', 'snapshot', { entries: 'x'.repeat(10 * BOUND) }];
  const size = JSON.stringify(snapshot).length;
  outlet.send(snapshot);
  socket.bufferedAmount = size + BOUND;
  expect(outlet.send(FRAME)).toBe(true);
  socket.bufferedAmount = size + BOUND + 1;
  expect(outlet.send(FRAME)).toBe(false);
  sent[0]?.();
  socket.bufferedAmount = BOUND + 1;
  expect(outlet.send(FRAME)).toBe(false);
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
