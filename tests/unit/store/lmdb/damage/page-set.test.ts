import { PageSet } from '../../../../../src/store/lmdb/damage/page-set.js';

it.each([0, 1, 7, 8, 9, 16, 17])('a set of pages below %i has each of them once', (bound) => {
  const set = new PageSet(bound);
  for (let page = 0; page < bound; page++) {
    expect([set.has(page), set.size]).toEqual([false, page]);
    expect([set.add(page), set.has(page), set.size]).toEqual([true, true, page + 1]);
  }
  for (let page = 0; page < bound; page++) expect(set.add(page)).toBe(false);
  expect([set.size, set.has(bound + 8)]).toEqual([bound, false]);
});
