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

  it('folds each code point on its own', () => {
    expect(like('ΟΔΟΣ', 'οδοσ', true)).toBe(true);
    expect(like('ΟΔΟΣ', 'οδος', true)).toBe(false);
    expect(like('İ', '_', true)).toBe(true);
    expect(like('İ', 'i%', true)).toBe(false);
    expect(like('aİB', 'Aİb', true)).toBe(true);
    expect(like('\u{10400}', '\u{10428}', true)).toBe(true);
  });

  describe('agrees with the definition', () => {
    const token = fc.oneof(
      fc.constantFrom('%', 'a'),
      fc.constantFrom('b', '_', '%', '😀', '\\%', '\\_', '\\\\'),
    );

    it('for texts and patterns of every kind', () => {
      const text = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_', '😀'), maxLength: 8 });
      const pattern = fc.array(token, { maxLength: 6 }).map((tokens) => tokens.join(''));
      fc.assert(
        fc.property(text, pattern, (t, p) => {
          expect(like(t, p)).toBe(naiveLike(Array.from(t), Array.from(p)));
        }),
        { numRuns: 5000 },
      );
    });

    it('for halves of code points', () => {
      const unit = fc.constantFrom('a', '\ud83d', '\ude00', '😀');
      const text = fc.string({ unit, maxLength: 8 });
      const pattern = fc.string({ unit: fc.oneof(unit, fc.constantFrom('%', '_')), maxLength: 6 });
      fc.assert(
        fc.property(text, pattern, (t, p) => {
          expect(like(t, p)).toBe(naiveLike(Array.from(t), Array.from(p)));
        }),
        { numRuns: 5000 },
      );
    });

    it('without regard to case', () => {
      const unit = fc.constantFrom('a', 'A', 'Σ', 'σ', 'ς', 'İ', 'i', '\u0307', 'ß', 'É', 'é');
      const text = fc.string({ unit, maxLength: 8 });
      const pattern = fc.string({ unit: fc.oneof(unit, fc.constantFrom('%', '_')), maxLength: 6 });
      const folded = (of: string): string[] => Array.from(of, (character) => character.toLowerCase());
      fc.assert(
        fc.property(text, pattern, (t, p) => {
          expect(like(t, p, true)).toBe(naiveLike(folded(t), folded(p)));
        }),
        { numRuns: 5000 },
      );
    });

    it('for blocks too long for indexOf', () => {
      const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), minLength: 30, maxLength: 60 });
      const block = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), minLength: 17, maxLength: 20 });
      const place = fc.nat(20);
      fc.assert(
        fc.property(text, block, place, fc.boolean(), (t, b, at, isThere) => {
          const whole = isThere ? t.slice(0, at) + b + t.slice(at) : t;
          expect(like(whole, `%${b}%`)).toBe(naiveLike(Array.from(whole), Array.from(`%${b}%`)));
          const twice = `%${b.slice(0, 17)}%${b}%`;
          expect(like(whole + b, twice)).toBe(naiveLike(Array.from(whole + b), Array.from(twice)));
        }),
        { numRuns: 500 },
      );
    });
  });

  describe('takes time linear in text and pattern', () => {
    afterEach(() => jest.restoreAllMocks());

    /** How many code units were looked at at worst: by `indexOf` text times pattern, and those read one by one. */
    function workOf(run: () => void): number {
      let work = 0;
      const { indexOf, charCodeAt, startsWith } = String.prototype;
      jest.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, wanted, from = 0) {
        const at = indexOf.call(this, wanted, from);
        work += ((at === -1 ? this.length : at) - from + 1) * wanted.length;
        return at;
      });
      jest.spyOn(String.prototype, 'charCodeAt').mockImplementation(function (this: string, at) {
        work++;
        return charCodeAt.call(this, at);
      });
      jest.spyOn(String.prototype, 'startsWith').mockImplementation(function (this: string, wanted, at) {
        work += wanted.length;
        return startsWith.call(this, wanted, at);
      });
      run();
      jest.restoreAllMocks();
      return work;
    }

    const size = 20_000;
    const a = (length: number): string => 'a'.repeat(length);

    it.each<[string, string, string, boolean]>([
      ['100,000 blocks of one character', a(2 * size), '%a'.repeat(size), true],
      ['as many and one that is missing', a(2 * size), `${'%a'.repeat(size)}%b%`, false],
      ['a long block that almost fits everywhere', a(2 * size), `%b${a(size)}%`, false],
      ['a long block that fits but for its end', a(2 * size), `%${a(size)}b%`, false],
      ['a long block that fits but for its middle', a(2 * size), `%${a(size / 2)}b${a(size / 2)}%`, false],
      ['long blocks one after the other', a(2 * size), `%${a(100)}`.repeat(size / 100), true],
      ['a text of many characters', '😀'.repeat(size), `%${'😀'.repeat(100)}%x%`, false],
      ['halves that never fit', '😀'.repeat(size), `%\ude00${'😀'.repeat(500)}%`, false],
      ['a whole text', a(size), a(size), true],
    ])('for %s', (_, text, pattern, expected) => {
      let matched: boolean | undefined;
      const work = workOf(() => (matched = like(text, pattern)));
      expect(matched).toBe(expected);
      expect(work).toBeGreaterThan(size / 2);
      expect(work).toBeLessThan(8 * (text.length + pattern.length));
    });
  });

  it('takes no exponential time', () => {
    expect(like('a'.repeat(5000), `${'%a'.repeat(50)}b`)).toBe(false);
    expect(like(`${'a'.repeat(5000)}b`, `${'%a'.repeat(50)}%b`)).toBe(true);
  });
});
