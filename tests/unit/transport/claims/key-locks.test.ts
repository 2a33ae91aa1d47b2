import { setImmediate as turn } from 'node:timers/promises';
import { KeyLocks } from '../../../../src/transport/claims/key-locks.js';

/** Takes keys, and tells whether it has them. */
function taker(locks: KeyLocks, keys: readonly string[], signal?: AbortSignal) {
  const state: { has: boolean; failed?: unknown; giveBack: () => void } = {
    has: false,
    giveBack: () => undefined,
  };
  void locks.take(keys, signal).then(
    (giveBack) => {
      state.has = true;
      state.giveBack = giveBack;
    },
    (error: unknown) => {
      state.failed = error;
    },
  );
  return state;
}

it('those who need the same key have it one after the other, in the order of asking', async () => {
  const locks = new KeyLocks();
  const [first, second, third] = [taker(locks, ['a']), taker(locks, ['a']), taker(locks, ['a'])];
  await turn();
  expect([first.has, second.has, third.has]).toEqual([true, false, false]);
  first.giveBack();
  await turn();
  expect([second.has, third.has]).toEqual([true, false]);
  second.giveBack();
  await turn();
  expect(third.has).toBe(true);
});

it('those who need several get all, in whatever order they name them, and one as often as it is named', async () => {
  const locks = new KeyLocks();
  const one = taker(locks, ['a', 'b', 'a']);
  const other = taker(locks, ['b', 'a']);
  await turn();
  expect([one.has, other.has]).toEqual([true, false]);
  one.giveBack();
  await turn();
  expect(other.has).toBe(true);
});

it('a wait that is called off keeps nothing, and lets nobody by who has to wait for those in front', async () => {
  const locks = new KeyLocks();
  const controller = new AbortController();
  const first = taker(locks, ['b']);
  const calledOff = taker(locks, ['a', 'b'], controller.signal);
  await turn();
  const [ofA, ofB] = [taker(locks, ['a']), taker(locks, ['b'])];
  controller.abort();
  await turn();
  expect(calledOff.failed).toMatchObject({ kind: 'aborted' });
  expect([calledOff.has, ofA.has, ofB.has]).toEqual([false, true, false]);
  first.giveBack();
  await turn();
  expect(ofB.has).toBe(true);
});

it('nothing is kept of keys that nobody has or waits for', async () => {
  const locks = new KeyLocks();
  const first = taker(locks, ['a', 'b']);
  await turn();
  const second = taker(locks, ['b', 'c']);
  await turn();
  expect(locks.size).toBe(2);
  first.giveBack();
  await turn();
  expect(locks.size).toBe(2);
  second.giveBack();
  expect(locks.size).toBe(0);
});
