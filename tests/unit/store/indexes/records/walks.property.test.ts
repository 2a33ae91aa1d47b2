import * as fc from 'fast-check';
import { comparePaths } from '../../../../../src/protocol/paths/order.js';
import { escapeSegment } from '../../../../../src/protocol/paths/path.js';
import type {
  IndexBound,
  IndexDefinition,
  IndexRange,
  IndexRanges,
  IndexedValue,
  SlugRange,
} from '../../../../../src/protocol/values/record-access.js';
import { Store, createMemoryStorage } from '../../../../../src/store/index.js';

const INDEX: IndexDefinition = {
  prefix: 'p',
  parts: [
    { path: 'state', type: 'string' },
    { path: 'year', type: 'number', absent: 2 },
  ],
  unique: false,
};

/** Neither of the two types, and no value of an index. */
const GARBAGE = [true];
type Stored = string | number | null | typeof GARBAGE;

interface Drawn {
  readonly slug: string;
  readonly state: Stored;
  readonly year: Stored | undefined;
}

const slug = fc
  .array(fc.constantFrom('a', 'b', '/', '-', 'é'), { minLength: 1, maxLength: 3 })
  .map((characters) => characters.join(''));
const record: fc.Arbitrary<Drawn> = fc.record({
  slug,
  state: fc.constantFrom<Stored>('s', 's', 't', 'u', null, GARBAGE),
  year: fc.constantFrom<Stored | undefined>(1, 1, 1, 2, 3, null, undefined, GARBAGE),
});
const records = fc.uniqueArray(record, {
  minLength: 5,
  maxLength: 70,
  size: 'max',
  selector: (each) => each.slug,
});
const bound = <T extends string | number>(...values: T[]) =>
  fc.option(fc.record({ value: fc.constantFrom(...values), inclusive: fc.boolean() }), { nil: undefined });
const bounds = <T extends string | number>(...values: T[]) => ({
  from: bound(...values),
  to: bound(...values),
  present: fc.constantFrom(undefined, false, true),
});
const indexRange: fc.Arbitrary<IndexRange> = fc.oneof(
  fc.record({ equal: fc.constant([]), ...bounds('s', 't', 'tt', 'z') }),
  fc.record({ equal: fc.constantFrom<IndexedValue[]>(['s'], ['t'], [null]), ...bounds(1, 2, 3) }),
  fc.record({ equal: fc.constantFrom<IndexedValue[]>(['s', 1], ['t', 2], ['u', null], ['s', 'odd']) }),
);
const indexRanges: fc.Arbitrary<IndexRanges> = fc.record({
  by: fc.constant('index' as const),
  index: fc.constant(INDEX),
  reverse: fc.constantFrom(undefined, false, true),
  ranges: fc.oneof(
    indexRange.map((one) => [one]),
    fc.constant([{ equal: ['t'] }, { equal: ['s'] }, { equal: [null] }]),
    fc.constant([{ equal: ['s', 3] }, { equal: ['s', 1] }]),
    fc.constant([]),
  ),
});
const slugBound = fc.option(fc.record({ slug, inclusive: fc.boolean() }), { nil: undefined });
const slugRange: fc.Arbitrary<SlugRange> = fc.record({
  by: fc.constant('slug-range' as const),
  from: slugBound,
  to: slugBound,
  startsWith: fc.constantFrom(undefined, undefined, '', 'a', 'a/', 'é'),
  reverse: fc.constantFrom(undefined, false, true),
});

const inOrder = (a: string, b: string): number =>
  comparePaths(`${escapeSegment(a)}/`, `${escapeSegment(b)}/`);
/** Null behind all values, and garbage behind it. */
const ranked = (value: Stored): readonly [number, string | number] =>
  value === null ? [1, 0] : typeof value === 'object' ? [2, 0] : [0, value];
