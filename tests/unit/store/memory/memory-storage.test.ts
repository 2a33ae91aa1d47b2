import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import { MemoryLeafTree, createMemoryStorage } from '../../../../src/store/index.js';
import { stillHeld } from '../../garbage.js';
import { OverlayTree } from '../../../../src/store/operations/overlay-tree.js';

const leaf = (path: string, value = 0): Leaf => ({ path, value, type: 'integer', revision: 1 });
const pathsOf = (leaves: Iterable<Leaf>) => Array.from(leaves, ({ path }) => path);

it('the log in memory knows no id of an operation any more once it is cleared', () => {
  const { log } = createMemoryStorage();
  const operation = { storeSeq: 1, clientOpId: 'mine' } as CommittedOperation;
  log.append(operation);
  expect(log.findClientOp('mine')).toBe(1);
  log.clear();
  expect(log.findClientOp('mine')).toBeUndefined();
  expect(log.size).toBe(0);
  log.append(operation);
  expect([log.size, log.findClientOp('mine'), ...log.since(0)]).toEqual([1, 1, operation]);
});

it('the log in memory that is held is read as it was, whatever becomes of it', () => {
  const storage = createMemoryStorage();
  const append = (...seqs: readonly number[]) => {
    for (const storeSeq of seqs) storage.log.append({ storeSeq } as CommittedOperation);
  };
  const read = (after: number) => Array.from(moment.operations(after), ({ storeSeq }) => storeSeq);
  append(11, 12, 13, 14, 15);
  storage.log.trim(12);
  const moment = storage.hold();
  append(16);
  expect([read(0), read(12), read(13), read(15), read(20)]).toEqual([
    [13, 14, 15],
    [13, 14, 15],
    [14, 15],
    [],
    [],
  ]);
  storage.log.trim(14);
  storage.log.clear();
  append(1);
  expect([read(0), read(14)]).toEqual([[13, 14, 15], [15]]);
  moment.release();
  expect([...createMemoryStorage().hold().operations(0)]).toEqual([]);
});

it('what lies over a snapshot in memory is read on by who holds it when it is cleared', () => {
  const storage = createMemoryStorage();
  for (const path of ['a', 'b']) storage.overlay.put(leaf(path, 1));
  const moment = storage.hold();
  storage.overlay.put(leaf('a', 2));
  storage.overlay.clear();
  storage.overlay.put(leaf('c', 3));
  expect([storage.overlay.get('a'), storage.overlay.get('c')]).toEqual([undefined, leaf('c', 3)]);
  expect([...storage.overlay.leaves()]).toEqual([leaf('c', 3)]);
  expect([...moment.overlay(undefined)]).toEqual([leaf('a', 1), leaf('b', 1)]);
  expect([...moment.overlay('a')]).toEqual([leaf('b', 1)]);
  moment.release();
});

describe('MemoryLeafTree', () => {
  const PATHS = ['b', 'b-2/t', 'b.c/t', 'b/t', 'c', '～', '😀', '😀/x'];

  const tree = new MemoryLeafTree();
  for (const path of [...PATHS].reverse()) tree.put(leaf(path));

  it('keeps UTF-8 order', () => {
    expect(pathsOf(tree.range({}))).toStrictEqual(PATHS);
    expect(pathsOf(tree.range({ reverse: true }))).toStrictEqual([...PATHS].reverse());
  });

  it.each([
    [{ from: 'b', to: 'b/' }, ['b', 'b-2/t', 'b.c/t']],
    [{ from: 'b', to: 'c', after: 'b-2/t' }, ['b.c/t', 'b/t']],
    [{ from: 'b.', to: 'c', after: 'a' }, ['b.c/t', 'b/t']],
    [{ to: 'b/', reverse: true }, ['b.c/t', 'b-2/t', 'b']],
    [{ from: 'b-2/t', to: 'c', after: 'b/t', reverse: true }, ['b.c/t', 'b-2/t']],
    [{ from: 'b', to: 'b.', after: 'z', reverse: true }, ['b-2/t', 'b']],
    [{ from: '～' }, ['～', '😀', '😀/x']],
    [{ from: 'c', to: 'b' }, []],
    [{ from: 'c', to: 'b', reverse: true }, []],
  ])('walks %j', (range, expected) => {
    expect(pathsOf(tree.range(range))).toStrictEqual(expected);
  });

  it('tells right before a leaf comes, changes or goes, until that is ended', () => {
    const other = new MemoryLeafTree();
    const heard: unknown[] = [];
    const end = other.onChange((path, before) => heard.push([path, before?.value, other.get(path)?.value]));
    other.put(leaf('a', 1));
    other.put(leaf('a', 2));
    other.delete('a');
    expect(heard).toEqual([
      ['a', undefined, undefined],
      ['a', 1, 1],
      ['a', 2, 2],
    ]);
    end();
    other.put(leaf('a', 3));
    expect(heard).toHaveLength(3);
  });

  it('replaces, counts and removes', () => {
    const other = new MemoryLeafTree();
    other.put(leaf('a/b/c', 1));
    other.put(leaf('a/b/c', 2));
    other.put(leaf('a'));
    expect(other.size).toBe(2);
    expect(other.get('a/b/c')?.value).toBe(2);
    expect(other.get('a/b')).toBeUndefined();
    other.delete('a/b');
    other.delete('none');
    expect(other.size).toBe(2);
  });

  it('knows what has something below it', () => {
    const other = new MemoryLeafTree();
    const parents = () => ['a', 'a/b', 'a/b/c'].filter((path) => other.mayHaveBelow(path));
    other.put(leaf('a/b/c'));
    other.put(leaf('a/b/d'));
    other.put(leaf('a'));
    expect(parents()).toStrictEqual(['a', 'a/b']);
    other.delete('a/b/c');
    other.delete('a/b/c');
    other.delete('a');
    expect(parents()).toStrictEqual(['a', 'a/b']);
    other.delete('a/b/d');
    expect(parents()).toStrictEqual([]);
    other.put(leaf('a/b'));
    expect(parents()).toStrictEqual(['a']);
  });
});

