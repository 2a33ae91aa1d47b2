import { createHash } from 'node:crypto';
import { BlobContents } from '../../../../../src/store/lmdb/damage/blob-contents.js';
import { FactContents } from '../../../../../src/store/lmdb/damage/fact-contents.js';
import { Findings } from '../../../../../src/store/lmdb/damage/findings.js';
import { LeafCheck } from '../../../../../src/store/lmdb/damage/leaf-check.js';
import { LeafContents } from '../../../../../src/store/lmdb/damage/leaf-contents.js';
import { LogContents } from '../../../../../src/store/lmdb/damage/log-contents.js';
import { LEAF_COUNT } from '../../../../../src/store/lmdb/leaves/leaf-count.js';
import { countIn } from '../../../../../src/store/lmdb/damage/stored-values.js';
import { NOISE, entry, numberKeyOf } from './entries.js';

describe('the facts of a store', () => {
  const factsOf = (...stored: (readonly [string | Buffer, unknown])[]) => {
    const lost = new Findings();
    const facts = new FactContents(lost);
    for (const [key, value] of stored) facts.see(entry(key, value));
    return { facts, lost };
  };

  it('are its format, its counters and the number of its leaves', () => {
    const { facts, lost } = factsOf(
      ['format', 3],
      ['counters', { storeSeq: 9, snapshotSeq: 9 }],
      [LEAF_COUNT, 4],
      ['owner', {}],
      [NOISE, 1],
    );
    facts.compare(true);
    expect([facts.format, facts.storeSeq, facts.leafCount, lost.told]).toEqual([3, 9, 4, []]);
  });

  it.each<unknown>([
    undefined,
    null,
    { storeSeq: 9 },
    { snapshotSeq: 9 },
    { storeSeq: 8, snapshotSeq: 9 },
    { storeSeq: '9', snapshotSeq: 0 },
    { storeSeq: 9, snapshotSeq: -1 },
  ])('have no counters in %j, which is a loss where there is a log', (counters) => {
    const { facts, lost } = factsOf(['format', 3], ['counters', counters]);
    expect(facts.storeSeq).toBeUndefined();
    facts.compare(false);
    expect(lost.told).toEqual([]);
    facts.compare(true);
    expect(lost.told).toEqual(['the counters of the store (they cannot be read)']);
  });

  it.each([
    [true, undefined],
    [false, 9],
  ])('say where the store ends unless its state is being replaced: %j', (restoring, storeSeq) => {
    const { facts, lost } = factsOf(['format', 3], ['counters', { storeSeq: 9, snapshotSeq: 0, restoring }]);
    facts.compare(true);
    expect([facts.storeSeq, lost.told]).toEqual([storeSeq, []]);
  });

  it.each([undefined, 'three', 1.5])('have no format in %j, and no number of leaves', (value) => {
    const { facts, lost } = factsOf(['format', value], [LEAF_COUNT, value]);
    facts.compare(false);
    expect([facts.format, facts.leafCount]).toEqual([undefined, undefined]);
    expect(lost.told).toEqual(['the version of the format (it cannot be read)']);
  });
});

describe('the contents of files', () => {
  const bytes = Buffer.from('content');
  const hash = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const scene = () => {
    const lost = new Findings();
    return { lost, blobs: new BlobContents(lost) };
  };

  it('are whole with their media types', () => {
    const { lost, blobs } = scene();
    blobs.seeType(entry(hash, 'text/plain'));
    blobs.seeName(entry(hash, 'a.txt'));
    blobs.see(entry(hash, bytes));
    blobs.seeType(entry('of another kind', 'text/plain'));
    blobs.see(entry('of another kind', bytes));
    blobs.compare();
    expect([lost.told, blobs.count, blobs.has(hash), blobs.has('x')]).toEqual([[], 2, true, false]);
  });

  it('are told of that have changed, or are missing, or lack a media type', () => {
    const { lost, blobs } = scene();
    blobs.seeType(entry('missing', 'text/plain'));
    blobs.see(entry(hash, Buffer.from('another')));
    blobs.compare();
    expect(lost.told).toEqual([
      `the content ${hash} (it has changed)`,
      'the content missing (it is missing)',
      `the media type of ${hash} (it is missing)`,
    ]);
  });

  it('are told of that cannot be read, and not twice where others have told of it', () => {
    const { lost, blobs } = scene();
    blobs.seeType(entry(NOISE, 'text/plain'));
    blobs.seeType(entry('typed', NOISE));
    blobs.seeType(entry('lost', undefined));
    blobs.seeName(entry('named', NOISE));
    blobs.see(entry(NOISE, bytes));
    blobs.see(entry('lost', undefined));
    expect(lost.told).toEqual([
      'the media type of a file (it cannot be read)',
      'the media type of typed (it cannot be read)',
      'the name of named (it cannot be read)',
      'the content of a file (its hash cannot be read)',
    ]);
    expect(blobs.count).toBe(0);
  });
});

