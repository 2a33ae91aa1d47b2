import fc from 'fast-check';
import { compareDecimals, isDecimal } from '../../../../src/query/values/decimal.js';

describe('compareDecimals', () => {
  it.each<[string, string, number]>([
    ['1', '1.00', 0],
    ['-0', '0.000', 0],
    ['007', '7', 0],
    ['0.1', '0.2', -1],
    ['10', '9', 1],
    ['-10', '-9', -1],
    ['-1', '1', -1],
    ['1e3', '1000', 0],
    ['1.5e-3', '0.0015', 0],
    ['1e999999', '9', 1],
    ['9007199254740993', '9007199254740992', 1],
    ['0.30000000000000000001', '0.3', 1],
  ])('%s against %s', (a, b, expected) => {
    expect(Math.sign(compareDecimals(a, b) ?? NaN)).toBe(expected);
    expect(Math.sign(compareDecimals(b, a) ?? NaN)).toBe(expected === 0 ? 0 : -expected);
  });

  it.each(['', 'x', '1.', '.5', '1,5', '1e', 'NaN', 'Infinity', '0x10', ' 1', '1\n'])(
    '%j is no decimal',
    (text) => {
      expect(isDecimal(text)).toBe(false);
      expect(compareDecimals(text, '1')).toBeUndefined();
      expect(compareDecimals('1', text)).toBeUndefined();
    },
  );

  it('agrees with whole numbers of the same scale', () => {
    const scaled = fc.tuple(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.integer({ min: 0, max: 12 }),
    );
    const near = fc.oneof(
      scaled,
      fc.tuple(fc.bigInt({ min: -200n, max: 200n }), fc.integer({ min: 0, max: 3 })),
    );
    const SCALE = 12;
    const text = (unscaled: bigint, scale: number): string => {
      const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
      const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
      return `${unscaled < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${fraction}`;
    };
    fc.assert(
      fc.property(near, near, ([a, aScale], [b, bScale]) => {
        const left = a * 10n ** BigInt(SCALE - aScale);
        const right = b * 10n ** BigInt(SCALE - bScale);
        const expected = left < right ? -1 : left > right ? 1 : 0;
        expect(Math.sign(compareDecimals(text(a, aScale), text(b, bScale)) ?? NaN)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
