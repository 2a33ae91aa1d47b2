import { checkKeep, resolveLogLimits } from '../../../../src/store/history/log-limits.js';

it.each([
  [{}, { keep: 10_000, limit: 100_000 }],
  [{ keep: 0 }, { keep: 0, limit: 100_000 }],
  [{ keep: 200_000 }, { keep: 200_000, limit: 200_000 }],
  [{ limit: 0 }, { keep: 0, limit: 0 }],
  [{ limit: 50 }, { keep: 50, limit: 50 }],
  [{ limit: 20_000 }, { keep: 10_000, limit: 20_000 }],
  [
    { keep: 3, limit: 3 },
    { keep: 3, limit: 3 },
  ],
])('limits of a log that are left out go with those that are given: %j', (asked, limits) => {
  expect(resolveLogLimits(asked)).toStrictEqual(limits);
});

it.each([{ keep: -1 }, { keep: 0.5 }, { limit: -1 }, { limit: NaN }, { keep: 4, limit: 3 }, { max: 3 }])(
  'limits of a log are refused that say nothing: %j',
  (asked) => {
    expect(() => resolveLogLimits(asked)).toThrow(expect.objectContaining({ kind: 'invalid_options' }));
  },
);

it('a compaction keeps 0 operations or more', () => {
  expect(() => {
    checkKeep(0);
  }).not.toThrow();
  expect(() => {
    checkKeep(-1);
  }).toThrow(expect.objectContaining({ detail: 'invalid_keep' }));
});