const compareRanked = (a: Stored, b: Stored): number => {
  const [[ofA, x], [ofB, y]] = [ranked(a), ranked(b)];
  return ofA - ofB || (x < y ? -1 : x > y ? 1 : 0);
};

const valuesOf = ({ state, year = 2 }: Drawn): [Stored, Stored] => [state, year];

function isIn({ equal, from, to, present }: IndexRange, drawn: Drawn): boolean {
  const values = valuesOf(drawn);
  if (!equal.every((value, i) => values[i] === value)) return false;
  const next = values[equal.length];
  if (from === undefined && to === undefined && present !== true) return true;
  if (next === undefined || next === null || typeof next === 'object') return false;
  const isOut = (bound: IndexBound | undefined, sign: number): boolean => {
    if (bound === undefined) return false;
    const order = sign * compareRanked(next, bound.value as Stored);
    return bound.inclusive ? order < 0 : order <= 0;
  };
  return !isOut(from, 1) && !isOut(to, -1);
}

/** The slugs of an access, in the order of a walk. */
function expected(access: IndexRanges | SlugRange, all: readonly Drawn[]): Drawn[] {
  const sign = access.reverse === true ? -1 : 1;
  if (access.by === 'slug-range') {
    const { from, to, startsWith = '' } = access;
    return all
      .filter((each) => each.slug.startsWith(startsWith))
      .filter((each) => from === undefined || inOrder(each.slug, from.slug) >= (from.inclusive ? 0 : 1))
      .filter((each) => to === undefined || inOrder(each.slug, to.slug) <= (to.inclusive ? 0 : -1))
      .sort((a, b) => sign * inOrder(a.slug, b.slug));
  }
  return access.ranges.flatMap((range) =>
    all
      .filter((each) => isIn(range, each))
      .sort((a, b) => {
        const [[stateA, yearA], [stateB, yearB]] = [valuesOf(a), valuesOf(b)];
        const byValues = compareRanked(stateA, stateB) || compareRanked(yearA, yearB);
        return sign * byValues || inOrder(a.slug, b.slug);
      }),
  );
}

const readable = (value: Stored): IndexedValue => (typeof value === 'object' ? null : value);

it('records are walked and counted as a list of them would be, from any place', async () => {
  await fc.assert(
    fc.asyncProperty(
      records,
      fc.array(fc.oneof(indexRanges, slugRange), { minLength: 3, maxLength: 8 }),
      fc.nat(),
      fc.nat(5),
      async (drawn, accesses, place, atMost) => {
        const store = new Store({ storage: createMemoryStorage() });
        await store.writeBatch({
          operations: drawn.map(({ slug: of, state, year }) => ({
            op: 'set',
            path: `p/${escapeSegment(of)}`,
            value: { own: 0, state, ...(year === undefined ? {} : { year }) },
          })),
        });
        await store.useIndexes('p', [INDEX]);
        const local = store.records('p');
        for (const access of accesses) {
          const all = expected(access, drawn);
          const slugs = all.map((each) => each.slug);
          const walk = local.walk(access);
          const positions = Array.from(walk, (each) => [each.slug, walk.position?.slug]);
          expect(positions).toStrictEqual(slugs.map((each) => [each, each]));
          expect(local.count(access)).toBe(slugs.length);
          expect(local.count(access, atMost)).toBe(Math.min(atMost, slugs.length));
          const [first] = all;
          if (access.by === 'index') {
            expect(local.first(access)).toStrictEqual(
              first && { slug: first.slug, values: valuesOf(first).map(readable) },
            );
          }
          if (all.length === 0) continue;
          const from = place % all.length;
          const { slug: last } = all[from]!;
          const values = access.by === 'index' ? valuesOf(all[from]!).map(readable) : undefined;
          const behind = Array.from(local.walk(access, { slug: last, values }), (each) => each.slug);
          expect(behind).toStrictEqual(slugs.slice(from + 1));
        }
        await store.close();
      },
    ),
    { numRuns: 60, endOnFailure: true },
  );
}, 60_000);
