import fc from 'fast-check';
import { compileLike } from '../../../../src/query/predicates/like-pattern.js';

const like = (text: string, pattern: string, ignoreCase = false): boolean | undefined =>
  compileLike(pattern, ignoreCase)?.(text);

/** LIKE by its definition, one token at a time. */
function naiveLike(text: readonly string[], pattern: readonly string[]): boolean {
  const [token, ...rest] = pattern;
  if (token === undefined) return text.length === 0;
  if (token === '%') return naiveLike(text, rest) || (text.length > 0 && naiveLike(text.slice(1), pattern));
  const escaped = token === '\\';
  const expected = escaped ? rest[0] : token;
  const matches = text.length > 0 && ((token === '_' && !escaped) || text[0] === expected);
  return matches && naiveLike(text.slice(1), escaped ? rest.slice(1) : rest);
}

describe('compileLike', () => {
  it.each<[string, string, boolean]>([
    ['', '', true],
    ['a', '', false],
    ['', '%', true],
    ['abc', 'abc', true],
    ['abc', 'ab', false],
    ['abc', 'a%', true],
    ['abc', '%c', true],
    ['abc', '%b%', true],
    ['abc', 'a_c', true],
    ['ac', 'a_c', false],
    ['aa', 'a%a', true],
    ['a', 'a%a', false],
    ['a', '%a%a%', false],
    ['aba', '%a%a%', true],
    ['aXbXc', 'a%b%c', true],
    ['100%', '100\\%', true],
    ['1000', '100\\%', false],
    ['a_b', 'a\\_b', true],
    ['axb', 'a\\_b', false],
    ['a\\b', 'a\\\\b', true],
    ['ab', 'a\\b', true],
    ['a😀b', 'a_b', true],
    ['a.b', 'a.b', true],
    ['axb', 'a.b', false],
    ['two\nlines', 'two%', true],
  ])('%j like %j: %s', (text, pattern, expected) => {
    expect(like(text, pattern)).toBe(expected);
  });

  it('regards case, unless told not to', () => {
    expect(like('Straße', 'straße')).toBe(false);
    expect(like('Straße', 'sTRA_e', true)).toBe(true);
    expect(like('ÄPFEL', '%äpf%', true)).toBe(true);
  });

  it('does not know a pattern that ends in a lone backslash', () => {
    expect(compileLike('a\\', false)).toBeUndefined();
    expect(compileLike('a\\\\', false)).toBeDefined();
  });

  it('agrees with the definition', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_', '😀'), maxLength: 8 });
    const token = fc.oneof(
      fc.constantFrom('%', 'a'),
      fc.constantFrom('b', '_', '%', '😀', '\\%', '\\_', '\\\\'),
    );
    const pattern = fc.array(token, { maxLength: 6 }).map((tokens) => tokens.join(''));
    fc.assert(
      fc.property(text, pattern, (t, p) => {
        expect(like(t, p)).toBe(naiveLike(Array.from(t), Array.from(p)));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no exponential time', () => {
    expect(like('a'.repeat(5000), `${'%a'.repeat(50)}b`)).toBe(false);
    expect(like(`${'a'.repeat(5000)}b`, `${'%a'.repeat(50)}%b`)).toBe(true);
  });
});
