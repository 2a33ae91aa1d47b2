import type { ClusterMark } from '../../../../src/cluster/apply/cluster-mark.js';
import { NOTHING_APPLIED, readMark, storedMark } from '../../../../src/cluster/apply/cluster-mark.js';
import type { JsonValue } from '../../../../src/protocol/value.js';

const MARK: ClusterMark = {
  position: 7,
  digest: 'd',
  level: 1,
  sessions: [{ id: 'a', since: 2, number: 5, time: 9 }],
  forgotten: -1,
};

it.each([NOTHING_APPLIED, MARK])('%j is read as it was written', (mark) => {
  expect(readMark(JSON.parse(JSON.stringify(storedMark(mark))) as JsonValue)).toEqual(mark);
});

it.each<[JsonValue | undefined]>([
  [undefined],
  [null],
  [[]],
  [{}],
  ...Object.keys(storedMark(MARK)).map((name): [JsonValue] => [{ ...storedMark(MARK), [name]: {} }]),
  [{ ...storedMark(MARK), sessions: [['a', 2, 5]] }],
  [{ ...storedMark(MARK), sessions: [[1, 2, 5, 9]] }],
  [{ ...storedMark(MARK), sessions: ['a'] }],
])('%j is no mark', (stored) => {
  expect(readMark(stored)).toBeUndefined();
});
