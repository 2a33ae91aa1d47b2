import fc from 'fast-check';
import { toWireJson } from '../../../../src/protocol/wire/wire-json.js';
import { json } from '../arbitraries.js';

describe('toWireJson', () => {
  it.each([
    [9e20, '9.0e20'],
    [-9e20, '-9.0e20'],
    [2 ** 64, '1.8446744073709552e19'],
    [2 ** 53, '9.007199254740992e15'],
    [2 ** 53 - 1, '9007199254740991'],
    [-(2 ** 53 - 1), '-9007199254740991'],
    [1e21, '1e+21'],
    [0.1234567890123456789, '0.12345678901234568'],
    [1234567890123456.2, '1234567890123456.2'],
    [1.2345678901234567e25, '1.2345678901234566e+25'],
    [[1e20, { a: 1e20, b: -1e19 }], '[1.0e20,{"a":1.0e20,"b":-1.0e19}]'],
  ])('writes %j as %s', (value, text) => {
    expect(toWireJson(value)).toBe(text);
    expect(JSON.parse(text)).toEqual(value);
  });

  it.each([
    '900000000000000000000',
    'ends with a quote " 900000000000000000000',
    'ends with a backslash \\',
    '\\" 900000000000000000000 \\\\',
  ])('leaves the text %j as it is, in values and keys', (text) => {
    const value = { [text]: text, big: 9e20, list: [text, 9e20] };
    const key = JSON.stringify(text);
    expect(toWireJson(value)).toBe(`{${key}:${key},"big":9.0e20,"list":[${key},9.0e20]}`);
  });

  it('finds a number wherever it stands in a text', () => {
    for (let before = 0; before < 40; before++) {
      const filler = 'x'.repeat(before);
      expect(toWireJson([filler, 9e20])).toBe(`["${filler}",9.0e20]`);
    }
  });

  it('writes a file of some megabytes whose text is full of digits and escapes', () => {
    const text = '1234567890123456"\\'.repeat(200_000);
    expect(toWireJson({ text, n: 9e20 })).toBe(`{"text":${JSON.stringify(text)},"n":9.0e20}`);
  });

  it('says what JSON.stringify says, and nothing else where all whole numbers are held exactly', () => {
    fc.assert(
      fc.property(json, fc.double({ noNaN: true, noDefaultInfinity: true }), (value, number) => {
        const all = [value, number];
        const plain = JSON.stringify(all);
        const text = toWireJson(all);
        expect(JSON.parse(text)).toEqual(JSON.parse(plain));
        if (!/\d{16}/.test(plain)) expect(text).toBe(plain);
      }),
    );
  });
});
