import fc from 'fast-check';
import { replaceLongIntegers, roundedInteger } from '../../../../src/protocol/values/long-integers.js';
import { json } from '../arbitraries.js';

describe('roundedInteger', () => {
  it.each([
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['{"a":[1,{"b":12345678901234567890}]}', '12345678901234567890'],
    ['[9007199254740991,9007199254740995,9007199254740997]', '9007199254740995'],
    [`[${'7'.repeat(400)}]`, '7'.repeat(40) + '…'],
  ])('tells of %s', (text, digits) => {
    expect(roundedInteger(text)).toBe(
      `the whole number ${digits}, which JavaScript does not hold exactly; a text with the same digits stays as it is`,
    );
  });

  it.each([
    '9007199254740992',
    '900000000000000000000',
    '-1000000000000000000000',
    '"9007199254740993"',
    '{"9007199254740993":"\\"9007199254740993"}',
    '9007199254740993.0',
    '0.9007199254740993',
    '9007199254740993e2',
    '9007199254740993E2',
    '1e-9007199254740993',
    '1E9007199254740993',
    '1e+9007199254740993',
  ])('has nothing to say of %s', (text) => {
    expect(roundedInteger(text)).toBeUndefined();
  });

  it('takes whatever JavaScript writes itself', () => {
    const numbers = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt().map(Number));
    fc.assert(
      fc.property(json, numbers, (value, number) => {
        expect(roundedInteger(JSON.stringify([value, number]))).toBeUndefined();
      }),
    );
  });

  it('tells of each whole number that reading it changes, and of no other', () => {
    const digits = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
    fc.assert(
      fc.property(digits, (number) => {
        const read = JSON.parse(String(number)) as number;
        const isKept = BigInt(read) === number || String(read) === String(number);
        expect(roundedInteger(`[${number}]`) === undefined).toBe(isKept);
      }),
    );
  });
});

describe('replaceLongIntegers', () => {
  it('leaves out fewer than 16 digits, and strings', () => {
    const text =
      '["1234567890123456",123456789012345,1234567890123456,{"1234567890123456":-1234567890123456}]';
    expect(replaceLongIntegers(text, () => 'x')).toBe(
      '["1234567890123456",123456789012345,x,{"1234567890123456":x}]',
    );
  });
});
