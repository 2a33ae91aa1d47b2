import fc from 'fast-check';
import { KeyRun } from '../../../../../src/store/indexes/build/key-run.js';

const key = (n: number): string => String(n).padStart(4, '0');
const inOrder = (keys: readonly string[]): string[] => keys.toSorted((a, b) => (a < b ? -1 : 1));

/** All keys of portions, taken so many at a time. */
function takeAll(portions: readonly (readonly string[])[], most: number): string[] {
  const run = new KeyRun();
  for (const keys of portions) run.add([...keys]);
  const taken: string[] = [];
  let { size } = run;
  expect(size).toBe(portions.flat().length);
  for (let some = run.take(most); some.length > 0; some = run.take(most)) {
    expect(some.length).toBe(Math.min(most, size));
    taken.push(...some);
    size -= some.length;
    expect(run.size).toBe(size);
  }
  expect(run.size).toBe(0);
  return taken;
}

it.each<[string, (i: number) => number]>([
  ['in order', (i) => i],
  ['from behind', (i) => 99 - i],
  ['in turns', (i) => (i * 37) % 100],
])('keys of a hundred portions that come %s are taken in their order', (_, numberOf) => {
  const portions = Array.from({ length: 100 }, (__, i) => [key(numberOf(i)), key(numberOf(i) + 100)]);
  expect(takeAll(portions, 7)).toStrictEqual(Array.from({ length: 200 }, (__, i) => key(i)));
});

it('keys are taken in their order, however they come and however many are taken at a time', () => {
  const portion = fc.array(fc.nat(999).map(key), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(portion, { maxLength: 20 }), fc.integer({ min: 1, max: 50 }), (portions, most) => {
      expect(takeAll(portions, most)).toStrictEqual(inOrder(portions.flat()));
    }),
  );
});

it('of nothing, nothing is taken', () => {
  const run = new KeyRun();
  run.add([]);
  expect([run.size, run.take(5)]).toStrictEqual([0, []]);
  run.add(['a', 'b']);
  expect([run.take(0), run.size, run.take(5), run.take(5)]).toStrictEqual([[], 2, ['a', 'b'], []]);
});
