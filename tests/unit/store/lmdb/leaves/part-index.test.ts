import type { GroupReader } from '../../../../../src/store/lmdb/leaves/group-reader.js';
import { PartIndex } from '../../../../../src/store/lmdb/leaves/part-index.js';

/** An index over groups that are split into parts with these names in front. */
function scene(lowsOf: (base: string) => readonly string[]) {
  const lows = jest.fn((base: string) => [...lowsOf(base)]);
  const index = new PartIndex({ lows } as unknown as GroupReader);
  return { index, read: () => lows.mock.calls.map(([base]) => base), lows };
}

describe('with which names parts begin', () => {
  it('is read once, and a name belongs to the last part that is not behind it', () => {
    const { index, read } = scene(() => ['b', 'd', 'f']);
    expect(index.knows('r/')).toBe(false);
    expect(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => index.lowOf('r/', name))).toEqual([
      undefined,
      'b',
      'b',
      'd',
      'd',
      'f',
      'f',
    ]);
    expect(['b', 'd', 'f', 'g'].map((low) => index.isLast('r/', low))).toEqual([false, false, true, true]);
    expect([index.knows('r/'), index.isEmpty('r/'), read()]).toEqual([true, false, ['r/']]);
  });

  it('follows what is added and removed, each once', () => {
    const { index } = scene(() => ['b']);
    index.add('r/', 'b');
    index.add('r/', 'a');
    index.add('r/', 'c');
    index.add('r/', 'c');
    expect(['a', 'b', 'c'].map((name) => index.lowOf('r/', name))).toEqual(['a', 'b', 'c']);
    index.remove('r/', 'x');
    index.remove('r/', 'c');
    index.remove('r/', 'c');
    expect([index.lowOf('r/', 'c'), index.lowOf('r/', 'a')]).toEqual(['b', 'a']);
    index.remove('r/', 'a');
    index.remove('r/', 'b');
    expect([index.knows('r/'), index.isEmpty('r/'), index.lowOf('r/', 'z')]).toEqual([
      false,
      true,
      undefined,
    ]);
  });

  it('is read again once it was forgotten', () => {
    const { index, read } = scene(() => ['b']);
    index.lowOf('r/', 'c');
    index.clear();
    expect(index.knows('r/')).toBe(false);
    index.lowOf('r/', 'c');
    expect(read()).toEqual(['r/', 'r/']);
  });

  it('is forgotten when there are more names than are kept, of all bases together', () => {
    const names = Array.from({ length: 30_000 }, (_, i) => String(i).padStart(5, '0'));
    const { index, read } = scene(() => names);
    for (const base of ['a/', 'b/']) index.lowOf(base, 'x');
    expect([index.knows('a/'), index.knows('b/')]).toEqual([true, true]);
    index.lowOf('c/', 'x');
    expect([index.knows('a/'), index.knows('b/'), index.knows('c/')]).toEqual([false, false, true]);
    index.lowOf('d/', 'x');
    expect([index.knows('c/'), index.knows('d/'), read().length]).toEqual([true, true, 4]);
  });

  it.each([
    ['added', 50_000, 1, 0, false],
    ['added and removed', 50_000, 1, 1, true],
    ['no more than are kept', 49_999, 1, 0, true],
  ])('counts what is %s among the names that are kept', (_, read, added, removed, isKept) => {
    const names = Array.from({ length: read }, (__, i) => String(i).padStart(5, '0'));
    const { index } = scene((base) => (base === 'r/' ? names : []));
    index.lowOf('r/', 'x');
    for (let i = 0; i < added; i++) index.add('r/', `x${i}`);
    for (let i = 0; i < removed; i++) index.remove('r/', `x${i}`);
    index.lowOf('other/', 'x');
    expect(index.knows('r/')).toBe(isKept);
  });
});
