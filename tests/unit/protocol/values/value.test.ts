import fc from 'fast-check';
import { comparePaths } from '../../../../src/protocol/paths/order.js';
import { isBelow } from '../../../../src/protocol/paths/path.js';
import type { JsonObject, JsonValue } from '../../../../src/protocol/values/value.js';
import {
  assemble,
  flatten,
  isEnvelope,
  isMap,
  leafTypeOf,
  setOwn,
} from '../../../../src/protocol/values/value.js';
import { json, path } from '../arbitraries.js';

/** What a store keeps of a value: maps that hold no leaf vanish, everything else stays. */
function withoutEmptyMaps(value: JsonValue): JsonValue | undefined {
  if (!isMap(value)) return value;
  const kept: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    const rest = withoutEmptyMaps(member);
    if (rest !== undefined) setOwn(kept, key, rest);
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

describe('flatten and assemble', () => {
  it('give a value back without its empty maps, whatever the order of the leaves', () => {
    const shuffled = json.chain((value) => {
      const leaves = flatten('base', value);
      return fc.tuple(fc.constant(value), fc.shuffledSubarray(leaves, { minLength: leaves.length }));
    });
    fc.assert(
      fc.property(shuffled, ([value, leaves]) => {
        expect(assemble('base', leaves)).toEqual(withoutEmptyMaps(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('make leaves at or below the path, none of them a map, no path twice', () => {
    fc.assert(
      fc.property(path, json, (base, value) => {
        const leaves = flatten(base, value);
        for (const leaf of leaves) {
          expect(leaf.path === base || isBelow(leaf.path, base)).toBe(true);
          expect(isMap(leaf.value)).toBe(false);
        }
        expect(new Set(leaves.map((leaf) => leaf.path)).size).toBe(leaves.length);
      }),
    );
  });

  it('keep keys named like members of objects as data', () => {
    const value = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"toString":3}',
    ) as JsonObject;
    const leaves = flatten('x', value);
    expect(leaves.map((leaf) => leaf.path).sort(comparePaths)).toEqual([
      'x/__proto__/polluted',
      'x/constructor/prototype/polluted',
      'x/toString',
    ]);

    const read = assemble('x', leaves) as JsonObject;
    expect(JSON.stringify(read)).toBe(JSON.stringify(value));
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.prototype).not.toHaveProperty('polluted');
    expect(Object).not.toHaveProperty('prototype.polluted');
  });

  it.each(['__proto__', 'constructor', 'toString'])(
    'reach below a leaf %s without touching a prototype',
    (key) => {
      const leaves = [
        { path: `x/${key}`, value: 1 },
        { path: `x/${key}/polluted`, value: 2 },
      ];
      for (const order of [leaves, leaves.toReversed()]) {
        expect(JSON.stringify(assemble('x', order))).toBe(`{"${key}":{"polluted":2}}`);
      }
      expect({}).not.toHaveProperty('polluted');
      expect(Object).not.toHaveProperty('polluted');
    },
  );
});

describe('assemble', () => {
  const leaf = (at: string, value: JsonValue): { path: string; value: JsonValue } => ({ path: at, value });

  it('lets the descendants win where a path is leaf and parent, in any order (PROTOCOL §2)', () => {
    const leaves = [leaf('r', 0), leaf('r/a', 1), leaf('r/a/b', 2), leaf('r/a/b/c', 3), leaf('r/a/d', 4)];
    fc.assert(
      fc.property(fc.shuffledSubarray(leaves, { minLength: leaves.length }), (order) => {
        expect(assemble('r', order)).toEqual({ a: { b: { c: 3 }, d: 4 } });
      }),
    );
  });

  it('lets descendants win over a leaf that is an envelope', () => {
    const file = leaf('r/f', { _type: 'file', hash: 'sha256:00' });
    const below = leaf('r/f/hash', 'x');
    expect(assemble('r', [file, below])).toEqual({ f: { hash: 'x' } });
    expect(assemble('r', [below, file])).toEqual({ f: { hash: 'x' } });
  });

  it('does not write into stored values', () => {
    const stored = Object.freeze({ _type: 'file', hash: 'sha256:00' });
    assemble('r', [leaf('r/f', stored), leaf('r/f/hash', 'x')]);
    expect(stored.hash).toBe('sha256:00');
  });

  it('gives the leaf itself, or nothing', () => {
    expect(assemble('r', [leaf('r', null)])).toBeNull();
    expect(assemble('r', [])).toBeUndefined();
  });

  it('passes over leaves that are elsewhere', () => {
    expect(assemble('r', [leaf('r-2/a', 1), leaf('r/a', 2), leaf('q', 3)])).toEqual({ a: 2 });
  });
});

describe('envelopes', () => {
  it.each<[string, JsonObject, boolean]>([
    ['a file', { _type: 'file', hash: 'sha256:00' }, true],
    ['a lease', { _type: 'lease', token: 1 }, true],
    ['a typed value', { _type: 'decimal', _typed: '1.5' }, true],
    ['a _type of its own', { _type: 'custom' }, false],
    ['a _typed alone', { _typed: 1 }, false],
    ['a plain object', { a: 1 }, false],
  ])('%s', (_, value, expected) => {
    expect(isEnvelope(value)).toBe(expected);
    expect(isMap(value)).toBe(!expected);
  });
});

describe('leafTypeOf', () => {
  it.each<[JsonValue, string]>([
    ['a', 'string'],
    [['a'], 'string'],
    [1, 'integer'],
    [-0, 'integer'],
    [1.5, 'float'],
    [9e20, 'float'],
    [true, 'boolean'],
    [null, 'null'],
    [{ _type: 'file', hash: 'sha256:00' }, 'map'],
    [{ _type: 'lease', token: 1 }, 'lease'],
    [{ _type: 'decimal', _typed: '1.5' }, 'map'],
  ])('%j is a %s', (value, type) => {
    expect(leafTypeOf(value)).toBe(type);
  });
});
