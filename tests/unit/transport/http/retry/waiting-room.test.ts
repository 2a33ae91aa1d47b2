import { getEventListeners } from 'node:events';
import { DustError, isDustError } from '../../../../../src/errors.js';
import { TestClock } from '../../../../../src/testing/test-clock.js';
import { WaitingRoom } from '../../../../../src/transport/http/retry/waiting-room.js';

let clock: TestClock;
let room: WaitingRoom;
let caller: AbortController;

beforeEach(() => {
  clock = new TestClock(0);
  room = new WaitingRoom(clock);
  caller = new AbortController();
});

/** How many wait, how many listeners their signal has, how many timers stand. */
const held = () => [room.size, getEventListeners(caller.signal, 'abort').length, clock.pending];

const kindOf = (error: unknown) => (isDustError(error) ? error.kind : error);
const REFUSED = new DustError('rate_limited', 'Too long.');

it.each([
  [
    'is let go',
    (waiter: ReturnType<WaitingRoom['enter']>) => {
      waiter.admit();
    },
    undefined,
  ],
  [
    'is refused',
    (waiter: ReturnType<WaitingRoom['enter']>) => {
      waiter.refuse(REFUSED);
    },
    'rate_limited',
  ],
  [
    'is called off',
    () => {
      caller.abort();
    },
    'aborted',
  ],
  [
    'is inside when the room is closed',
    () => {
      room.close();
    },
    'closed',
  ],
])('nothing is held of one who %s', async (_, end, kind) => {
  const waiter = room.enter(caller.signal);
  expect(held()).toEqual([1, 1, 0]);
  end(waiter);
  await expect(waiter.done.then(() => undefined, kindOf)).resolves.toBe(kind);
  expect(held()).toEqual([0, 0, 0]);
});

it.each([
  ['time is up', () => clock.advance(100), undefined],
  [
    'it is called off',
    () => {
      caller.abort();
    },
    'aborted',
  ],
  [
    'the room is closed',
    () => {
      room.close();
    },
    'closed',
  ],
])('nothing is held of a wait once %s', async (_, end, kind) => {
  const waited = room.wait(100, caller.signal).then(() => undefined, kindOf);
  expect(held()).toEqual([1, 1, 1]);
  await end();
  await expect(waited).resolves.toBe(kind);
  expect(held()).toEqual([0, 0, 0]);
});

it('nobody enters who was called off before, or behind the end', () => {
  expect(() => room.enter(AbortSignal.abort())).toThrow(expect.objectContaining({ kind: 'aborted' }));
  room.close();
  expect(() => room.enter(caller.signal)).toThrow(expect.objectContaining({ kind: 'closed' }));
  expect(held()).toEqual([0, 0, 0]);
});
