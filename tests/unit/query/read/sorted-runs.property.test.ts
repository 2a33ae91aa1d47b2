import fc from 'fast-check';
import { SortedRuns } from '../../../../src/query/read/sorted-runs.js';

const NEVER = (): boolean => false;

/** A turn of so many pieces of work. */
function turnOf(pieces: number): () => boolean {
  let done = 0;
  return () => ++done >= pieces;
}

const items = fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 0, maxLength: 6_000 });

describe('SortedRuns', () => {
  it('gives what a sort gives, however long its turns are', () => {
    const ends = fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 4_000 }));
    fc.assert(
      fc.property(items, ends, fc.integer({ min: 1, max: 3_000 }), (numbers, end, pieces) => {
        const runs = new SortedRuns<{ n: number }>((a, b) => a.n - b.n, end);
        for (const n of numbers) runs.add({ n });
        while (!runs.settle(turnOf(pieces)));
        const expected = numbers.toSorted((a, b) => a - b).slice(0, end);
        expect(runs.result().map(({ n }) => n)).toEqual(expected);
      }),
      { numRuns: 60, seed: 13 },
    );
  });

  it('keeps those that are equal in the order in which they came', () => {
    const runs = new SortedRuns<{ n: number }>(() => 0, Infinity);
    for (let n = 0; n < 5_000; n++) runs.add({ n });
    expect(runs.result().map(({ n }) => n)).toEqual(Array.from({ length: 5_000 }, (_, n) => n));
  });

  it('goes on where it was settled before, and drops what is not wanted', () => {
    const runs = new SortedRuns<{ n: number }>((a, b) => a.n - b.n, 10);
    for (let n = 5_000; n > 0; n--) runs.add({ n });
    expect(runs.size).toBe(5_000);
    runs.settle(NEVER);
    expect(runs.size).toBe(10);
    for (let n = -5_000; n < 0; n++) runs.add({ n });
    expect(runs.result().map(({ n }) => n)).toEqual(Array.from({ length: 10 }, (_, i) => i - 5_000));
  });

  it('compares no more in a turn than it has pieces', () => {
    let compared = 0;
    const runs = new SortedRuns<{ n: number }>((a, b) => {
      compared++;
      return a.n - b.n;
    }, Infinity);
    for (let n = 0; n < 20_000; n++) runs.add({ n: (n * 7_919) % 20_011 });
    // What is left of the last run is sorted at once.
    runs.settle(turnOf(1));
    for (let isDone = false; !isDone;) {
      compared = 0;
      isDone = runs.settle(turnOf(100));
      expect(compared).toBeLessThanOrEqual(100);
    }
  });
});
