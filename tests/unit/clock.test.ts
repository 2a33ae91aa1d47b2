import { monotonicOf, steadyTime, systemClock } from '../../src/clock.js';

test('durations are measured by what cannot be set', () => {
  const first = monotonicOf(systemClock);
  jest.spyOn(Date, 'now').mockReturnValue(0);
  expect(monotonicOf(systemClock)).toBeGreaterThanOrEqual(first);
  expect(systemClock.now()).toBe(0);
  jest.restoreAllMocks();
});

test('a clock that was made of the system’s, with another time of day, measures durations by that', () => {
  expect(monotonicOf({ ...systemClock, now: () => 42 })).toBe(42);
});

test('steady time follows a clock that is set forth, goes on under one that is set back, and is whole', () => {
  let [now, monotonic] = [1000, 0.5];
  const clock = { now: () => now, monotonic: () => monotonic, schedule: () => () => undefined };
  const time = steadyTime(clock);
  expect(time()).toBe(1000);
  monotonic += 10.4;
  expect(time()).toBe(1010);
  now = 5000;
  expect(time()).toBe(5000);
  now = 0;
  monotonic += 5;
  expect(time()).toBe(5005);
  monotonic = 0;
  expect(time()).toBe(5005);
  expect(steadyTime(clock, 9000)()).toBe(9000);
});