describe('leaves', () => {
  const scene = (operations: readonly unknown[] = [], storeSeq: number | undefined = operations.length) => {
    const [lost, notes] = [new Findings(), new Findings()];
    const log = new LogContents(lost);
    operations.forEach((operation, i) => {
      log.see(entry(numberKeyOf(i + 1), operation));
    });
    const blobs = new BlobContents(lost);
    blobs.see(entry('there', Buffer.from('content')));
    const beside = { lost, notes, storeSeq, log, blobs };
    return { beside, check: new LeafCheck(beside), lost, notes };
  };
  const SET = ['set', 'a', { b: 1 }, null, null];
  const REVISION_AND_TYPE = 'its revision and type cannot be read';

  it.each<[string, readonly unknown[], string, unknown, unknown, unknown, string | undefined]>([
    ['as it should be', [SET], 'a/b', 1, 'integer', 1, undefined],
    ['with a path that cannot be', [SET], 'a//b', 1, 'integer', 1, 'its path cannot be'],
    ['without a revision', [SET], 'a/b', '1', 'integer', 1, REVISION_AND_TYPE],
    ['of no type', [SET], 'a/b', 1, 'nothing', 1, REVISION_AND_TYPE],
    ['newer than the store', [SET], 'a/b', 2, 'integer', 1, 'it is newer than the store'],
    ['with another value', [SET], 'a/b', 1, 'integer', 2, 'the log has another value for it'],
    ['that the operation did not write', [SET], 'a/c', 1, 'integer', 1, undefined],
    [
      'at the path of the operation',
      [['set', 'a', 1, null, null]],
      'a',
      1,
      'integer',
      2,
      'the log has another value for it',
    ],
    ['of another place', [SET], 'ab', 1, 'integer', 1, 'the log has another leaf at its revision'],
    ['of an operation that the log has no more', [SET], 'z', 0, 'integer', 5, undefined],
    ['of a store without a log', [], 'z', 12, 'integer', 5, undefined],
  ])('%s', (_, operations, path, revision, type, value, fault) => {
    expect(scene(operations).check.fault(path, revision, type, value)).toBe(fault);
  });

  it('are as new as they may be where the last seq is lost', () => {
    const { beside } = scene([SET]);
    expect(new LeafCheck({ ...beside, storeSeq: undefined }).fault('z', 9, 'integer', 1)).toBeUndefined();
  });

  it.each<[unknown, string | undefined]>([
    [[1, 'integer', 1], undefined],
    [[1, 'integer', 2], 'the log has another value for it'],
    [[1, 'integer'], 'its value cannot be read'],
    [[1, 'integer', 1, 1], 'its value cannot be read'],
    [{ length: 3 }, 'its value cannot be read'],
    [NOISE, 'its value cannot be read'],
  ])('that lie alone: %j', (stored, fault) => {
    const bytes = Buffer.isBuffer(stored) ? stored : Buffer.from(JSON.stringify(stored));
    expect(scene([SET]).check.faultIn('a/b', bytes)).toBe(fault);
  });

  it.each<[string, unknown, number]>([
    ['file', { _type: 'file', hash: 'there' }, 0],
    ['file', { _type: 'file', hash: 'gone' }, 1],
    ['map', { _type: 'file', hash: 'gone' }, 1],
    ['string', { _type: 'file', hash: 'gone' }, 0],
    ['file', { _type: 'other', hash: 'gone' }, 0],
    ['file', { _type: 'file', hash: 1 }, 0],
    ['file', { _type: 'file' }, 0],
    ['file', { hash: 'gone' }, 0],
    ['file', null, 0],
    ['file', 'text', 0],
  ])('a %s of %j gives %i notes', (type, value, count) => {
    const { check, notes } = scene();
    expect(check.fault('f', 1, type, value)).toBeUndefined();
    expect(notes.told).toEqual(
      count === 0 ? [] : ['the content of the file at "f" (a dump does not carry it; or it is lost)'],
    );
  });

  it('of earlier formats count, and are told of by their paths', () => {
    const { beside, lost } = scene([SET]);
    const leaves = new LeafContents('the leaf', beside);
    leaves.see(entry('a/b', [1, 'integer', 1]));
    leaves.see(entry('a/c', undefined));
    leaves.see(entry('a/d', [1, 'nothing', 1]));
    leaves.see(entry(NOISE, [1, 'integer', 1]));
    expect(leaves.count).toBe(4);
    expect(lost.told).toEqual([
      `the leaf "a/d" (${REVISION_AND_TYPE})`,
      `the leaf ${JSON.stringify(NOISE.toString('latin1'))} (its path cannot be)`,
    ]);
  });
});

it.each([
  ['0', 0],
  ['12', 12],
  ['', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['01', undefined],
  [' 1', undefined],
  ['9007199254740993', undefined],
])('the digits %j stand for %p', (text, count) => {
  expect(countIn(text)).toBe(count);
});
