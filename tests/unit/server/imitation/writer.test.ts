import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Clock } from '../../../../src/clock.js';
import { imitationOf } from '../../../../src/server/imitation/imitation.js';
import { Writer } from '../../../../src/server/imitation/writer.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { TestClock } from '../../../../src/testing/index.js';
import { stillHeld } from '../../garbage.js';

/** A slow writer, and what it has called its pauses off by. */
function scene() {
  const time = new TestClock();
  const callOffs: WeakRef<object>[] = [];
  const clock: Clock = {
    now: () => time.now(),
    schedule: (callback, ms) => {
      const cancel = time.schedule(callback, ms);
      const callOff = (): void => {
        cancel();
      };
      callOffs.push(new WeakRef(callOff));
      return callOff;
    },
  };
  const store = new Store({ storage: createMemoryStorage() });
  return { time, callOffs, writer: new Writer(imitationOf(['slow-batches']), clock), store };
}

test('a pause that is over is not held any more', async () => {
  const { time, callOffs, writer, store } = scene();
  const written = [1, 2, 3].map((value) => writer.run(store, 1, () => Promise.resolve(value)));
  await time.advance(60_000);
  expect(await Promise.all(written)).toEqual([1, 2, 3]);
  expect(callOffs).toHaveLength(3);
  expect(await stillHeld(callOffs)).toBe(0);
  await writer.hurry();
});

test('pauses are cut short in a hurry, and none begins after', async () => {
  const { time, callOffs, writer, store } = scene();
  const written = [1, 2, 3].map((value) => writer.run(store, 1, () => Promise.resolve(value)));
  await turnOfTheLoop();
  expect([callOffs.length, time.pending]).toEqual([1, 1]);
  await writer.hurry();
  expect(await Promise.all(written)).toEqual([1, 2, 3]);
  expect([callOffs.length, time.pending]).toEqual([1, 0]);
});
