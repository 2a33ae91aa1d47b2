import * as fc from 'fast-check';
import type { LeafChange } from '../../../../src/protocol/requests/operation.js';
import { touchedRecords } from '../../../../src/store/indexes/touched-records.js';

const PREFIXES = ['p', 'q/r', 's'];
const LOOKUP = { depths: [0, 1], find: (path: string) => PREFIXES.find((prefix) => prefix === path) };
/** Leaves of records, at the paths of records, beside prefixes, and of slugs of which one begins with the other. */
const LEAVES = ['p', 'p/a', 'p/a/x', 'p/a/y/z', 'p/a-/x', 'p/ab/x', 'p/b/x', 's/a/x'].concat(
  ['q/r', 'q/r/a', 'q/r/a/x', 'q/r/a/y', 'q/r/b/x', 'q/o/a/x'],
  ['o', 'o/a/x'],
);

interface Applied {
  readonly operation: { readonly path: string };
  readonly changes: LeafChange[];
}

const operation = fc
  .record({
    path: fc.constantFrom(...LEAVES, 'q', 'p/a/y'),
    leaves: fc.uniqueArray(fc.nat(LEAVES.length - 1), { maxLength: 12 }),
  })
  .map(({ path, leaves }) => ({
    path,
    leaves: leaves
      .sort((a, b) => a - b)
      .map((i) => LEAVES[i]!)
      .filter((leaf) => leaf === path || leaf.startsWith(`${path}/`)),
  }));

/** Each change by itself, and of each leaf its first and its last one. */
function oneByOne(applied: readonly Applied[]): unknown[] {
  const records = new Map<string, { prefix: string; leaves: Map<string, [LeafChange, number]> }>();
  applied.forEach(({ changes }, place) => {
    for (const change of changes) {
      for (const prefix of PREFIXES) {
        const [slug, ...field] = change.path.startsWith(`${prefix}/`)
          ? change.path.slice(prefix.length + 1).split('/')
          : [];
        if (slug === undefined || field.length === 0) continue;
        const record = records.get(`${prefix}/${slug}`) ?? { prefix, leaves: new Map() };
        records.set(`${prefix}/${slug}`, record);
        const { before } = record.leaves.get(change.path)?.[0] ?? change;
        const merged = { path: change.path, before, after: change.after };
        record.leaves.set(change.path, [merged, place]);
      }
    }
  });
  return [...records].map(([path, { prefix, leaves }]) => [path, prefix, ...leaves.values()]).sort();
}

it('the records that operations touched are told with what became of each leaf', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 6 }), (operations) => {
      let revision = 0;
      const leaf = (path: string) => ({ path, value: null, type: 'null' as const, revision: ++revision });
      const applied = operations.map(({ path, leaves }): Applied => {
        const changes = leaves.map((at, i) =>
          i % 3 === 0
            ? { path: at, before: leaf(at), after: leaf(at) }
            : { path: at, [i % 3 === 1 ? 'before' : 'after']: leaf(at) },
        );
        return { operation: { path }, changes };
      });
      const touched = touchedRecords(applied, LOOKUP) ?? [];
      const told = touched.map(({ path, prefix, changes, operations: places }) => [
        path,
        prefix,
        ...changes.map((change, i) => [
          { path: change.path, before: change.before, after: change.after },
          places[i],
        ]),
      ]);
      expect(told.sort()).toEqual(oneByOne(applied));
      for (const { changes, operations: places } of touched) expect(places).toHaveLength(changes.length);
    }),
    { numRuns: 300 },
  );
});

it('nothing is told where no record was touched', () => {
  const change = (path: string) => ({ operation: { path }, changes: [{ path }] });
  expect(touchedRecords([change('o/a/x'), change('q'), change('p')], LOOKUP)).toBeUndefined();
  expect(touchedRecords([], LOOKUP)).toBeUndefined();
});
