import { HeldIndexes } from '../../../src/transport/held-indexes.js';

const asked = (prefix: string, path = 'x', beside = false): Parameters<HeldIndexes['hold']>[0] => ({
  prefix,
  definitions: [{ prefix, parts: [{ path, type: 'string' }], unique: false }],
  beside,
});

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
  await held.hold(asked('p'), take('one'));
  await held.hold(asked('q'), take('other'));
  await held.hold(asked('p'), take('two'));
  expect(calls).toEqual(['take one', 'take other', 'release one', 'take two']);
  held.close();
  held.close();
  expect(calls.slice(4).sort()).toEqual(['release other', 'release two']);
});

test('of two that are asked for at once the later stays, and what comes behind the end is released at once', async () => {
  const { held, take, calls } = scene();
  await Promise.all([held.hold(asked('p'), take('one')), held.hold(asked('p'), take('two'))]);
  expect(calls).toEqual(['take one', 'take two', 'release one']);
  const late = held.hold(asked('q'), take('late'));
  held.close();
  await late;
  expect(calls.slice(3)).toEqual(['take late', 'release two', 'release late']);
});

test('the use before is gone also where another cannot be had', async () => {
  const { held, take, calls } = scene();
  await held.hold(asked('p'), take('one'));
  await expect(held.hold(asked('p'), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(calls).toEqual(['take one', 'release one']);
});

test('what stands beside others lets none of them go, and is held once', async () => {
  const { held, take, calls } = scene();
  await held.hold(asked('p'), take('one'));
  await held.hold(asked('p', 'y', true), take('two'));
  expect(calls).toEqual(['take one', 'take two']);
  await held.hold(asked('p', 'x', true), take('one again'));
  expect(calls.slice(2)).toEqual(['take one again', 'release one']);
  await held.hold(asked('p', 'z'), take('alone'));
  expect(calls.slice(4).sort()).toEqual(['release one again', 'release two', 'take alone']);
});
