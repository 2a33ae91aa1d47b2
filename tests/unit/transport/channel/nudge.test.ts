import { silentLogger } from '../../../../src/logging.js';
import { Nudge } from '../../../../src/transport/channel/nudge.js';

it('is under way once, and once more behind that, however often it is asked for', async () => {
  const settle: (() => void)[] = [];
  const writes: unknown[] = [];
  const nudge = new Nudge((write) => {
    writes.push(write);
    return new Promise<void>((resolve) => settle.push(resolve));
  }, silentLogger);
  for (let i = 0; i < 5; i++) nudge.send();
  expect(writes).toEqual([{ op: 'merge', path: '_dust:nudge', value: {} }]);
  settle[0]?.();
  await new Promise(setImmediate);
  expect(writes).toHaveLength(2);
  settle[1]?.();
  await new Promise(setImmediate);
  expect(writes).toHaveLength(2);
  nudge.send();
  expect(writes).toHaveLength(3);
});

it('that cannot be written is noted, and the next one is tried', async () => {
  const notes: string[] = [];
  let count = 0;
  const nudge = new Nudge(
    () => {
      count += 1;
      throw new Error('closed');
    },
    { ...silentLogger, debug: (message) => notes.push(message) },
  );
  nudge.send();
  await new Promise(setImmediate);
  nudge.send();
  await new Promise(setImmediate);
  expect(count).toBe(2);
  expect(notes[0]).toContain('closed');
});
