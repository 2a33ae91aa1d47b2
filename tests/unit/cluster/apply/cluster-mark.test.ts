import type { ClusterMark } from '../../../../src/cluster/apply/cluster-mark.js';
import { NOTHING_APPLIED, readMark, storedMark } from '../../../../src/cluster/apply/cluster-mark.js';
import type { JsonValue } from '../../../../src/protocol/values/value.js';

const MARK: ClusterMark = {
  position: 7,
  digest: 'd',
  fingerprint: 'f',
  level: 1,
  sessions: [{ id: 'a', since: 2, number: 5, time: 9 }],
  forgotten: -1,
  snapshots: {
    bytes: 900,
    taken: [{ position: 2, storeSeq: 20, bytes: 200, size: 50 }],
    keeper: { node: 'n', position: 5, storeSeq: 60, bytes: 700, until: 99, abandoned: 4 },
  },
  members: [{ id: 'm', name: 'host:1', level: 1, position: 6, time: 9 }],
};

it.each([NOTHING_APPLIED, MARK])('%j is read as it was written', (mark) => {
  expect(readMark(JSON.parse(JSON.stringify(storedMark(mark))) as JsonValue)).toEqual(mark);
});

it('a mark that knows of no snapshots, no members and no entry is one', () => {
  const { snapshots: _, members: __, fingerprint: ___, ...before } = storedMark(MARK);
  const nothing = { snapshots: NOTHING_APPLIED.snapshots, members: [], fingerprint: undefined };
  expect(readMark(before)).toEqual({ ...MARK, ...nothing });
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
  [{ ...storedMark(MARK), members: [['m', 'host:1', 1, 6]] }],
  [{ ...storedMark(MARK), members: ['m'] }],
  [{ ...storedMark(MARK), snapshots: { bytes: 1, taken: [[1, 2, 3]] } }],
  [{ ...storedMark(MARK), snapshots: { bytes: 1, taken: ['a'] } }],
  [{ ...storedMark(MARK), snapshots: { bytes: 1, taken: [], keeper: { node: 'n' } } }],
])('%j is no mark', (stored) => {
  expect(readMark(stored)).toBeUndefined();
});
