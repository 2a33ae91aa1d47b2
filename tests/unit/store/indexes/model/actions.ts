import * as fc from 'fast-check';
import type { IndexDefinition } from '../../../../../src/protocol/values/record-access.js';
import type { JsonValue } from '../../../../../src/protocol/values/value.js';
import type { WriteOperation } from '../../../../../src/store/index.js';
import type { Action } from './indexed-store.js';

const city = { path: 'address/city', type: 'string' } as const;

/** Indexes of two prefixes, and of one that lies inside of records. */
export const DEFINITIONS: readonly IndexDefinition[] = [
  { prefix: 'p', parts: [{ path: 's', type: 'string' }], unique: false },
  {
    prefix: 'p',
    parts: [
      { path: 'n', type: 'number' },
      { path: 's', type: 'string' },
    ],
    unique: false,
  },
  { prefix: 'p', parts: [{ path: 'n', type: 'number', absent: 1 }], unique: false },
  { prefix: 'p', parts: [city], unique: false },
  { prefix: 'p', parts: [{ path: 'd', type: 'date' }, city], unique: false },
  { prefix: 'q/r', parts: [{ path: 's', type: 'string' }], unique: false },
  { prefix: 'p/a/address', parts: [{ path: 'deep', type: 'string' }], unique: false },
];

const SLUGS = ['a', 'a-2', 'b', 'c~0~1', '～', '😀'];
const FIELDS = ['s', 'n', 'd', 'address', 'address/city', 'address/zip', 'other', 's/below'];
const VALUES: readonly JsonValue[] = [
  'x',
  'y',
  'y\0',
  'ÿ',
  0,
  1,
  2.5,
  -3,
  true,
  null,
  '2020-01-01',
  '2021-01-01T00:00:00.000Z',
  { _type: 'datetime', _typed: '2020-06-01' },
  ['x'],
];
const ADDRESSES: readonly JsonValue[] = [
  { city: 'Rome' },
  { city: 'Oslo', zip: 1 },
  { _type: 'json', _typed: { city: 'Bern', empty: {} } },
  { _type: 'json', _typed: { city: { _type: 'json', _typed: 'Ulm' } } },
  { _type: 'json', _typed: { zip: {} } },
  { _type: 'other', _typed: { city: 'Nice' } },
  { x: { deep: 'z' } },
  null,
];

const prefix = fc.constantFrom('p', 'p', 'p', 'q/r');
const slug = fc.constantFrom(...SLUGS);
const value = fc.oneof(fc.constantFrom(...VALUES), fc.constantFrom(...ADDRESSES));
const record: fc.Arbitrary<JsonValue> = fc.record(
  {
    s: fc.constantFrom(...VALUES),
    n: fc.constantFrom(...VALUES),
    d: fc.constantFrom(...VALUES),
    address: fc.constantFrom(...ADDRESSES),
    other: fc.constantFrom(...VALUES),
  },
  { requiredKeys: [] },
);
const records = fc.dictionary(slug, record, { maxKeys: 3 });
const field = fc.tuple(prefix, slug, fc.constantFrom(...FIELDS)).map((segments) => segments.join('/'));
const whole = fc.tuple(prefix, slug).map((segments) => segments.join('/'));
const above = fc.constantFrom('p', 'q', 'q/r');

const operation: fc.Arbitrary<WriteOperation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('set' as const), path: field, value }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('set' as const), path: whole, value: record }) },
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constant('merge' as const), path: whole, value: record as any }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('set' as const), path: whole, value }) },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('merge' as const), path: above, value: records as any }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('set' as const), path: above, value: records }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('delete' as const), path: field }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('delete' as const), path: whole }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('delete' as const), path: above }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('increment' as const),
      path: whole.map((path) => `${path}/n`),
      value: fc.constantFrom(1, -2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('add' as const), path: field, value: fc.constantFrom('x', 'y') }),
  },
) as fc.Arbitrary<WriteOperation>;

/** The operations of one commit. */
export const operations = fc.array(operation, { minLength: 1, maxLength: 4 });
const definitions = fc
  .tuple(fc.constantFrom('p', 'p', 'q/r', 'p/a/address'), fc.subarray([...DEFINITIONS]))
  .map(([of, some]) => ({ prefix: of, definitions: some.filter((each) => each.prefix === of) }));

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('write' as const), operations }) },
  { weight: 2, arbitrary: definitions.map((use) => ({ do: 'use' as const, ...use })) },
  {
    weight: 2,
    arbitrary: fc.tuple(definitions, operations, fc.nat(12)).map(([use, meanwhile, wait]) => ({
      do: 'useMeanwhile' as const,
      ...use,
      operations: meanwhile,
      wait,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('rollback' as const),
      back: fc.nat(4),
      path: fc.constantFrom(undefined, 'p', 'p/a', 'q'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), operations }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
);

/** What is done to a store, from the first indexes on. */
export const anyActions = fc
  .array(action, { minLength: 1, maxLength: 25, size: 'max' })
  .map((actions): Action[] => [
    { do: 'use', prefix: 'p', definitions: DEFINITIONS.slice(0, 4) },
    { do: 'use', prefix: 'q/r', definitions: DEFINITIONS.slice(5, 6) },
    ...actions,
  ]);
