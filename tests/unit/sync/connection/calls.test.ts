import type { Connection } from '../../../../src/sync/connection/connection.js';
import { Calls } from '../../../../src/sync/connection/calls.js';
import type { RateLimit } from '../../../../src/sync/connection/rate-limit.js';
import type { Clock } from '../../../../src/clock.js';

/** A clock whose timers the test lets go off, and which counts how often each is called off. */
function handClock() {
  const timers: { run: () => void; callOff: jest.Mock }[] = [];
  const clock: Clock = {
    now: () => 0,
    schedule: (run) => {
      const callOff = jest.fn();
      timers.push({ run, callOff });
      return callOff;
    },
  };
  return { timers, clock };
}

const callsWith = (clock: Clock): Calls =>
  new Calls({} as unknown as Connection, clock, {} as unknown as RateLimit);

it('waits that are over are forgotten: the end of the connection calls off the others alone', async () => {
  const { timers, clock } = handClock();
  const calls = callsWith(clock);
  const over = calls.wait(1);
  void calls.wait(2);
  timers[0]?.run();
  await over;
  calls.stop();
  expect(timers.map(({ callOff }) => callOff.mock.calls.length)).toEqual([0, 1]);
});
