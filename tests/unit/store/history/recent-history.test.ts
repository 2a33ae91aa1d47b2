import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import { RecentHistory } from '../../../../src/store/history/recent-history.js';

const operations = (first: number, last: number): CommittedOperation[] =>
  Array.from({ length: last - first + 1 }, (_, i) => ({
    storeSeq: first + i,
    op: 'set',
    path: 'a',
    value: 1,
    deviceId: null,
    clientOpId: null,
  }));
const seqsOf = (history: RecentHistory) =>
  history.operations.map(({ operation, committedAt }) => [operation.storeSeq, committedAt]);

test('the last ten operations are remembered, newest first, with their times', () => {
  const history = new RecentHistory();
  history.noteOperations(operations(1, 3), 100);
  expect(seqsOf(history)).toStrictEqual([3, 2, 1].map((seq) => [seq, 100]));
  history.noteOperations(operations(4, 11), 200);
  expect(seqsOf(history)).toStrictEqual([
    ...[11, 10, 9, 8, 7, 6, 5, 4].map((seq) => [seq, 200]),
    [3, 100],
    [2, 100],
  ]);
  history.noteOperations(operations(12, 40), 300);
  expect(seqsOf(history)).toStrictEqual(Array.from({ length: 10 }, (_, i) => [40 - i, 300]));
});

test('of the last compaction it is known when it was made, and of no other', () => {
  const history = new RecentHistory();
  expect(history.compactedAt(0)).toBeNull();
  history.noteCompaction(7, 100);
  history.noteCompaction(9, 200);
  expect([history.compactedAt(7), history.compactedAt(9)]).toStrictEqual([null, 200]);
});
