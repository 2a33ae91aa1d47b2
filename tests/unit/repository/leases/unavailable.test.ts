import type { DustErrorDetails, DustErrorKind } from '../../../../src/errors.js';
import { DustError, ERROR_KINDS } from '../../../../src/errors.js';
import { isUnavailable } from '../../../../src/repository/leases/unavailable.js';

const isAway = (kind: DustErrorKind, details?: DustErrorDetails): boolean =>
  isUnavailable(new DustError(kind, 'no', details));

test('a store is away when the way to it, its limits or its medium say so', () => {
  expect(ERROR_KINDS.filter((kind) => isAway(kind))).toEqual([
    'network',
    'timeout',
    'rate_limited',
    'indeterminate',
    'storage',
  ]);
});

test('a server that fails is away, and one that refuses is not', () => {
  expect([500, 503, 599].map((status) => isAway('http', { status }))).toEqual([true, true, true]);
  expect([400, 404, 499].map((status) => isAway('http', { status }))).toEqual([false, false, false]);
  expect(isAway('not_implemented', { status: 501 })).toBe(false);
});

test('what is no error of this package says nothing of the store', () => {
  for (const error of [new Error('no'), { kind: 'network' }, undefined]) {
    expect(isUnavailable(error)).toBe(false);
  }
});
