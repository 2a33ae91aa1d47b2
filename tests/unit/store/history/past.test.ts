import { leavesAt } from '../../../../src/store/history/past.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';

describe('the leaves as they stood', () => {
  const storage = createMemoryStorage();
  const store = new Store({ storage });
  const at = (seq: number, within?: string): string[] =>
    Array.from(
      leavesAt(storage, seq, within).range({}),
      ({ path, value }) => `${path}=${JSON.stringify(value)}`,
    );

  beforeAll(async () => {
    for (const [path, value] of [
      ['a/x', 1],
      ['b', 2],
      ['a/y', 3],
    ] as const) {
      await store.write({ op: 'set', path, value });
    }
    await store.compact({ keep: 3 });
    await store.write({ op: 'set', path: 'b', value: 4 });
  });
  afterAll(() => store.close());

  it('are those of every operation while all are kept, on both sides of a compaction', () => {
    expect([0, 1, 2, 3, 4].map((seq) => at(seq))).toStrictEqual([
      [],
      ['a/x=1'],
      ['a/x=1', 'b=2'],
      ['a/x=1', 'a/y=3', 'b=2'],
      ['a/x=1', 'a/y=3', 'b=4'],
    ]);
  });

  it('cost what lies at, below and above a path, where one is named', () => {
    expect(at(4, 'a')).toStrictEqual(['a/x=1', 'a/y=3']);
    expect(at(4, 'b')).toStrictEqual(['b=4']);
    expect(at(1, 'b')).toStrictEqual([]);
    expect(at(2, 'a/x')).toStrictEqual(['a/x=1']);
  });

  it('cost the operations behind the snapshot, where that is old enough', () => {
    const since = jest.spyOn(storage.log, 'since');
    leavesAt(storage, 4);
    leavesAt(storage, 2);
    expect(since.mock.calls).toStrictEqual([[3], [0]]);
  });

  it.each([-1, 0.5, 5])('are refused at %d, where the store never was', (seq) => {
    expect(() => at(seq)).toThrow(expect.objectContaining({ detail: 'invalid_seq' }));
  });

  it('are refused where operations in front are gone', async () => {
    const other = createMemoryStorage();
    const compacted = new Store({ storage: other });
    for (const value of [1, 2, 3]) await compacted.write({ op: 'set', path: 'a', value });
    await compacted.compact({ keep: 1 });
    expect(() => leavesAt(other, 2)).toThrow(expect.objectContaining({ detail: 'seq_not_kept' }));
    expect(Array.from(leavesAt(other, 3).range({}), ({ value }) => value)).toStrictEqual([3]);
    await compacted.close();
  });

  it('at and below a path are what was written and removed above it, too', async () => {
    const other = createMemoryStorage();
    const written = new Store({ storage: other });
    await written.write({ op: 'set', path: 'p/a', value: { x: 1, y: 2 } });
    await written.write({ op: 'set', path: 'p', value: { a: { x: 3 }, b: 4 } });
    await written.write({ op: 'delete', path: 'p' });
    const below = (seq: number) =>
      Array.from(leavesAt(other, seq, 'p/a').range({ from: 'p/a', to: 'p/b' }), ({ value }) => value);
    expect([1, 2, 3].map(below)).toStrictEqual([[1, 2], [3], []]);
    await written.close();
  });

  it('read no operation behind the one that follows', async () => {
    const other = createMemoryStorage();
    const written = new Store({ storage: other });
    for (const value of [1, 2, 3, 4, 5]) await written.write({ op: 'set', path: 'a', value });
    const read: number[] = [];
    const { since } = other.log;
    jest.spyOn(other.log, 'since').mockImplementation(function* (after) {
      for (const operation of since.call(other.log, after)) {
        read.push(operation.storeSeq);
        yield operation;
      }
    });
    leavesAt(other, 2);
    expect(read).toStrictEqual([1, 2, 3]);
    await written.close();
  });
});
