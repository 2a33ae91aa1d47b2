import { writeResult } from '../../../../src/repository/requests/results.js';

test('the result of a write names its records in their order, and the last seq of all', () => {
  const records = [
    { slug: 'b', revision: 7 },
    { slug: 'a', revision: 9 },
    { slug: 'c', revision: 8 },
  ];
  expect(writeResult(records)).toEqual({
    storeSeq: 9,
    affected: 3,
    slugs: ['b', 'a', 'c'],
    revisions: [7, 9, 8],
    revision: 8,
  });
});

test('the result of a write of nothing has no seq', () => {
  expect(writeResult([])).toEqual({ storeSeq: null, affected: 0, slugs: [], revisions: [], revision: null });
});
