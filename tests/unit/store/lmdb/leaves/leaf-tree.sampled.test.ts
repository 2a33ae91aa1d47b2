import fc from 'fast-check';
import { comparePaths } from '../../../../../src/protocol/paths/order.js';
import type { Leaf } from '../../../../../src/protocol/values/value.js';
import { leafTypeOf } from '../../../../../src/protocol/values/value.js';
import type { LeafTree, TreeRange } from '../../../../../src/store/leaf-tree.js';
import { baseAbove, placeOf } from '../../../../../src/store/lmdb/leaves/group-key.js';
import {
  IN_PARTS,
  isDeep,
  isOfLarge,
  linesOf,
  nameOn,
} from '../../../../../src/store/lmdb/leaves/group-text.js';
import { MemoryLeafTree } from '../../../../../src/store/memory/memory-leaf-tree.js';
import { useDataFolder } from '../data-folder.js';
import { BareTree } from './bare-tree.js';
import { sampleSize } from '../../../../sample-size.js';

const LIMITS = { leaves: 4, length: 60, large: 30 };
const folder = useDataFolder();

const segment = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'b-2', 'c', '0') },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 30 }).map((i) => `k${i}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '\u0000',
      '\t\n',
      '"',
      '"q',
      '\uffff',
      '\ue000',
      '😀',
      'é',
      '~1',
      '\u{10ffff}',
    ),
  },
);
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
const value = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -5, max: 99 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 27, max: 90 }).map((length) => 'L'.repeat(length)) },
  { weight: 1, arbitrary: fc.constant(JSON.parse('{"__proto__":[1,{"deep":null}]}') as Leaf['value']) },
);
const leaf = fc
  .record({
    path,
    value,
    revision: fc.nat(),
    type: fc.constantFrom<Leaf['type'] | undefined>(undefined, 'counter', 'float'),
  })
  .map(({ type, ...rest }): Leaf => ({ ...rest, type: type ?? leafTypeOf(rest.value) }));
const border = fc.option(
  fc.oneof(
    path,
    fc.constant(''),
    path.map((each) => `${each}/`),
    path.map((each) => `${each}0`),
  ),
  { nil: undefined },
);
const range = fc.record(
  { from: border, to: border, after: border, reverse: fc.boolean() },
  { requiredKeys: [] },
) as fc.Arbitrary<TreeRange>;

type Step =
  | { readonly do: 'put'; readonly leaf: Leaf }
  | { readonly do: 'delete' | 'get' | 'subtree' | 'below'; readonly path: string }
  | { readonly do: 'range'; readonly range: TreeRange };

const step = fc.oneof(
  { weight: 8, arbitrary: leaf.map((each): Step => ({ do: 'put', leaf: each })) },
  { weight: 4, arbitrary: path.map((each): Step => ({ do: 'delete', path: each })) },
  { weight: 1, arbitrary: path.map((each): Step => ({ do: 'get', path: each })) },
  { weight: 1, arbitrary: path.map((each): Step => ({ do: 'subtree', path: each })) },
  { weight: 1, arbitrary: path.map((each): Step => ({ do: 'below', path: each })) },
  { weight: 1, arbitrary: range.map((each): Step => ({ do: 'range', range: each })) },
);
const transaction = fc.record({ steps: fc.array(step, { maxLength: 60 }), isUndone: fc.boolean() });

/** Does the step with both trees; reads must agree. */
function take(each: Step, tree: LeafTree, model: MemoryLeafTree): void {
  switch (each.do) {
    case 'put':
      tree.put(each.leaf);
      model.put(each.leaf);
      return;
    case 'delete':
      tree.delete(each.path);
      model.delete(each.path);
      return;
    case 'get':
      expect(tree.get(each.path)).toStrictEqual(model.get(each.path));
      return;
    case 'subtree':
      expect(tree.subtree?.(each.path)).toStrictEqual(model.subtree(each.path));
      return;
    case 'below':
      if (model.mayHaveBelow(each.path)) expect(tree.mayHaveBelow?.(each.path)).toBe(true);
      return;
    case 'range':
      expect([...tree.range(each.range)]).toStrictEqual([...model.range(each.range)]);
      expect([...(tree.runs?.(each.range) ?? [])].flat()).toStrictEqual([...model.range(each.range)]);
  }
}

function modelOf(leaves: Iterable<Leaf>): MemoryLeafTree {
  const model = new MemoryLeafTree();
  for (const each of leaves) model.put(each);
  return model;
}

/**
 * What is stored is in groups within the limits, each of which the one above tells of, and none of which is empty without a reason; what is
 * large lies alone, and is named once.
 */
function expectOrder(bare: BareTree): void {
  const alone: string[] = [];
  const named: string[] = [];
  const parts = new Map<string, number>();
  const groups = new Map<string, string>();
  for (const { key, value: stored } of bare.stored()) {
    const { kind, base } = placeOf(key);
    if (kind === 'leaf') alone.push(key);
    if (kind === 'group') groups.set(base, stored);
    if (kind === 'part') parts.set(base, (parts.get(base) ?? 0) + 1);
    if (kind === 'leaf' || stored === IN_PARTS) continue;
    const lines = linesOf(stored);
    if (kind === 'part' || !isDeep(stored)) expect(lines.length).toBeGreaterThan(0);
    if (kind === 'part') expect(isDeep(stored)).toBe(false);
    expect(lines.length).toBeLessThanOrEqual(LIMITS.leaves);
    if (lines.length > 1) expect(stored.length).toBeLessThanOrEqual(LIMITS.length + 1);
    for (const line of lines) if (isOfLarge(line)) named.push(base + nameOn(line)!);
  }
  expect(named.toSorted(comparePaths)).toEqual(alone.toSorted(comparePaths));
  for (const base of parts.keys()) expect(groups.get(base)).toBe(IN_PARTS);
  const above = new Set([...groups.keys()].filter((base) => base !== '').map(baseAbove));
  for (const [base, stored] of groups) {
    if (stored === IN_PARTS) expect(parts.get(base)).toBeGreaterThan(0);
    else if (linesOf(stored).length === 0) expect(above).toContain(base);
    if (above.has(base) && base !== '') expect(stored === IN_PARTS || isDeep(stored)).toBe(true);
  }
  for (const base of above) if (base !== '') expect(groups.has(base)).toBe(true);
}

it('the leaves in groups are those of a tree in memory, whatever is done to both', async () => {
  const bare = new BareTree(folder.path, LIMITS);
  try {
    fc.assert(
      fc.property(
        fc.array(transaction, { maxLength: 12 }),
        fc.array(range, { maxLength: 12 }),
        (transactions, ranges) => {
          bare.transact((tree) => tree.clear());
          bare.leafCount = 0;
          let model = new MemoryLeafTree();
          for (const { steps, isUndone } of transactions) {
            const before = [...model.range({})];
            const undone = new Error('undone');
            try {
              bare.transact((tree) => {
                for (const each of steps) take(each, tree, model);
                if (isUndone) throw undone;
              });
            } catch (error) {
              if (!(error instanceof Error) || !error.message.includes('undone')) throw error;
              model = modelOf(before);
            }
            expect([...bare.tree.range({})]).toStrictEqual([...model.range({})]);
            expect(bare.leafCount).toBe(model.size);
            expectOrder(bare);
            if (model.size === 0) expect(bare.stored()).toEqual([]);
          }
          for (const [i, { path: after }] of [...model.range({})].entries()) {
            if (i % 3 > 0) continue;
            for (const reverse of [false, true]) {
              const page = { after, reverse };
              expect([...bare.tree.range(page)]).toStrictEqual([...model.range(page)]);
            }
          }
          for (const each of ranges) {
            expect([...bare.tree.range(each)]).toStrictEqual([...model.range(each)]);
            for (const at of [each.from, each.to, each.after]) {
              if (at === undefined || at === '' || at.endsWith('/')) continue;
              expect(bare.tree.get(at)).toStrictEqual(model.get(at));
              expect(bare.tree.subtree(at)).toStrictEqual(model.subtree(at));
              expect(bare.tree.mayHaveBelow(at)).toBe(model.mayHaveBelow(at));
            }
          }
        },
      ),
      { numRuns: sampleSize(200) },
    );
  } finally {
    await bare.close();
  }
}, 60_000);
