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
    await compacted.close();
  });
});
