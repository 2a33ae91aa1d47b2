import type { DigestStep } from '../../../../src/cluster/apply/digest.js';
import { nextDigest } from '../../../../src/cluster/apply/digest.js';
import { RecentDigests } from '../../../../src/cluster/apply/recent-digests.js';
import { DustError } from '../../../../src/errors.js';
import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';

const operation = (change: Partial<CommittedOperation> = {}): CommittedOperation => ({
  storeSeq: 4,
  op: 'increment',
  path: 'a',
  value: 2,
  deviceId: null,
  clientOpId: 'x',
  ...change,
});

const refused = (detail?: string): DigestStep['outcomes'] => [
  { refused: new DustError('conflict', 'words that may change', { detail }) },
];

const RIGHT: DigestStep = {
  position: 3,
  time: 1_000,
  bytes: new Uint8Array([1, 2]),
  outcomes: [{ done: { operations: [operation()], storeSeq: 4 } }],
};

const done = (change: Partial<CommittedOperation>, storeSeq = 4): DigestStep['outcomes'] => [
  { done: { operations: [operation(change)], storeSeq } },
];

it.each<[string, Partial<DigestStep>]>([
  ['its place', { position: 4 }],
  ['its time', { time: 1_001 }],
  ['what it held', { bytes: new Uint8Array([1, 3]) }],
  ['what an operation came to', { outcomes: done({ value: 3 }) }],
  ['where an operation stands', { outcomes: done({ storeSeq: 5 }, 5) }],
  ['how many operations there are', { outcomes: [{ done: { operations: [], storeSeq: 4 } }] }],
  ['that one was refused', { outcomes: refused() }],
  ['that nothing was asked', { outcomes: [] }],
])('the digest tells a frame by %s', (_, change) => {
  expect(nextDigest('before', { ...RIGHT, ...change })).not.toBe(nextDigest('before', RIGHT));
});

it('tells frames by what led there, and refusals by their reasons and not their words', () => {
  expect(nextDigest('other', RIGHT)).not.toBe(nextDigest('before', RIGHT));
  expect(nextDigest('before', { ...RIGHT })).toBe(nextDigest('before', RIGHT));
  const reasons = [undefined, 'x', 'y'].map((detail) =>
    nextDigest('', { ...RIGHT, outcomes: refused(detail) }),
  );
  expect(new Set(reasons).size).toBe(3);
});

describe('recent digests', () => {
  it('contradict another one at the same place, and none at a place that they do not know', () => {
    const digests = new RecentDigests({ position: 3, digest: 'c' });
    digests.note({ position: 4, digest: 'd' });
    expect(digests.contradicts({ position: 3, digest: 'c' })).toBe(false);
    expect(digests.contradicts({ position: 3, digest: 'x' })).toBe(true);
    expect(digests.contradicts({ position: 4, digest: 'c' })).toBe(true);
    expect(digests.contradicts({ position: 2, digest: 'x' })).toBe(false);
  });

  it('are forgotten in time', () => {
    const digests = new RecentDigests({ position: 0, digest: '0' });
    for (let position = 1; position <= 4_096; position++) digests.note({ position, digest: 'd' });
    expect(digests.contradicts({ position: 0, digest: 'x' })).toBe(false);
    expect(digests.contradicts({ position: 1, digest: 'x' })).toBe(true);
  });
});
