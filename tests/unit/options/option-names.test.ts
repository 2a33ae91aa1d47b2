import { checkOptionNames } from '../../../src/options/index.js';

const KNOWN = { where: true, take: true } as const;

const refusal = (options: unknown): string => {
  try {
    checkOptionNames('links: find', options, KNOWN);
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('options that are given', () => {
  it.each([
    ['nothing in them', {}],
    ['known names', { where: {}, take: 1 }],
    ['no prototype', Object.assign(Object.create(null), { take: 1 })],
    [
      'a class',
      new (class {
        take = 1;
        get where() {
          return {};
        }
        also(): void {}
      })(),
    ],
  ])('with %s are taken', (_, options) => {
    expect(refusal(options)).toBe('taken');
  });

  it.each([
    ['null', null],
    ['undefined', undefined],
    ['a list', []],
    ['a string', 'take'],
    ['a Promise (is an await missing?)', Promise.resolve({ take: 1 })],
    [
      'a Promise (is an await missing?)',
      new (class {
        then(): void {}
      })(),
    ],
    ['a Map', new Map([['take', 1]])],
    ['a Set', new Set(['take'])],
    ['a Date', new Date()],
    ['a RegExp', /take/],
    ['a URLSearchParams', new URLSearchParams('take=1')],
    ['a Buffer', Buffer.from('take')],
    ['a ArrayBuffer', new ArrayBuffer(1)],
    ['a TypeError', new TypeError('take')],
    ['a String', Object('take')],
  ])('as %s are refused, whatever is in them', (what, options) => {
    expect(refusal(options)).toBe(
      `links: find: its options must be an object with where, take, not ${what}.`,
    );
  });

  it('in a prototype are refused: some would read them, and others not', () => {
    expect(refusal(Object.create({ take: 1 }))).toBe(
      'links: find: its option "take" lies in the prototype of the options. Give it in the object itself.',
    );
    expect(refusal(Object.create({ other: 1 }))).toBe('taken');
  });

  it('with a name that is not known are refused', () => {
    expect(refusal({ tak: 1 })).toBe('links: find has no option "tak". Did you mean "take"?');
    expect(refusal(Object.assign(Object.create(null), { then: () => undefined }))).toContain(
      'has no option "then"',
    );
  });
});
