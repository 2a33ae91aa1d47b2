import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import type { GuardedDatabase } from '../../../../src/store/lmdb/guarded-database.js';
import type { StoredOperation } from '../../../../src/store/lmdb/lmdb-operation-log.js';
import { LmdbOperationLog } from '../../../../src/store/lmdb/lmdb-operation-log.js';
import { WriteScope } from '../../../../src/store/lmdb/write-scope.js';

/** A log over rows in memory, and what keeps its border. */
function scene(stored: readonly (readonly [number, unknown])[] = [], first?: number) {
  const rows = new Map(stored);
  const borders = new Map(first === undefined ? [] : [['first', first]]);
  const inOrder = () => [...rows].sort(([a], [b]) => a - b);
  const db = {
    append: (key: number, value: unknown) => rows.set(key, value),
    remove: (key: number) => rows.delete(key),
    end: (reverse: boolean) => inOrder().at(reverse ? -1 : 0)?.[0],
    range: (
      { start }: { start: number },
      read: (entry: { key: number; value: unknown }) => unknown,
    ): unknown[] =>
      inOrder()
        .filter(([key]) => key >= start)
        .map(([key, value]) => read({ key, value })),
    clear: () => {
      rows.clear();
    },
    damaged: (key: number) => new Error(`operation ${key} is damaged`),
  } as unknown as GuardedDatabase<StoredOperation, number>;
  const border = {
    get: (key: string) => borders.get(key),
    put: (key: string, value: number) => borders.set(key, value),
    clear: () => {
      borders.clear();
    },
  } as unknown as GuardedDatabase<number, string>;
  const scope = new WriteScope(() => new Error('a write outside of a transaction'));
  const open = () => new LmdbOperationLog(db, border, scope);
  return { rows, borders, scope, open };
}

const operation = (storeSeq: number, more: Partial<CommittedOperation> = {}): CommittedOperation => ({
  storeSeq,
  op: 'set',
  path: 'a',
  value: storeSeq,
  deviceId: null,
  clientOpId: `id-${storeSeq}`,
  ...more,
});
const seqsOf = (log: LmdbOperationLog, since = 0) => Array.from(log.since(since), ({ storeSeq }) => storeSeq);
const seqs = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('a log', () => {
  it('gives back what was appended, from a seq on, with all that an operation may have', () => {
    const { scope, open } = scene();
    const log = open();
    expect([log.size, log.last, seqsOf(log)]).toStrictEqual([0, 0, []]);
    const operations = [
      operation(1),
      operation(2, { deviceId: 'd', clientOpId: null }),
      operation(3, { leafTypes: new Map([['a', 'counter']]) }),
      operation(4, { commit: { first: 3, last: 5 } }),
      operation(5, { leafTypes: new Map([['a', 'float']]), commit: { first: 3, last: 5 } }),
    ];
    scope.run(() => {
      for (const each of operations) log.append(each);
    });
    for (const each of [log, open()]) {
      expect([...each.since(0)]).toStrictEqual(operations);
      expect([each.size, each.last, seqsOf(each, 3), seqsOf(each, 5)]).toStrictEqual([5, 5, [4, 5], []]);
      expect([each.findClientOp('id-1'), each.findClientOp('id-2')]).toStrictEqual([1, undefined]);
    }
  });

  it('drops at once what it is trimmed by, with its client ids, and takes it off the disk little by little', () => {
    const { rows, borders, scope, open } = scene();
    const log = open();
    scope.run(() => {
      for (const seq of seqs(1, 20)) log.append(operation(seq));
      log.trim(10);
    });
    for (const each of [log, open()]) {
      expect([each.size, seqsOf(each), seqsOf(each, 4)]).toStrictEqual([10, seqs(11, 20), seqs(11, 20)]);
      expect([each.findClientOp('id-10'), each.findClientOp('id-11')]).toStrictEqual([undefined, 11]);
    }
    expect([borders.get('first'), rows.size]).toStrictEqual([11, 20]);
    const left = [21, 22, 23, 24].map((seq) => {
      scope.run(() => {
        log.append(operation(seq));
      });
      return Math.min(...rows.keys());
    });
    expect(left).toStrictEqual([5, 9, 11, 11]);
    expect(seqsOf(open())).toStrictEqual(seqs(11, 24));
  });

  it('may be trimmed of all, and by nothing', () => {
    const { scope, open, borders } = scene();
    const log = open();
    scope.run(() => {
      log.trim(5);
      for (const seq of seqs(1, 3)) log.append(operation(seq));
      log.trim(0);
      expect([log.size, borders.size, scope.writes]).toStrictEqual([3, 0, 3]);
      log.trim(100);
      log.trim(100);
      log.trim(2);
    });
    for (const each of [log, open()]) expect([each.size, seqsOf(each), each.last]).toStrictEqual([0, [], 3]);
    expect(borders.get('first')).toBe(4);
    scope.run(() => {
      log.append(operation(4));
    });
    expect([log.size, seqsOf(log)]).toStrictEqual([1, [4]]);
  });

  it('begins where the first operation of a store with a past does', () => {
    const { scope, open } = scene();
    const log = open();
    scope.run(() => {
      log.append(operation(100));
      log.append(operation(101));
    });
    expect([log.size, seqsOf(log), open().size]).toStrictEqual([2, [100, 101], 2]);
  });

  it.each([
    ['before', true],
    ['afterwards', false],
  ])('knows an id that came again by its newer seq, as long as that is kept, asked %s', (_, isAsked) => {
    const { scope, open } = scene();
    const log = open();
    if (isAsked) expect(log.findClientOp('a')).toBeUndefined();
    scope.run(() => {
      for (const [seq, clientOpId] of [
        [1, 'a'],
        [2, 'b'],
        [3, 'a'],
      ] as const) {
        log.append(operation(seq, { clientOpId }));
      }
      log.trim(2);
    });
    expect([log.findClientOp('a'), log.findClientOp('b')]).toStrictEqual([3, undefined]);
  });

  it('is changed in a transaction alone, and is as it was after a refusal', () => {
    const { scope, open, rows } = scene();
    const log = open();
    scope.run(() => {
      log.append(operation(1));
    });
    const writes = [() => log.append(operation(2)), () => log.trim(1), () => log.clear()];
    for (const write of writes) {
      expect(write).toThrow('outside');
    }
    expect([rows.size, log.size, log.findClientOp('id-1'), log.findClientOp('id-2')]).toStrictEqual([
      1,
      1,
      1,
      undefined,
    ]);
  });

  it('keeps nothing of what it was cleared of, nor where that began', () => {
    const { scope, open } = scene();
    const log = open();
    scope.run(() => {
      for (const seq of seqs(1, 20)) log.append(operation(seq));
      log.trim(10);
      expect(log.findClientOp('id-20')).toBe(20);
      log.clear();
    });
    for (const each of [log, open()]) {
      expect([each.size, each.last, seqsOf(each)]).toStrictEqual([0, 0, []]);
      expect(each.findClientOp('id-20')).toBeUndefined();
    }
    scope.run(() => {
      for (const seq of seqs(3, 12)) log.append(operation(seq));
    });
    for (const each of [log, open()]) {
      expect([each.size, each.last, seqsOf(each)]).toStrictEqual([10, 12, seqs(3, 12)]);
    }
  });

  it('is what lies on the disk once it is read again', () => {
    const { scope, open, rows } = scene();
    const log = open();
    scope.run(() => {
      for (const seq of seqs(1, 3)) log.append(operation(seq));
    });
    rows.delete(3);
    log.reload();
    expect([log.size, log.last, log.findClientOp('id-3')]).toStrictEqual([2, 2, undefined]);
  });
});

