import { describeCriteria } from '../../../../src/query/operators/describe-criteria.js';
import { And, In, IsNull, LessThan, Not } from '../../../../src/query/index.js';

describe('describeCriteria', () => {
  const itself: Record<string, unknown> = {};
  itself.again = itself;

  it.each([
    ['a slug', 'dust', '"dust"'],
    ['slugs', ['a', 'b'], '["a", "b"]'],
    ['a where', { slug: 'a', rank: 3, big: 5n }, '{ slug: "a", rank: 3, big: 5n }'],
    [
      'operators',
      { rank: And(Not(IsNull()), LessThan(3)), slug: In(['a']) },
      '{ rank: And(Not(IsNull()), LessThan(3)), slug: In(["a"]) }',
    ],
    [
      'dates and bytes',
      { at: new Date(0), raw: new Uint8Array(3) },
      '{ at: 1970-01-01T00:00:00.000Z, raw: 3 bytes }',
    ],
    ['a cycle', itself, '{ again: … }'],
    ['nothing', undefined, 'undefined'],
  ])('writes %s as one would', (_what, criteria, text) => {
    expect(describeCriteria(criteria)).toBe(text);
  });

  it('is cut off when it is long', () => {
    expect(describeCriteria({ slug: 'x'.repeat(1000) })).toHaveLength(301);
  });
});
