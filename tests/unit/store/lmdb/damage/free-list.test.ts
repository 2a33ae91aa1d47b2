import { freePages } from '../../../../../src/store/lmdb/damage/free-list.js';
import { PageSet } from '../../../../../src/store/lmdb/damage/page-set.js';

const record = (...numbers: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(8 * numbers.length);
  numbers.forEach((number, i) => bytes.writeBigInt64LE(BigInt(number), 8 * i));
  return bytes;
};

describe('a record of free pages', () => {
  it.each<[readonly number[], readonly { first: number; count: number }[] | undefined]>([
    [[0], []],
    [
      [2, 7, 9],
      [
        { first: 7, count: 1 },
        { first: 9, count: 1 },
      ],
    ],
    [[3, 0, 7, 0], [{ first: 7, count: 1 }]],
    [
      [3, -4, 20, 9],
      [
        { first: 20, count: 4 },
        { first: 9, count: 1 },
      ],
    ],
    [[1, 7, 9], [{ first: 7, count: 1 }]],
    [[2, 7], undefined],
    [[2, 7, -4], undefined],
    [[], undefined],
  ])('%j', (numbers, runs) => {
    expect(freePages(record(...numbers))).toEqual(runs);
  });

  it('that is cut off within a number cannot be read', () => {
    expect(freePages(record(1).subarray(0, 7))).toBeUndefined();
    expect(freePages(record(1, 7).subarray(0, 15))).toBeUndefined();
  });
});

test('a set of pages holds what was added, each once', () => {
  const set = new PageSet(20);
  for (const page of [0, 7, 8, 19]) {
    expect([set.has(page), set.add(page), set.has(page), set.add(page)]).toEqual([false, true, true, false]);
  }
  expect(Array.from({ length: 20 }, (_, page) => page).filter((page) => set.has(page))).toEqual([
    0, 7, 8, 19,
  ]);
});
