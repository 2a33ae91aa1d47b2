import { SeqWaiters } from '../../src/seq-waiters.js';

function scene() {
  const waiters = new SeqWaiters();
  const told: string[] = [];
  const wait = (name: string, storeSeq: number) => waiters.add(storeSeq, () => void told.push(name));
  return { waiters, told, wait };
}

it('are told in the order of what they wait for, and of their coming, each once', () => {
  const { waiters, told, wait } = scene();
  expect(waiters.first).toBeUndefined();
  const wanted = [
    ['c', 3],
    ['a', 1],
    ['d', 3],
    ['b', 2],
  ] as const;
  for (const [name, seq] of wanted) wait(name, seq);
  expect(waiters.first).toBe(1);
  waiters.reach(0);
  expect(told).toEqual([]);
  waiters.reach(2);
  expect([told, waiters.first]).toEqual([['a', 'b'], 3]);
  waiters.reach(9);
  waiters.reach(9);
  expect([told, waiters.first]).toEqual([['a', 'b', 'c', 'd'], undefined]);
});

it('that are called off are told nothing, and others of theirs are', () => {
  const { waiters, told, wait } = scene();
  const callOff = wait('a', 1);
  wait('b', 2);
  callOff();
  callOff();
  expect(waiters.first).toBe(2);
  waiters.reach(2);
  expect(told).toEqual(['b']);
});

it('that one of them calls off when they are about to be told are told nothing, and all others are', () => {
  const { waiters, told, wait } = scene();
  const callOffs: (() => void)[] = [];
  waiters.add(1, () => {
    for (const callOff of callOffs) callOff();
  });
  wait('c', 2);
  callOffs.push(wait('b', 1));
  waiters.reach(1);
  expect([told, waiters.first]).toEqual([[], 2]);
  waiters.reach(2);
  expect(told).toEqual(['c']);
});

it('of a store that moved back wait for no more than there is', () => {
  const { waiters, told, wait } = scene();
  wait('a', 1);
  wait('b', 5);
  waiters.clamp(3);
  waiters.reach(3);
  expect(told).toEqual(['a', 'b']);
});
