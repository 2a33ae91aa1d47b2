import type { Commit, OperationKind, RecordCommit } from '../../../../src/protocol/requests/operation.js';
import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import type { JsonValue, Leaf } from '../../../../src/protocol/values/value.js';
import { ChangeHub, MemoryLeafTree, applyChanges, changesOf } from '../../../../src/store/index.js';

type Written = readonly [op: OperationKind, path: string, value?: JsonValue];

const seqsOf = ({ operations }: Commit): number[] => operations.map(({ storeSeq }) => storeSeq);

class Bench {
  readonly tree = new MemoryLeafTree();
  readonly errors: unknown[] = [];
  readonly hub = new ChangeHub((error) => this.errors.push(error));
  #seq = 0;

  collect(op: OperationKind, path: string, value: JsonValue = null) {
    return this.collectAll([[op, path, value]]);
  }

  /** The operations of one commit. */
  collectAll(operations: readonly Written[]) {
    const applied = operations.map(([op, path, value = null]) => {
      const operation = { storeSeq: ++this.#seq, op, path, value, deviceId: null, clientOpId: null };
      const changes = changesOf(operation, this.tree);
      applyChanges(changes, this.tree);
      return { operation, changes };
    });
    return this.hub.collect(applied, this.tree);
  }

  do(op: OperationKind, path: string, value: JsonValue = null): void {
    this.doAll([[op, path, value]]);
  }

  doAll(operations: readonly Written[]): void {
    const pending = this.collectAll(operations);
    if (pending !== undefined) this.hub.publish([pending]);
  }

  watch(pattern: string): number[] {
    const heard: number[] = [];
    this.hub.watch(Pattern.parse(pattern), (commit) => heard.push(...seqsOf(commit)));
    return heard;
  }

  watchRecords(prefix: string): RecordCommit[] {
    const heard: RecordCommit[] = [];
    this.hub.watchRecords(prefix, (commits) => heard.push(...commits));
    return heard;
  }
}

const summary = (heard: readonly RecordCommit[]) =>
  heard.map(({ last, records }) => [
    last,
    ...records.map(({ slug, existed, leaves }) => [slug, existed, leaves.map((leaf) => leaf.path)]),
  ]);

describe('ChangeHub', () => {
  it('tells that the state begins anew to all who listen to that, also when one of them throws', () => {
    const { hub, errors } = new Bench();
    const heard: string[] = [];
    const listener = (): void => {
      heard.push('twice');
    };
    const ends = [hub.onAnew(listener), hub.onAnew(listener)];
    hub.onAnew(() => {
      heard.push('throws');
      throw new Error('mine');
    });
    hub.onAnew(() => {
      heard.push('last');
      hub.onAnew(() => heard.push('late'));
    });
    hub.beginAnew();
    expect(heard.splice(0)).toEqual(['twice', 'twice', 'throws', 'last']);
    expect(errors).toEqual([new Error('mine')]);
    ends[0]?.();
    ends[0]?.();
    hub.beginAnew();
    expect(heard).toEqual(['twice', 'throws', 'last', 'late']);
  });

  it('counts who listens, and reads no record when nobody does any more', () => {
    const bench = new Bench();
    const { hub } = bench;
    const heard: unknown[] = [];
    const ends = [
      hub.watch(Pattern.parse('**'), () => undefined),
      hub.watchRecords('p', (commits) => heard.push(...commits)),
      hub.watchRecords('p', () => undefined),
      hub.watchRecords('q', () => undefined),
    ];
    expect(hub.size).toBe(4);
    ends[2]?.();
    ends[2]?.();
    expect(hub.size).toBe(3);
    bench.do('set', 'p/a/x', 1);
    expect(heard).toHaveLength(1);
    for (const end of ends) end();
    expect(hub.size).toBe(0);
    const subtree = jest.spyOn(bench.tree, 'subtree');
    expect(bench.collect('set', 'p/a/x', 2)).toBeUndefined();
    expect(subtree).not.toHaveBeenCalled();
  });

  it('says whose commit it was, and whether the store had moved back', () => {
    const { hub, tree } = new Bench();
    const heard: RecordCommit[] = [];
    hub.watchRecords('p', (commits) => heard.push(...commits));
    const after: Leaf = { path: 'p/a/x', value: 1, type: 'integer', revision: 1 };
    tree.put(after);
    const operation = {
      storeSeq: 1,
      op: 'set' as const,
      path: 'p/a/x',
      value: 1,
      deviceId: 'me',
      clientOpId: null,
    };
    const applied = [{ operation, changes: [{ path: 'p/a/x', after }] }];
    hub.publish([hub.collect(applied, tree, true)!, hub.collect(applied, tree)!]);
    expect(heard).toMatchObject([{ deviceId: 'me', movedBack: true }, { deviceId: 'me' }]);
    expect(heard[1]).not.toHaveProperty('movedBack');
  });

  it('has nothing to tell of no operations', () => {
    const bench = new Bench();
    bench.watch('**');
    bench.watchRecords('p');
    expect(bench.collectAll([])).toBeUndefined();
  });

  describe('watch', () => {
    it('tells of operations by their own path and by the leaves they changed, each once', () => {
      const bench = new Bench();
      const all = bench.watch('**');
      const below = bench.watch('links/**');
      const exact = bench.watch('links');
      const titles = bench.watch('links/*/title');
      bench.do('set', 'links/foo', { title: 'T', url: 'U' });
      bench.do('set', 'other', 1);
      bench.do('delete', 'links');
      bench.do('delete', 'links');
      expect(all).toEqual([1, 2, 3, 4]);
      expect(below).toEqual([1, 3]);
      expect(exact).toEqual([3, 4]);
      expect(titles).toEqual([1, 3]);
    });

    it('stops at once, even between the operation and its publication', () => {
      const bench = new Bench();
      const heard: number[] = [];
      const stop = bench.hub.watch(Pattern.parse('**'), (commit) => heard.push(...seqsOf(commit)));
      bench.do('set', 'a', 1);
      const pending = bench.collect('set', 'a', 2);
      stop();
      stop();
      if (pending !== undefined) bench.hub.publish([pending]);
      expect(heard).toEqual([1]);
      expect(bench.hub.size).toBe(0);
    });

    it('does not tell of what was applied before', () => {
      const bench = new Bench();
      bench.watch('**');
      const pending = bench.collect('set', 'a', 1);
      const late = bench.watch('**');
      if (pending !== undefined) bench.hub.publish([pending]);
      expect(late).toEqual([]);
    });
  });

  describe('watchRecords', () => {
    it('tells how each operation left each record it touched', () => {
      const bench = new Bench();
      const heard = bench.watchRecords('p');
      bench.do('set', 'p/a/x', 1);
      bench.do('set', 'p/a/y', 2);
      bench.do('set', 'p/b', 'the record itself');
      bench.do('delete', 'p/a/x');
      bench.do('delete', 'p/a/y');
      bench.do('delete', 'p/a');
      bench.do('set', 'p', 'no record');
      bench.do('set', 'q/a', 1);
      expect(summary(heard)).toEqual([
        [1, ['a', false, ['p/a/x']]],
        [2, ['a', true, ['p/a/x', 'p/a/y']]],
        [3, ['b', false, ['p/b']]],
        [4, ['a', true, ['p/a/y']]],
        [5, ['a', true, []]],
        [7, ['b', true, []]],
      ]);
    });

    it('tells of all records under a replaced ancestor, in store order', () => {
      const bench = new Bench();
      bench.do('set', 'top', { p: { b: { x: 1 }, 'b-2': { x: 1 }, 'c/d': 2 } });
      const heard = bench.watchRecords('top/p');
      bench.do('set', 'top', { p: { b: { y: 2 }, new: 3 } });
      expect(summary(heard)).toEqual([
        [2, ['b', true, ['top/p/b/y']], ['b-2', true, []], ['c/d', true, []], ['new', false, ['top/p/new']]],
      ]);
    });

    it('keeps leaf and descendants of one record together', () => {
      const bench = new Bench();
      const heard = bench.watchRecords('p');
      bench.do('merge', 'p', { b: 1, 'b-2': 2 });
      bench.do('set', 'p/b/x', 3);
      bench.do('delete', 'p');
      expect(summary(heard).at(-1)).toEqual([3, ['b', true, []], ['b-2', true, []]]);
      expect(summary(heard)[1]).toEqual([2, ['b', true, ['p/b', 'p/b/x']]]);
    });

    it('holds the image of the moment, though more has happened since', () => {
      const bench = new Bench();
      const heard = bench.watchRecords('p');
      const pending = [
        bench.collect('set', 'p/a', 1),
        bench.collect('set', 'p/a', 2),
        bench.collect('delete', 'p'),
      ];
      for (const notification of pending) if (notification !== undefined) bench.hub.publish([notification]);
      expect(heard.map(({ records }) => records[0]?.leaves.map((leaf) => leaf.value))).toEqual([
        [1],
        [2],
        [],
      ]);
    });

    it('reads the record once for all who watch, and not at all for nobody', () => {
      const bench = new Bench();
      bench.do('set', 'p/a', { x: 1, y: 2 });
      const get = jest.spyOn(bench.tree, 'get');
      const stops = [1, 2, 3].map(() => bench.hub.watchRecords('p', () => undefined));
      bench.do('set', 'p/a/x', 2);
      expect(get.mock.calls).toEqual([['p/a/x'], ['p/a']]);
      get.mockClear();
      for (const stop of stops) stop();
      expect(bench.collect('set', 'p/a/x', 3)).toBeUndefined();
      expect(get.mock.calls).toEqual([['p/a/x']]);
      expect(bench.hub.size).toBe(0);
    });

    it('watches nested prefixes side by side, whatever their names', () => {
      const bench = new Bench();
      const outer = bench.watchRecords('a');
      const inner = bench.watchRecords('a/__proto__');
      bench.do('set', 'a/__proto__/constructor/x', 1);
      expect(summary(outer)).toEqual([[1, ['__proto__', false, ['a/__proto__/constructor/x']]]]);
      expect(summary(inner)).toEqual([[1, ['constructor', false, ['a/__proto__/constructor/x']]]]);
    });

    it('refuses a prefix that is no path', () => {
      expect(() => new Bench().hub.watchRecords('a//b', () => undefined)).toThrow(
        expect.objectContaining({ kind: 'invalid_params', detail: 'empty_segment' }),
      );
    });

    it('can be watched again after the last listener went', () => {
      const bench = new Bench();
      const stop = bench.hub.watchRecords('p', () => undefined);
      stop();
      const heard = bench.watchRecords('p');
      stop();
      bench.do('set', 'p/a', 1);
      expect(heard).toHaveLength(1);
    });
  });

  describe('a commit of many operations', () => {
    it('is told once, with those of its operations that concern the pattern', () => {
      const bench = new Bench();
      const heard: unknown[] = [];
      bench.hub.watch(Pattern.parse('p/*/x'), ({ first, last, ...commit }) =>
        heard.push([first, last, seqsOf({ first, last, ...commit })]),
      );
      bench.do('set', 'q', 0);
      bench.doAll([
        ['set', 'q', 1],
        ['set', 'p/a/x', 1],
        ['set', 'p/a/y', 1],
        ['delete', 'p'],
      ]);
      expect(heard).toEqual([[2, 5, [3, 5]]]);
    });

    it('leaves each record once, in store order of the records, as it stands in the end', () => {
      const bench = new Bench();
      bench.do('set', 'p', { 'b-2': { x: 1 }, b: { x: 1, y: 1 } });
      const heard = bench.watchRecords('p');
      bench.doAll([
        ['set', 'p/c', 1],
        ['set', 'p/b-2/x', 2],
        ['set', 'p/b/x', 2],
        ['delete', 'p/b/y'],
        ['set', 'p/b/x', 3],
      ]);
      expect(summary(heard)).toEqual([
        [6, ['b', true, ['p/b/x']], ['b-2', true, ['p/b-2/x']], ['c', false, ['p/c']]],
      ]);
      expect(heard[0]?.records[0]?.leaves).toMatchObject([{ value: 3, revision: 6 }]);
      expect(heard[0]).toMatchObject({ first: 2, last: 6, deviceId: null });
      expect(heard[0]?.operations.map(({ storeSeq }) => storeSeq)).toEqual([2, 3, 4, 5, 6]);
    });

    it('says nothing of a record that it made and removed, and that one existed which it removed and made', () => {
      const bench = new Bench();
      bench.do('set', 'p/old', { x: 1 });
      const heard = bench.watchRecords('p');
      bench.doAll([
        ['set', 'p/brief', { x: 1 }],
        ['delete', 'p/brief'],
      ]);
      expect(heard).toEqual([]);
      bench.doAll([
        ['delete', 'p/old'],
        ['set', 'p/brief', 1],
        ['set', 'p/old/y', 2],
        ['delete', 'p/brief'],
      ]);
      expect(summary(heard)).toEqual([[7, ['old', true, ['p/old/y']]]]);
    });

    it('takes a record for known that only leaves it did not touch tell of', () => {
      const bench = new Bench();
      bench.do('set', 'p/a/x', 1);
      const heard = bench.watchRecords('p');
      bench.doAll([
        ['set', 'p/a/y', 1],
        ['set', 'p/n/y', 1],
      ]);
      expect(summary(heard)).toEqual([[3, ['a', true, ['p/a/x', 'p/a/y']], ['n', false, ['p/n/y']]]]);
    });

    it('has the range of the whole commit, though a part of it was applied here', () => {
      const bench = new Bench();
      const ranges: unknown[] = [];
      bench.hub.watch(Pattern.parse('**'), ({ first, last }) => ranges.push([first, last]));
      const commit = { first: 4, last: 9 };
      const named = { path: 'a', value: 1, deviceId: null, clientOpId: null, commit };
      const applied = { operation: { storeSeq: 6, op: 'set', ...named } as const, changes: [] };
      const pending = bench.hub.collect([applied], bench.tree);
      if (pending !== undefined) bench.hub.publish([pending]);
      expect(ranges).toEqual([[4, 9]]);
    });

    it('comes to those who watch records together with the others that are published with it', () => {
      const bench = new Bench();
      const [patterns, together]: [number[], number[][]] = [bench.watch('**'), []];
      bench.hub.watchRecords('p', (commits) => together.push(commits.map(({ last }) => last)));
      const pending = [
        bench.collectAll([
          ['set', 'p/a', 1],
          ['set', 'p/b', 1],
        ]),
        bench.collect('set', 'q', 1),
        bench.collect('delete', 'p/a'),
      ];
      bench.hub.publish(pending.filter((each) => each !== undefined));
      bench.do('set', 'p/c', 1);
      expect(patterns).toEqual([1, 2, 3, 4, 5]);
      expect(together).toEqual([[2, 4], [5]]);
    });

    it('of no operation is nothing', () => {
      const bench = new Bench();
      bench.watch('**');
      expect(bench.collectAll([])).toBeUndefined();
    });
  });

  describe('publish', () => {
    it('lets everybody hear in order when a listener writes', () => {
      const bench = new Bench();
      const first: number[] = [];
      bench.hub.watch(Pattern.parse('**'), ({ last: storeSeq }) => {
        first.push(storeSeq);
        if (storeSeq < 3) bench.do('set', 'a', storeSeq);
      });
      const second = bench.watch('**');
      bench.do('set', 'a', 0);
      expect(first).toEqual([1, 2, 3]);
      expect(second).toEqual([1, 2, 3]);
    });

    it('lets the others hear when a listener throws', () => {
      const bench = new Bench();
      bench.hub.watch(Pattern.parse('**'), () => {
        throw new Error('mine');
      });
      bench.hub.watchRecords('p', () => {
        throw new Error('mine too');
      });
      const others = bench.watch('**');
      bench.do('set', 'p/a', 1);
      bench.do('set', 'p/a', 2);
      expect(others).toEqual([1, 2]);
      expect(bench.errors).toHaveLength(4);
    });

    it('lets listeners come and go while they hear', () => {
      const bench = new Bench();
      const gone: number[] = [];
      let stop = (): void => undefined;
      const come: number[] = [];
      const once = bench.hub.watch(Pattern.parse('**'), () => {
        once();
        stop();
        bench.hub.watch(Pattern.parse('**'), ({ last }) => come.push(last));
      });
      stop = bench.hub.watch(Pattern.parse('**'), ({ last }) => gone.push(last));
      bench.do('set', 'a', 1);
      bench.do('set', 'a', 2);
      expect(gone).toEqual([]);
      expect(come).toEqual([2]);
    });
  });
});
