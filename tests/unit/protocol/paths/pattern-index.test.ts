import fc from 'fast-check';
import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import { PatternIndex } from '../../../../src/protocol/paths/pattern-index.js';
import { pattern, relatedPath } from './pattern-arbitraries.js';

function matchesOf<T>(index: PatternIndex<T>, path: string): T[] {
  const found: T[] = [];
  index.match(path, (value) => found.push(value));
  return found;
}

describe('PatternIndex', () => {
  it('finds exactly the patterns that match', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 20 }), relatedPath, (sources, path) => {
        const index = new PatternIndex<number>();
        const patterns = sources.map((source) => Pattern.parse(source));
        patterns.forEach((compiled, i) => index.add(compiled, i));

        const expected = [...patterns.keys()].filter((i) => patterns[i]?.matches(path));
        expect(matchesOf(index, path).sort((a, b) => a - b)).toEqual(expected);
        expect(index.size).toBe(patterns.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('forgets what is taken out, in any order, and keeps the rest', () => {
    const entries = fc.uniqueArray(fc.tuple(pattern, fc.nat()), {
      maxLength: 12,
      selector: ([, order]) => order,
    });
    fc.assert(
      fc.property(entries, relatedPath, (added, path) => {
        const index = new PatternIndex<number>();
        const removals = added.map(([source, id]) => ({
          source,
          id,
          remove: index.add(Pattern.parse(source), id),
        }));
        const [gone, kept] = [
          removals.filter(({ id }) => id % 2 === 0),
          removals.filter(({ id }) => id % 2 === 1),
        ];
        for (const { remove } of gone.sort((a, b) => a.id - b.id)) remove();

        const expected = kept.filter(({ source }) => Pattern.parse(source).matches(path)).map(({ id }) => id);
        expect(matchesOf(index, path).sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
        expect(index.size).toBe(kept.length);
      }),
    );
  });

  it('leaves nothing behind when the last pattern is gone', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), (sources) => {
        const index = new PatternIndex<number>();
        const removals = sources.map((source, i) => index.add(Pattern.parse(source), i));
        for (const remove of removals) remove();
        expect(index.size).toBe(0);
        expect(index.nodeCount).toBe(1);
      }),
    );
  });

  it('counts a value once per pattern, however often it is added', () => {
    const index = new PatternIndex<string>();
    const first = index.add(Pattern.parse('a/*'), 'value');
    const second = index.add(Pattern.parse('a/*'), 'value');
    expect(index.size).toBe(1);
    expect(matchesOf(index, 'a/b')).toEqual(['value']);

    first();
    expect(index.size).toBe(0);
    second();
    expect(index.size).toBe(0);
  });

  it('visits a value once for each of its patterns that match', () => {
    const index = new PatternIndex<string>();
    index.add(Pattern.parse('a/*'), 'value');
    index.add(Pattern.parse('a/**'), 'value');
    index.add(Pattern.parse('b/**'), 'value');
    expect(matchesOf(index, 'a/b')).toEqual(['value', 'value']);
  });

  it('does nothing when a value is taken out twice, even after it was added again', () => {
    const index = new PatternIndex<string>();
    const remove = index.add(Pattern.parse('a/b/c'), 'value');
    remove();
    index.add(Pattern.parse('a/b/c'), 'value');
    remove();
    expect(matchesOf(index, 'a/b/c')).toEqual(['value']);
    expect(index.size).toBe(1);
  });

  it('passes the value alone to the visitor', () => {
    const index = new PatternIndex<string>();
    index.add(Pattern.parse('a'), 'value');
    const visit = jest.fn();
    index.match('a', visit);
    expect(visit.mock.calls).toEqual([['value']]);
  });

  it('takes segments named like members of objects for what they are', () => {
    const index = new PatternIndex<string>();
    index.add(Pattern.parse('__proto__/constructor'), 'value');
    expect(matchesOf(index, '__proto__/constructor')).toEqual(['value']);
    expect(matchesOf(index, 'toString/constructor')).toEqual([]);
  });
});
