import { DustError, ERROR_KINDS } from '../../../../src/errors.js';
import { isRefusal } from '../../../../src/store/logged/logged-work.js';

it('what says something of the work refuses it on every copy, and nothing else does', () => {
  const refusals = ERROR_KINDS.filter((kind) => isRefusal(new DustError(kind, 'refused')));
  expect(refusals.toSorted()).toEqual([
    'conflict',
    'exists',
    'fenced',
    'held',
    'invalid_options',
    'invalid_params',
    'invalid_value',
    'not_held',
    'occupied',
  ]);
  expect([new TypeError('a fault'), 'conflict', undefined].map(isRefusal)).toEqual([false, false, false]);
});
