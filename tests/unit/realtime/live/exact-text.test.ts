import { Between, In, Not } from '../../../../src/index.js';
import { exactText } from '../../../../src/realtime/live/exact-text.js';

class Custom {
  readonly a = 1;
}

/** An array in an array, so many deep. */
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe('the text of options', () => {
  it.each<[unknown, unknown]>([
    [{ where: { a: 1 } }, { where: { a: 1 } }],
    [{ a: -0 }, { a: 0 }],
    [{ a: new Date(5) }, { a: new Date(5) }],
    [{ a: new Uint8Array([1, 2]) }, { a: Buffer.from([1, 2]) }],
    [{ a: In(['x', 'y']) }, { a: In(['x', 'y']) }],
    [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    [undefined, undefined],
  ])('is one for equal ones: %j', (one, other) => {
    expect(exactText(one)).toBeDefined();
    expect(exactText(one)).toBe(exactText(other));
  });

  it('is another one for others', () => {
    const all: unknown[] = [
      ...[undefined, null, true, false, 0, -1, 1, 11, 1n, NaN, '', '1', 'null', 'a', 'number:1'],
      ...[new Date(1), new Date(11), new Uint8Array([1]), new Uint8Array([1, 2]), new Uint8Array()],
      ...[
        [],
        [1],
        [1, 11],
        [11, 1],
        [[1], 11],
        [[1, 11]],
        [1, [11]],
        ['a', 'b'],
        ['a","b'],
        [[], []],
        [[[]]],
      ],
      ...[
        {},
        [{}],
        { a: 1 },
        { a: 11 },
        { a: '1' },
        { b: 1 },
        { a: undefined },
        { a: 1, b: 2 },
        { a: { b: 2 } },
        { a: { b: 1, c: 2 } },
        { a: { b: 1 }, c: 2 },
        Array(2),
        [undefined, 1],
      ],
      ...[{ 'a":1': 1 }, { b: 2, a: 1 }, { a: [] }, { a: {} }],
      ...[In([1]), Not(1), Not(In([1])), Between(1, 11), Between(11, 1), { In: [1] }, 'In'],
    ];
    const texts = all.map((each) => exactText(each));
    expect(texts.filter((text) => text === undefined)).toEqual([]);
    expect(new Set(texts).size).toBe(all.length);
  });

  it.each([
    () => 1,
    Symbol('a'),
    new Custom(),
    new Map(),
    /a/,
    { a: { b: [() => 1] } },
    [[Symbol('a')], 1],
    { a: new Custom() },
    In([new Custom()]),
  ])('is none where something has no exact one (%#)', (options) => {
    expect(exactText(options)).toBeUndefined();
  });

  it('goes so deep, and no further', () => {
    expect(exactText(nested(20))).toBeDefined();
    expect(exactText(nested(21))).toBeUndefined();
    const object = { a: nested(19) };
    expect(exactText(object)).toBeDefined();
    expect(exactText({ a: object })).toBeUndefined();
    expect(exactText(Not(nested(18)))).toBeDefined();
    expect(exactText(Not(nested(19)))).toBeUndefined();
  });
});