describe('OverlayTree', () => {
  it('shows the base with its writes, and leaves the base alone', () => {
    const base = new MemoryLeafTree();
    for (const path of ['a', 'b', 'd']) base.put(leaf(path));
    const overlay = new OverlayTree(base);
    overlay.delete('a');
    overlay.put(leaf('b', 1));
    overlay.put(leaf('c', 1));
    overlay.put(leaf('e/f', 1));
    overlay.put(leaf('x', 1));
    overlay.delete('x');
    expect(pathsOf(overlay.range({}))).toStrictEqual(['b', 'c', 'd', 'e/f']);
    expect(pathsOf(overlay.range({ reverse: true, to: 'e' }))).toStrictEqual(['d', 'c', 'b']);
    expect([
      overlay.get('a'),
      overlay.get('b')?.value,
      overlay.get('d')?.value,
      overlay.get('x'),
    ]).toStrictEqual([undefined, 1, 0, undefined]);
    expect([overlay.mayHaveBelow('e'), overlay.mayHaveBelow('a')]).toStrictEqual([true, false]);
    expect(pathsOf(base.range({}))).toStrictEqual(['a', 'b', 'd']);
  });

  it('knows of nothing that nothing lies below it, over a base that does not', () => {
    const overlay = new OverlayTree({ get: () => undefined, range: () => [] });
    expect(overlay.mayHaveBelow('a')).toBe(true);
  });
});

describe('memory log', () => {
  const operation = (storeSeq: number, clientOpId: string | null = `id-${storeSeq}`): CommittedOperation => ({
    storeSeq,
    op: 'delete',
    path: 'a',
    value: null,
    deviceId: null,
    clientOpId,
  });

  it('keeps what is not trimmed, and finds it by client id', () => {
    const { log } = createMemoryStorage();
    expect(log.size).toBe(0);
    const since = (seq: number) => Array.from(log.since(seq), ({ storeSeq }) => storeSeq);
    log.trim(0);
    expect(since(0)).toStrictEqual([]);
    for (let seq = 1; seq <= 6; seq++) log.append(operation(seq, seq === 4 ? null : `id-${seq}`));
    expect([since(0), since(4), since(6), since(9)]).toStrictEqual([[1, 2, 3, 4, 5, 6], [5, 6], [], []]);
    log.trim(1);
    log.trim(2);
    expect([log.size, since(0), since(3)]).toStrictEqual([4, [3, 4, 5, 6], [4, 5, 6]]);
    expect([log.findClientOp('id-2'), log.findClientOp('id-3')]).toStrictEqual([undefined, 3]);
    log.trim(5);
    log.append(operation(7, 'id-3'));
    expect([log.size, since(0), log.findClientOp('id-3')]).toStrictEqual([2, [6, 7], 7]);
    log.trim(100);
    expect([log.size, since(0), log.findClientOp('id-3')]).toStrictEqual([0, [], undefined]);
    log.append(operation(8));
    expect(since(0)).toStrictEqual([8]);
  });

  it('finds the later one of two with a client id, when the first is trimmed', () => {
    const { log } = createMemoryStorage();
    for (const seq of [1, 2]) log.append(operation(seq, 'id'));
    expect(log.findClientOp('id')).toBe(2);
    log.trim(1);
    expect(log.findClientOp('id')).toBe(2);
    log.trim(2);
    expect(log.findClientOp('id')).toBeUndefined();
  });

  it('gives the room of what is trimmed back when that is half of all', async () => {
    const { log } = createMemoryStorage();
    const trimmed: WeakRef<object>[] = [];
    const append = (seq: number): void => {
      const appended = operation(seq);
      trimmed.push(new WeakRef(appended));
      log.append(appended);
    };
    for (let seq = 1; seq <= 4; seq++) append(seq);
    log.trim(2);
    expect(await stillHeld(trimmed)).toBe(2);
    expect(Array.from(log.since(0), ({ storeSeq }) => storeSeq)).toStrictEqual([3, 4]);
  });
});
