import {
  childWithin,
  concerns,
  isWithin,
  parentOf,
  pathOf,
  segmentsOf,
} from '../../../../src/studio/page/state/paths.js';

describe('paths', () => {
  it('have segments that may hold what separates them', () => {
    expect(segmentsOf('a~1b/~0c/~01')).toEqual(['a/b', '~c', '~1']);
    expect(pathOf(['a/b', '~c', '~1'])).toBe('a~1b/~0c/~01');
    expect(segmentsOf('')).toEqual([]);
  });

  it('lie within others by whole segments', () => {
    expect(isWithin('books/a', 'books')).toBe(true);
    expect(isWithin('books', 'books')).toBe(true);
    expect(isWithin('books-2/a', 'books')).toBe(false);
    expect(isWithin('anything', '')).toBe(true);
  });

  it('are concerned by a change below and above', () => {
    expect(concerns('books/a/title', 'books/a')).toBe(true);
    expect(concerns('books', 'books/a')).toBe(true);
    expect(concerns('books/b', 'books/a')).toBe(false);
  });

  it('have a parent, and a child on the way down', () => {
    expect([parentOf('a/b/c'), parentOf('a')]).toEqual(['a/b', '']);
    expect([childWithin('a/b/c', 'a'), childWithin('a/b', 'a'), childWithin('a/b', '')]).toEqual([
      'a/b',
      'a/b',
      'a',
    ]);
    expect([childWithin('a', 'a'), childWithin('ab/c', 'a')]).toEqual([undefined, undefined]);
  });
});
