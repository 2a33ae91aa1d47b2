import fc from 'fast-check';
import { comparePaths } from '../../../../src/protocol/paths/order.js';
import { isBelow, renderPath } from '../../../../src/protocol/paths/path.js';
import { literalPattern, Pattern } from '../../../../src/protocol/paths/pattern.js';
import { path } from '../arbitraries.js';
import { pattern, relatedPath } from './pattern-arbitraries.js';

const INEXPRESSIBLE = /(^|\/)\\\*\*?(\/|$)/;

describe('Pattern.matches', () => {
  it('agrees with a matcher written from the definition (PROTOCOL §1)', () => {
    fc.assert(
      fc.property(pattern, relatedPath, (source, candidate) => {
        expect(Pattern.parse(source).matches(candidate)).toBe(matchesByDefinition(source, candidate));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes a "*" inside a longer segment for a character', () => {
    expect(Pattern.parse('a*').matches('a*')).toBe(true);
    expect(Pattern.parse('a*').matches('ab')).toBe(false);
    expect(Pattern.parse('***').matches('***')).toBe(true);
    expect(Pattern.parse('***').matches('a')).toBe(false);
  });
});

describe('Pattern.parse', () => {
  it.each(['a/**/b', '**/b', '**/**', 'a/**/*'])('refuses %s: "**" is only for the tail', (source) => {
    expect(() => Pattern.parse(source)).toThrow(
      expect.objectContaining({ kind: 'invalid_params', detail: 'wildcard_many_not_tail', path: source }),
    );
  });

  it('allows a literal "**" segment anywhere', () => {
    expect(Pattern.parse('a/\\**/b').matches('a/**/b')).toBe(true);
  });

  it('finds the literal base that every match begins with', () => {
    expect(Pattern.parse('a/b/*/c').base).toBe('a/b');
    expect(Pattern.parse('a/\\*/**').base).toBe('a/*');
    expect(Pattern.parse('*/a').base).toBeUndefined();
    expect(Pattern.parse('a/b').base).toBe('a/b');
  });
});

describe('Pattern.range', () => {
  it('holds every path that matches', () => {
    fc.assert(
      fc.property(pattern, relatedPath, (source, candidate) => {
        const { matches, range } = {
          matches: Pattern.parse(source).matches(candidate),
          range: Pattern.parse(source).range,
        };
        if (!matches) return;
        if (range.from !== undefined) expect(comparePaths(range.from, candidate)).toBeLessThanOrEqual(0);
        if (range.to !== undefined) expect(comparePaths(candidate, range.to)).toBeLessThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('holds nothing but the path when there is no wildcard', () => {
    const { from = '', to = '' } = Pattern.parse('a/b').range;
    expect(from).toBe('a/b');
    for (const other of ['a/b\u0000', 'a/b/c', 'a/b0']) {
      expect(comparePaths(other, to)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('literalPattern', () => {
  it('matches its path and no other', () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        fc.pre(!INEXPRESSIBLE.test(one));
        const literal = Pattern.parse(literalPattern(one));
        expect(literal.isLiteral).toBe(true);
        expect(literal.matches(one)).toBe(true);
        expect(literal.matches(other)).toBe(one === other);
      }),
    );
  });

  it.each(['\\*', '\\**'])('refuses the segment %s, which the syntax cannot name', (segment) => {
    const refusal = expect.objectContaining({ kind: 'invalid_params', detail: 'inexpressible_segment' });
    expect(() => literalPattern(renderPath(['a', segment, 'b']))).toThrow(refusal);
    expect(() => Pattern.below(renderPath([segment]))).toThrow(refusal);
  });
});

describe('Pattern.below', () => {
  it('matches what lies below the path', () => {
    fc.assert(
      fc.property(path, relatedPath, (base, candidate) => {
        fc.pre(!INEXPRESSIBLE.test(base));
        expect(Pattern.below(base).matches(candidate)).toBe(isBelow(candidate, base));
      }),
    );
  });
});

function matchesByDefinition(source: string, candidate: string): boolean {
  const match = (wanted: readonly string[], parts: readonly string[]): boolean => {
    const [head, ...tail] = wanted;
    const [part, ...rest] = parts;
    if (head === undefined || part === undefined) return head === part;
    if (head === '**') return true;
    const literal = head === '\\*' || head === '\\**' ? head.slice(1) : head;
    return (head === '*' || literal === part) && match(tail, rest);
  };
  return match(source.split('/'), candidate.split('/'));
}
