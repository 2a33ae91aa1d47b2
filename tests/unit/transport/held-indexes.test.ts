import { HeldIndexes } from '../../../src/transport/held-indexes.js';

/** Indexes whose uses are told of, by name, as they are asked for and released. */
function scene() {
  const calls: string[] = [];
  const held = new HeldIndexes();
  const take = (name: string) => async () => {
    calls.push(`take ${name}`);
    await Promise.resolve();
    return { release: () => calls.push(`release ${name}`) };
  };
  return { held, take, calls };
}

test('the use before is released before another is asked for, and each once', async () => {
  const { held, take, calls } = scene();
  await held.hold('p', take('one'));
  await held.hold('q', take('other'));
  await held.hold('p', take('two'));
  expect(calls).toEqual(['take one', 'take other', 'release one', 'take two']);
  held.close();
  held.close();
  expect(calls.slice(4).sort()).toEqual(['release other', 'release two']);
});

test('of two that are asked for at once the later stays, and what comes behind the end is released at once', async () => {
  const { held, take, calls } = scene();
  await Promise.all([held.hold('p', take('one')), held.hold('p', take('two'))]);
  expect(calls).toEqual(['take one', 'take two', 'release one']);
  const late = held.hold('q', take('late'));
  held.close();
  await late;
  expect(calls.slice(3)).toEqual(['take late', 'release two', 'release late']);
});

test('the use before is gone also where another cannot be had', async () => {
  const { held, take, calls } = scene();
  await held.hold('p', take('one'));
  await expect(held.hold('p', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(calls).toEqual(['take one', 'release one']);
});
