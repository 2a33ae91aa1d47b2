import { enumValuesOf } from '../../../src/metadata/enum-values.js';
import { wireNameOf } from '../../../src/metadata/naming.js';

describe('naming strategies', () => {
  it.each([
    ['addedAt', 'added_at'],
    ['URLValue', 'url_value'],
    ['homeURL', 'home_url'],
    ['line2Text', 'line2_text'],
    ['already_snake', 'already_snake'],
    ['größeÄnderung', 'größe_änderung'],
    ['x', 'x'],
    ['__proto__', '__proto__'],
  ])('snake_case turns %s into %s', (property, wireName) => {
    expect(wireNameOf(property, 'snake_case')).toBe(wireName);
  });

  it('preserve keeps the name, a function decides itself', () => {
    expect(wireNameOf('addedAt', 'preserve')).toBe('addedAt');
    expect(wireNameOf('addedAt', (property) => `x-${property}`)).toBe('x-addedAt');
  });
});

describe('enumValuesOf', () => {
  enum Numeric {
    Low,
    High = 5,
  }
  enum Text {
    Low = 'low',
    High = 'high',
  }
  it.each([
    ['a numeric enum', Numeric, [0, 5]],
    ['a string enum', Text, ['low', 'high']],
    ['an enum that mixes both', { '1': 'A', A: 1, B: 'A', C: 'one' }, [1, 'A', 'one']],
    ['a list, without repetitions', ['a', 'b', 'a'], ['a', 'b']],
    ['names that are numbers', { '1': 'one' }, ['one']],
  ])('finds the values of %s', (_, definition, values) => {
    expect(enumValuesOf(definition)).toEqual(values);
  });
});
