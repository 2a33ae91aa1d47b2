import fc from 'fast-check';
import {
  comparePaths,
  pathOfSortKey,
  rangeBelow,
  sortKeyOfPath,
} from '../../../../src/protocol/paths/order.js';
import { childPath, isBelow, renderPath } from '../../../../src/protocol/paths/path.js';
import { path, segment } from '../arbitraries.js';

const RUNS = { numRuns: 1000 };
const byteOrder = (a: string, b: string): number => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Well-formed strings around the places where UTF-16 and UTF-8 order part. */
const text = fc.oneof(
  path,
  fc.string({ unit: 'binary' }).filter((s) => s.isWellFormed()),
  fc.string({
    unit: fc.constantFrom('a', '/', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f600}', '\u{10ffff}'),
    maxLength: 6,
  }),
);

describe('comparePaths', () => {
  it('is the order of the UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(comparePaths(a, b))).toBe(byteOrder(a, b));
      }),
      RUNS,
    );
  });

  it('puts characters outside the basic plane behind U+FFFF, unlike UTF-16', () => {
    expect('\u{10000}' < '\uffff').toBe(true);
    expect(comparePaths('\u{10000}', '\uffff')).toBeGreaterThan(0);
    expect(comparePaths('\uffff', '\ue000')).toBeGreaterThan(0);
    expect(comparePaths('\ue000', '\ud7ff')).toBeGreaterThan(0);
  });

  it('is not segment by segment (PROTOCOL §1)', () => {
    const ordered = ['p/b-2/t', 'p/b.c/t', 'p/b/t'];
    expect([...ordered].reverse().sort(comparePaths)).toEqual(ordered);
  });
});

describe('sortKeyOfPath', () => {
  it('reads back', () => {
    fc.assert(
      fc.property(text, (a) => {
        expect(pathOfSortKey(sortKeyOfPath(a))).toBe(a);
      }),
      RUNS,
    );
  });

  it('leaves paths below the surrogates as they are', () => {
    expect(sortKeyOfPath('links/é日本\ud7ff')).toBe('links/é日本\ud7ff');
  });
});

describe('rangeBelow', () => {
  it('holds everything below the path and nothing else', () => {
    fc.assert(
      fc.property(path, path, (base, other) => {
        const { from, to } = rangeBelow(base);
        const inside = comparePaths(from, other) <= 0 && comparePaths(other, to) < 0;
        expect(inside).toBe(isBelow(other, base));
      }),
      RUNS,
    );
  });

  it('holds the children, whatever their first character', () => {
    fc.assert(
      fc.property(segment, segment, (parent, key) => {
        const base = renderPath([parent]);
        const { from, to } = rangeBelow(base);
        const child = childPath(base, key);
        expect(comparePaths(from, child)).toBeLessThan(0);
        expect(comparePaths(child, to)).toBeLessThan(0);
      }),
    );
  });
});
