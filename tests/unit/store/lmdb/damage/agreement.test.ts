import { assertAgreement, assertLeafCount } from '../../../../../src/store/lmdb/agreement.js';
import type { Databases } from '../../../../../src/store/lmdb/databases.js';
import type { LeafCount } from '../../../../../src/store/lmdb/leaves/leaf-count.js';

const PATH = '/data/store';

/** Databases that hold so many operations from the first to the last, and so many groups of leaves. */
const holding = ({ seqs = [], groups = 0 }: { seqs?: readonly number[]; groups?: number }): Databases =>
  ({
    log: { end: (reverse: boolean) => (reverse ? seqs.at(-1) : seqs[0]), size: seqs.length },
    leaves: { size: groups },
  }) as unknown as Databases;

const corrupt = (message: string) =>
  expect.objectContaining({ kind: 'storage', detail: 'corrupt', message: expect.stringContaining(message) });

describe('the counters of a store and its log', () => {
  const check = (seqs: readonly number[], storeSeq: number, snapshotSeq = 0) => {
    assertAgreement(PATH, holding({ seqs }), { storeSeq, snapshotSeq });
  };

  it.each<[readonly number[], number, number]>([
    [[], 0, 0],
    [[], 7, 7],
    [[7], 7, 7],
    [[5, 6, 7], 7, 4],
  ])('agree: %j, at %i with a snapshot at %i', (seqs, storeSeq, snapshotSeq) => {
    expect(() => {
      check(seqs, storeSeq, snapshotSeq);
    }).not.toThrow();
  });

  it.each<[readonly number[], number, number, string]>([
    [[], 6, 7, 'its snapshot, 7, is newer than its last operation, 6'],
    [[5, 6], 7, 0, 'its log ends with operation 6 and its counters with 7'],
    [[5, 6, 7, 8], 7, 0, 'its log ends with operation 8 and its counters with 7'],
    [[4, 7], 7, 0, 'its log from 4 to 7 lacks 2 operations'],
  ])('do not: %j, at %i with a snapshot at %i', (seqs, storeSeq, snapshotSeq, message) => {
    expect(() => {
      check(seqs, storeSeq, snapshotSeq);
    }).toThrow(corrupt(message));
  });

  it('need not agree while the state of the store is replaced', () => {
    expect(() => {
      assertAgreement(PATH, holding({ seqs: [4, 6] }), { storeSeq: 7, snapshotSeq: 0, restoring: true });
    }).not.toThrow();
  });
});

describe('the number of leaves', () => {
  const check = (groups: number, current: number, isNoted: boolean) => {
    assertLeafCount(PATH, holding({ groups }), { current, isNoted } as unknown as LeafCount);
  };

  it.each<[number, number, boolean]>([
    [0, 0, false],
    [0, 0, true],
    [3, 5, true],
    [3, 0, true],
  ])('fits %i groups: %i, noted: %p', (groups, current, isNoted) => {
    expect(() => {
      check(groups, current, isNoted);
    }).not.toThrow();
  });

  it('is more than there are where all are gone', () => {
    expect(() => {
      check(0, 5, true);
    }).toThrow(corrupt('its 5 leaves are missing'));
  });

  it('is lost where there are leaves, and none is noted', () => {
    expect(() => {
      check(3, 0, false);
    }).toThrow(corrupt('it has leaves, and their number is lost'));
  });
});
