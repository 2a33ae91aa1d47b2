import { comparePaths } from '../../../../../src/protocol/paths/order.js';
import { compareNames } from '../../../../../src/store/lmdb/leaves/compare-names.js';
import {
  GROUP_KEYS,
  TOP,
  baseAbove,
  baseOf,
  describePlace,
  endOf,
  groupKey,
  lowOfPart,
  nearestPath,
  partKey,
  placeOf,
} from '../../../../../src/store/lmdb/leaves/group-key.js';
import { GROUP_LIMITS, fits, isLarge, partsOf } from '../../../../../src/store/lmdb/leaves/group-limits.js';

const bytesOf = (key: string): string => {
  const target = Buffer.alloc(64, 0xee);
  const end = GROUP_KEYS.writeKey(key, target, 2);
  expect(GROUP_KEYS.readKey(target, 2, end)).toBe(key);
  return target.subarray(2, end).toString('latin1');
};

describe('keys of groups', () => {
  it.each([
    [groupKey(''), '\xfe'],
    [groupKey('p/é/'), 'p/\xc3\xa9/'],
    [partKey('', ''), '\xff'],
    [partKey('', 'é'), '\xff\xc3\xa9'],
    [partKey('é/', 'x'), '\xc3\xa9/\xffx'],
    [partKey('p/', '~1'), 'p/\xff~1'],
    ['p/😀', 'p/\xf0\x9f\x98\x80'],
    // The second half of this pair is what marks a part elsewhere.
    ['p/\u{103ff}', 'p/\xf0\x90\x8f\xbf'],
    [partKey('p/\u{103ff}/', '\u{103ff}'), 'p/\xf0\x90\x8f\xbf/\xff\xf0\x90\x8f\xbf'],
  ])('are what folders hold that older versions wrote: %j', (key, bytes) => {
    expect(bytesOf(key)).toBe(bytes);
  });

  it.each([
    ['p/a/', 'group', 'p/a/', 'p/a/', 'leaves directly below "p/a"'],
    [TOP, 'group', '', '', 'leaves at the top'],
    [partKey('p/', 'x'), 'part', 'p/', 'p/x', 'leaves directly below "p" from "x"'],
    [partKey('', 'x'), 'part', '', 'x', 'leaves at the top from "x"'],
    [
      partKey('p/\u{103ff}/', 'x'),
      'part',
      'p/\u{103ff}/',
      'p/\u{103ff}/x',
      'leaves directly below "p/\u{103ff}" from "x"',
    ],
    ['p/x', 'leaf', 'p/', 'p/x', 'leaf "p/x"'],
    ['p/\u{103ff}', 'leaf', 'p/', 'p/\u{103ff}', 'leaf "p/\u{103ff}"'],
  ])('tell what lies under them: %j', (key, kind, base, nearest, words) => {
    expect(placeOf(key)).toStrictEqual({ kind, base });
    expect([nearestPath(key), describePlace(key)]).toStrictEqual([nearest, words]);
  });

  it('go with bases', () => {
    expect(['x', 'p/x', 'p/q/x'].map(baseOf)).toStrictEqual(['', 'p/', 'p/q/']);
    expect(['p/', 'p/q/'].map(baseAbove)).toStrictEqual(['', 'p/']);
    expect(['', 'p/'].map(endOf)).toStrictEqual([undefined, 'p0']);
    expect(lowOfPart('p/', partKey('p/', 'x'))).toBe('x');
  });
});

it('names are compared as paths are', () => {
  const names = [
    '',
    'a',
    'aa',
    'b',
    'a\ud7ff',
    'a\ue000',
    'a😀',
    'a\uffff',
    'a\u{10000}',
    'é',
    '～',
    '😀',
    '😀a',
    '😁',
  ];
  for (const a of names) {
    for (const b of names) {
      expect([a, b, Math.sign(compareNames(a, b))]).toStrictEqual([a, b, Math.sign(comparePaths(a, b))]);
    }
  }
});

describe('how much lies under a key', () => {
  const lines = (count: number, length: number): string[] =>
    Array.from({ length: count }, () => 'x'.repeat(length));
  const sizes = (of: readonly string[], isLast: boolean): number[] =>
    partsOf(of, GROUP_LIMITS, isLast).map(({ length }) => length);

  it('is bounded in lines and in characters', () => {
    expect(GROUP_LIMITS).toStrictEqual({ leaves: 64, length: 2048, large: 1024 });
    expect(fits('x'.repeat(2048), 64, GROUP_LIMITS)).toBe(true);
    expect(fits('x'.repeat(2049), 64, GROUP_LIMITS)).toBe(false);
    expect(fits('x'.repeat(2048), 65, GROUP_LIMITS)).toBe(false);
    expect(isLarge('x', 'x'.repeat(1024), GROUP_LIMITS)).toBe(false);
    expect(isLarge('x', 'x'.repeat(1025), GROUP_LIMITS)).toBe(true);
    expect(isLarge('', 'x'.repeat(1025), GROUP_LIMITS)).toBe(false);
  });

  it.each<[string, string[], boolean, number[]]>([
    ['seven eighths where nothing is behind', lines(65, 3), true, [56, 9]],
    ['seven eighths of the characters', lines(65, 31), true, [56, 9]],
    ['fewer long ones', lines(30, 63), true, [28, 2]],
    ['as one, if one is as long as all may be', lines(3, 1800), true, [1, 1, 1]],
    ['about equally full', lines(65, 3), false, [32, 32, 1]],
    ['equally full', lines(66, 3), false, [33, 33]],
    ['equally full of three', lines(120, 3), false, [40, 40, 40]],
    ['equally full of characters', lines(40, 63), false, [20, 20]],
    ['three quarters at most', lines(96, 3), false, [48, 48]],
  ])('is split into parts: %s', (_, of, isLast, expected) => {
    expect(sizes(of, isLast)).toStrictEqual(expected);
    expect(partsOf(of, GROUP_LIMITS, isLast).flat()).toStrictEqual(of);
  });
});
