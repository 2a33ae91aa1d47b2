import * as fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../../src/protocol/values/value.js';
import { render } from './naive-paths.js';

/** A revision or token to be looked up when the action is taken. */
export type Reference = 'current' | 'stale' | 'none';

/** What a write carries beside its operation, with references to be looked up. */
export interface ActionContext {
  readonly deviceId: string | undefined;
  readonly clientOpId: string | undefined;
  readonly fence: { readonly key: string; readonly token: Reference } | undefined;
}

interface Guard {
  readonly ifMatch: Reference | undefined;
  readonly ifAbsent: boolean | undefined;
}

export type SingleAction = Guard &
  (
    | { readonly op: 'set'; readonly path: string; readonly value: JsonValue }
    | { readonly op: 'delete'; readonly path: string }
    | { readonly op: 'merge'; readonly path: string; readonly value: JsonObject }
    | { readonly op: 'increment'; readonly path: string; readonly value: number }
    | { readonly op: 'add' | 'remove'; readonly path: string; readonly value: JsonValue }
  );

/** A check of the greatest revision at and below a path as it is when the batch begins. */
export interface CheckAction {
  readonly op: 'check';
  readonly path: string;
  readonly revision: Reference;
}

export type BatchedAction = SingleAction | CheckAction;

export type Action =
  | { readonly kind: 'write'; readonly action: SingleAction; readonly context: ActionContext }
  | { readonly kind: 'batch'; readonly actions: readonly BatchedAction[]; readonly context: ActionContext }
  | {
      readonly kind: 'lease';
      readonly path: string;
      readonly ttl: number | undefined;
      readonly holder: string | null;
      readonly context: ActionContext;
    }
  | {
      readonly kind: 'renew' | 'release';
      readonly path: string;
      readonly token: Reference;
      readonly context: ActionContext;
    }
  | {
      readonly kind: 'put_file';
      readonly path: string;
      readonly content: Uint8Array;
      readonly context: ActionContext;
    }
  | { readonly kind: 'burst'; readonly actions: readonly SingleAction[] }
  | { readonly kind: 'compact'; readonly keep: number | undefined }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'read'; readonly path: string }
  | {
      readonly kind: 'list';
      readonly pattern: string;
      readonly limit: number;
      readonly order: 'asc' | 'desc';
    }
  | {
      readonly kind: 'range';
      readonly from: string;
      readonly to: string;
      readonly limit: number;
      readonly order: 'asc' | 'desc';
    };

/** Few and often the same, so that operations meet; some of the rest are traps. */
const COMMON = ['a', 'b', 'b-2', '__proto__'];
const TRAPS = ['b.c', 'constructor', 'a/b', '~', '*', '😀', '～'];
const LEASE_KEYS = ['lock', 'lock', 'lock', 'a/lock'];

const segment = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...COMMON) },
  { weight: 1, arbitrary: fc.constantFrom(...TRAPS) },
);
const path = fc
  .oneof(
    { weight: 1, arbitrary: fc.tuple(segment) },
    { weight: 4, arbitrary: fc.tuple(segment, segment) },
    { weight: 3, arbitrary: fc.tuple(segment, segment, segment) },
  )
  .map(render);
const leaseKey = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...LEASE_KEYS) },
  { weight: 1, arbitrary: path },
);

const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom<JsonValue>(
    '',
    'x',
    '😀',
    null,
    true,
    false,
    1.5,
    [],
    [1],
    ['x', 1],
    [{ a: 1 }, null],
    [{ a: { b: [] } }],
  ),
);
const envelope = fc.constantFrom<JsonValue>(
  { _type: 'decimal', _typed: '1.50' },
  { _type: 'file', hash: 'sha256:00' },
  { _type: 'lease', token: 1, expires_at: 1_000, holder: 'x' },
);
const { map } = fc.letrec<{ map: JsonObject; value: JsonValue }>((tie) => ({
  map: fc.dictionary(segment, tie('value'), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  value: fc.oneof({ maxDepth: 2, depthIdentifier: 'value' }, scalar, tie('map')),
}));
const value = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 3, arbitrary: map },
  { weight: 1, arbitrary: envelope },
);

const reference = fc.constantFrom<Reference>('current', 'current', 'stale', 'none');
const sometimes = <T>(arbitrary: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const guard = { ifMatch: sometimes(reference, 6), ifAbsent: sometimes(fc.boolean(), 6) };
const noGuard = { ifMatch: sometimes(reference, 30), ifAbsent: sometimes(fc.boolean(), 30) };

const context: fc.Arbitrary<ActionContext> = fc.record({
  deviceId: sometimes(fc.constantFrom('d1', 'd2'), 2),
  clientOpId: sometimes(fc.constantFrom('id-1', 'id-2', 'id-3', 'id-4'), 6),
  fence: sometimes(fc.record({ key: leaseKey, token: reference }), 12),
});

const basic: fc.Arbitrary<SingleAction> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('set' as const), path, value, ...guard }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('delete' as const), path, ...guard }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('merge' as const), path, value: map, ...noGuard }) },
);
const member = scalar.filter((x) => x !== null);
const single: fc.Arbitrary<SingleAction> = fc.oneof(
  { weight: 8, arbitrary: basic },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('increment' as const),
      path,
      value: fc.constantFrom(1, -2, 0.5),
      ...noGuard,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constantFrom('add' as const, 'remove' as const),
      path,
      value: member,
      ...noGuard,
    }),
  },
);

/** Mostly what holds: a batch that is refused teaches little of what batches write. */
const checked = fc.constantFrom<Reference>('current', 'current', 'current', 'current', 'stale', 'none');
const batched: fc.Arbitrary<BatchedAction> = fc.oneof(
  { weight: 6, arbitrary: single },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('check' as const), path, revision: checked }) },
);

const limit = fc.integer({ min: 1, max: 5 });
const order = fc.constantFrom('asc' as const, 'desc' as const);
const wild = fc.oneof(
  segment.map((s) => render([s]).replace(/^\*$/, '\\*')),
  fc.constant('*'),
);
const pattern = fc
  .tuple(fc.array(wild, { maxLength: 3 }), fc.boolean())
  .map(([segments, open]) => [...segments, ...(open || segments.length === 0 ? ['**'] : [])].join('/'));

/** One step of a test run. */
export const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('write' as const), action: single, context }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('batch' as const),
      actions: fc.array(batched, { minLength: 1, maxLength: 5 }),
      context,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('lease' as const),
      path: leaseKey,
      ttl: fc.constantFrom(undefined, 10),
      holder: fc.constantFrom(null, 'me'),
      context,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('renew' as const, 'release' as const),
      path: leaseKey,
      token: reference,
      context,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('put_file' as const),
      path,
      content: fc.uint8Array({ maxLength: 2 }),
      context,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('burst' as const),
      actions: fc.array(single, { minLength: 2, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('compact' as const), keep: fc.constantFrom(undefined, 0, 3) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 10, 40_000) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), path }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('list' as const), pattern, limit, order }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('range' as const), from: path, to: path, limit, order }),
  },
);
