import { HeldMoment } from '../../../../../src/store/indexes/held/held-moment.js';
import { HeldMoments } from '../../../../../src/store/indexes/held/held-moments.js';
import { MemoryKeySet } from '../../../../../src/store/memory/memory-key-set.js';
import { MemoryLeafTree } from '../../../../../src/store/memory/memory-leaf-tree.js';

const tree = new MemoryLeafTree();
const keys = new MemoryKeySet();
const momentOf = (prefix: string, starts: readonly string[] = ['1:']): HeldMoment =>
  new HeldMoment(prefix, tree, keys, starts);

describe('a moment that is held', () => {
  it('notes what becomes of its prefix and of its indexes, and of nothing else', () => {
    const held = momentOf('p', ['1:', '2:']);
    for (const path of ['q/a/x', 'p', 'p-/a']) held.noteLeaf({ path });
    held.noteKey('3:a');
    expect([held.tree.size, held.keys.size]).toEqual([0, 0]);
    held.noteLeaf({ path: 'p/a/x' });
    held.noteKey('2:a');
    expect([held.tree.size, held.keys.size]).toEqual([1, 1]);
  });

  it('can be read up to ten thousand changes, and holds no more behind them', () => {
    const held = momentOf('p');
    for (let i = 0; i < 5_000; i++) {
      held.noteLeaf({ path: `p/r${i}/x` });
      held.noteKey(`1:${i}`);
    }
    expect(held.isWhole).toBe(true);
    held.noteKey('1:0');
    expect(held.isWhole).toBe(true);
    held.noteKey('1:one more');
    expect(held.isWhole).toBe(false);
    held.noteLeaf({ path: 'p/other/x' });
    held.noteKey('1:other');
    expect([held.tree.size, held.keys.size]).toEqual([5_000, 5_001]);
    const byLeaves = momentOf('p');
    for (let i = 0; i < 10_001; i++) byLeaves.noteLeaf({ path: `p/r${i}/x` });
    expect(byLeaves.isWhole).toBe(false);
  });

  it('is that of another one only while nothing has changed, of the same prefix and indexes', () => {
    expect(momentOf('p').isSameAs(momentOf('p'))).toBe(true);
    expect(momentOf('p').isSameAs(momentOf('q'))).toBe(false);
    expect(momentOf('p').isSameAs(momentOf('p', ['1:', '2:']))).toBe(false);
    const [byLeaf, byKey, givenUp] = [momentOf('p'), momentOf('p'), momentOf('p')];
    byLeaf.noteLeaf({ path: 'p/a/x' });
    byKey.noteKey('1:a');
    givenUp.giveUp();
    for (const held of [byLeaf, byKey, givenUp]) expect(held.isSameAs(momentOf('p'))).toBe(false);
  });
});

describe('moments that are held', () => {
  it('are shared where they are the same, until the last one lets go', () => {
    const moments = new HeldMoments();
    const [first, second] = [moments.hold(momentOf('p'))!, moments.hold(momentOf('p'))!];
    expect(second.held).toBe(first.held);
    expect(moments.hold(momentOf('q'))?.held).not.toBe(first.held);
    first.release();
    first.release();
    moments.noteLeaves([{ path: 'p/a/x' }, { path: 'p/b/x' }]);
    moments.noteEntries({ removed: ['1:a'], added: [] });
    const added: any = [{ key: '1:b' }];
    moments.noteEntries({ removed: [], added });
    expect([first.held.tree.size, first.held.keys.size]).toEqual([2, 2]);
    expect(moments.hold(momentOf('p'))?.held).not.toBe(first.held);
    second.release();
    moments.noteLeaves([{ path: 'p/c/x' }]);
    expect(second.held.tree.size).toBe(2);
  });

  it('are all given up when what was written is undone', () => {
    const moments = new HeldMoments();
    const held = ['p', 'q'].map((prefix) => moments.hold(momentOf(prefix))!.held);
    moments.giveUp();
    expect(held.map(({ isWhole }) => isWhole)).toEqual([false, false]);
  });

  it('are 64 at most, which others can join', () => {
    const moments = new HeldMoments();
    const uses = Array.from({ length: 64 }, (_, i) => moments.hold(momentOf(`p${i}`)));
    expect(uses).not.toContain(undefined);
    expect(moments.hold(momentOf('other'))).toBeUndefined();
    expect(moments.hold(momentOf('p7'))?.held).toBe(uses[7]?.held);
    uses[0]?.release();
    expect(moments.hold(momentOf('other'))).toBeDefined();
  });
});
