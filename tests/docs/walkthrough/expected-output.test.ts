import { difference, isAsShown } from './expected-output.js';

describe('what is printed', () => {
  it.each([
    [[], []],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [['a', 'b'], ['…']],
    [[], ['…']],
    [
      ['a', 'x', 'y', 'b'],
      ['a', '…', 'b'],
    ],
    [
      ['a', 'b', 'b'],
      ['…', 'b'],
    ],
  ])('%j is as shown by %j', (printed, shown) => {
    expect(isAsShown(printed, shown)).toBe(true);
  });

  it.each([
    [['a'], []],
    [[], ['a']],
    [
      ['b', 'a'],
      ['a', 'b'],
    ],
    [
      ['a', 'x', 'b', 'c'],
      ['a', '…', 'b'],
    ],
    [['a…'], ['a…b']],
  ])('%j is not as shown by %j', (printed, shown) => {
    expect(isAsShown(printed, shown)).toBe(false);
  });

  it('differs by lines of the page and lines that were printed', () => {
    expect(difference(['a', 'x', 'c'], ['a', 'b', 'c'])).toBe('  a\n- b\n+ x\n  c');
    expect(difference(['a', 'a'], ['a'])).toBe('  a\n+ a');
  });
});
