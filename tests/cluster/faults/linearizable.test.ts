import type { RegisterCall, TimedCall } from './linearizable.js';
import { isLinearizable } from './linearizable.js';

const set = (value: string): RegisterCall => ({ kind: 'set', value });
const swap = (expected: string | null, value: string): RegisterCall => ({ kind: 'swap', expected, value });
const reads = (expected: string | null): RegisterCall => ({ kind: 'reads', expected });
const differs = (expected: string | null): RegisterCall => ({ kind: 'differs', expected });

const timed = (...calls: readonly (readonly [number, number, RegisterCall])[]): TimedCall[] =>
  calls.map(([begin, end, call]) => ({ begin, end, call }));

it.each<[string, TimedCall[]]>([
  ['nothing', []],
  [
    'one after the other',
    timed([0, 1, set('a')], [2, 3, reads('a')], [4, 5, swap('a', 'b')], [6, 7, reads('b')]),
  ],
  ['a read that began before a write ended, and saw it', timed([0, 9, set('a')], [1, 2, reads('a')])],
  [
    'a read that began before a write ended, and did not see it',
    timed([0, 9, set('a')], [1, 2, reads(null)]),
  ],
  [
    'two writes in the other order than they began',
    timed([0, 9, set('a')], [1, 8, set('b')], [10, 11, reads('a')]),
  ],
  ['one of two who swap', timed([0, 5, swap(null, 'a')], [0, 5, differs(null)], [6, 7, reads('a')])],
  [
    'a write of which nothing is known, and that was',
    timed([0, Infinity, set('a')], [1, 2, reads(null)], [3, 4, reads('a')]),
  ],
  [
    'a write of which nothing is known, and that was not',
    timed([0, Infinity, set('a')], [1, 2, reads(null)], [3, 4, reads(null)]),
  ],
  ['calls that touch', timed([0, 1, set('a')], [1, 2, reads(null)])],
  [
    'a swap that is only possible through one of which nothing is known',
    timed([0, 1, set('a')], [2, Infinity, swap('a', 'b')], [3, 4, swap('b', 'c')]),
  ],
  [
    'a first choice that was wrong',
    timed([0, 9, set('a')], [0, 9, set('b')], [0, 9, set('c')], [10, 11, reads('a')], [12, 13, differs('b')]),
  ],
])('has an order: %s', (_, history) => {
  expect(isLinearizable(history)).toBe(true);
});

it.each<[string, TimedCall[]]>([
  ['a write that was acknowledged is not there', timed([0, 1, set('a')], [2, 3, reads(null)])],
  ['a value that nobody wrote', timed([0, 1, set('a')], [2, 3, reads('b')])],
  ['a stale read', timed([0, 1, set('a')], [2, 3, set('b')], [4, 5, reads('a')])],
  ['a read goes back', timed([0, 9, set('a')], [1, 2, reads('a')], [3, 4, reads(null)])],
  ['two swap from the same', timed([0, 5, swap(null, 'a')], [0, 5, swap(null, 'b')])],
  ['a swap is refused that nothing stood against', timed([0, 1, set('a')], [2, 3, differs('a')])],
  [
    'a write of which nothing is known comes and goes',
    timed([0, Infinity, set('a')], [1, 2, reads('a')], [3, 4, reads(null)], [5, 6, reads('a')]),
  ],
  [
    'what comes of nothing known comes before it was asked',
    timed([0, 1, reads('a')], [2, Infinity, set('a')]),
  ],
])('has none: %s', (_, history) => {
  expect(isLinearizable(history)).toBe(false);
});

/** Draws histories of a register that is one, by carrying each call out at a moment between its begin and its end. */
function drawn(random: (below: number) => number, calls: number): TimedCall[] {
  let value: string | null = null;
  const history: TimedCall[] = [];
  for (let i = 0; i < calls; i++) {
    const at = 10 * i;
    const times = { begin: at - random(40), end: random(12) === 0 ? Infinity : at + random(40) };
    const kind = random(3);
    if (kind === 0) history.push({ ...times, call: set((value = `v${i}`)) });
    else if (kind === 1) history.push({ ...times, end: at + random(40), call: reads(value) });
    else if (random(2) === 0) history.push({ ...times, end: at + random(40), call: differs('other') });
    else history.push({ ...times, call: swap(value, (value = `v${i}`)) });
  }
  return history;
}

it('finds the order of histories that have one, and none when a value is replaced', () => {
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let broken = 0;
  for (let round = 0; round < 100; round++) {
    const history = drawn(random, 60);
    expect(isLinearizable(history)).toBe(true);
    const at = history.findLastIndex(({ call: { kind } }) => kind === 'reads');
    const wrong = history.map((timedCall, i) =>
      i === at ? { ...timedCall, call: reads('nobody wrote') } : timedCall,
    );
    expect(isLinearizable(wrong)).toBe(false);
    broken++;
  }
  expect(broken).toBe(100);
});
