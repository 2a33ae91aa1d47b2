import fc from 'fast-check';
import {
  assertPath,
  childPath,
  escapeSegment,
  isBelow,
  parsePath,
  pathFault,
  renderPath,
  unescapeSegment,
} from '../../../../src/protocol/paths/path.js';
import { path, segment, segments } from '../arbitraries.js';

describe('renderPath and parsePath', () => {
  it('are inverse to each other', () => {
    fc.assert(
      fc.property(segments, (list) => {
        const rendered = renderPath(list);
        expect(parsePath(rendered)).toEqual(list);
        expect(pathFault(rendered)).toBeUndefined();
      }),
    );
  });

  it('refuse half of a surrogate pair', () => {
    const refusal = expect.objectContaining({ kind: 'invalid_params', detail: 'unpaired_surrogate' });
    expect(() => renderPath(['a', '\ud83d'])).toThrow(refusal);
    expect(() => parsePath('a/\ude00')).toThrow(refusal);
  });

  it('do not join halves of a pair across segments', () => {
    expect(() => renderPath(['\ud83d', '\ude00'])).toThrow(
      expect.objectContaining({ detail: 'unpaired_surrogate' }),
    );
  });

  it('name the offending path in the error', () => {
    expect(() => assertPath('a//b')).toThrow(
      expect.objectContaining({ path: 'a//b', message: expect.stringContaining('"a//b"') }),
    );
    expect(() => renderPath(['a', ''])).toThrow(expect.objectContaining({ path: 'a/' }));
  });

  it('report a bad escape wherever it stands', () => {
    for (const bad of ['~', 'a~', '~2', 'a/b~x/c', '~0~', '~~0']) {
      expect(pathFault(bad)).toBe('invalid_escape');
    }
    for (const good of ['~0', '~1', '~01', '~10', 'a~0b~1c']) expect(pathFault(good)).toBeUndefined();
  });
});

describe('escapeSegment', () => {
  it('leaves a segment that is one path piece and reads back the same', () => {
    fc.assert(
      fc.property(segment, (raw) => {
        const escaped = escapeSegment(raw);
        expect(escaped).not.toContain('/');
        expect(unescapeSegment(escaped)).toBe(raw);
      }),
    );
  });
});

describe('isBelow', () => {
  it('holds for exactly the paths that continue the ancestor by a segment', () => {
    expect(isBelow('a/b', 'a')).toBe(true);
    expect(isBelow('a/b/c', 'a')).toBe(true);
    expect(isBelow('a', 'a')).toBe(false);
    expect(isBelow('ab/c', 'a')).toBe(false);
    expect(isBelow('a', 'a/b')).toBe(false);
  });

  it('agrees with the segments', () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        const left = parsePath(one);
        const right = parsePath(other);
        const expected = left.length > right.length && right.every((part, i) => part === left[i]);
        expect(isBelow(one, other)).toBe(expected);
      }),
    );
  });

  it('holds for a child', () => {
    fc.assert(
      fc.property(path, segment, (parent, key) => {
        const child = childPath(parent, key);
        expect(isBelow(child, parent)).toBe(true);
        expect(parsePath(child)).toEqual([...parsePath(parent), key]);
      }),
    );
  });
});