it('finds the ids of operations that were there before it, and of those that came since', () => {
  const { scope, open } = scene();
  scope.run(() => {
    const log = open();
    for (const seq of seqs(1, 3)) log.append(operation(seq));
  });
  const log = open();
  scope.run(() => {
    log.append(operation(4));
    log.trim(1);
  });
  expect(['id-1', 'id-2', 'id-4', 'id-5'].map((id) => log.findClientOp(id))).toEqual([
    undefined,
    2,
    4,
    undefined,
  ]);
  scope.run(() => {
    log.append(operation(5));
    log.trim(2);
  });
  expect(['id-2', 'id-3', 'id-5'].map((id) => log.findClientOp(id))).toEqual([undefined, 3, 5]);
});

const WHOLE: StoredOperation = ['set', 'a', 1, null, 'id'];

it.each<[string, unknown]>([
  ['no list', { length: 5 }],
  ['nothing', null],
  ['too short', WHOLE.slice(0, 4)],
  ['too long', [...WHOLE, [], [1, 1], []]],
  ['without an operation', [1, 'a', 1, null, 'id']],
  ['without a path', ['set', 1, 1, null, 'id']],
  ['with an id that is no text', ['set', 'a', 1, null, 1]],
  ['with types that are no list', [...WHOLE, 'types']],
  ['with a commit that is none', [...WHOLE, [], 7]],
])('an operation that is %s is damaged', (_, stored) => {
  const { open, rows } = scene([[1, WHOLE]]);
  const log = open();
  rows.set(2, stored);
  expect(() => seqsOf(log)).toThrow('operation 2 is damaged');
  const again = open();
  expect(again.size).toBe(2);
  expect(() => again.findClientOp('id')).toThrow('operation 2 is damaged');
});

it.each([[WHOLE], [[...WHOLE.slice(0, 4), null]], [[...WHOLE, []]], [[...WHOLE, [], [1, 1]]]])(
  'an operation may be %j',
  (stored) => {
    expect(seqsOf(scene([[1, stored]]).open())).toStrictEqual([1]);
  },
);
