import {
  readJoinReply,
  readResponse,
  readSnapshot,
  readThroughSeq,
} from '../../../../src/sync/messages/read-messages.js';
import { WireFault } from '../../../../src/sync/messages/read-value.js';

describe('the reply to a join', () => {
  it.each([
    [
      { read: true, write: false },
      { read: true, write: false },
    ],
    [
      { read: false, write: true },
      { read: false, write: true },
    ],
    [{}, { read: true, write: true }],
    [undefined, { read: true, write: true }],
  ])('with the permissions %j permits %j', (permissions, expected) => {
    const reply = readJoinReply({ store_seq: 0, permissions, features: ['commits', 'unheard-of'] });
    expect(reply).toEqual({ storeSeq: 0, permissions: expected, features: new Set(['commits']) });
  });

  it.each([null, [], {}, { store_seq: -1 }])('is not %j', (reply) => {
    expect(() => readJoinReply(reply)).toThrow(WireFault);
  });
});

describe('the end of a catch-up', () => {
  it('is at a seq', () => {
    expect([0, 7].map((through_seq) => readThroughSeq({ through_seq }))).toEqual([0, 7]);
    for (const payload of [null, [0], {}, { through_seq: -1 }]) {
      expect(() => readThroughSeq(payload)).toThrow(WireFault);
    }
  });
});

describe('a snapshot', () => {
  const entry = (value: unknown, type = 'string') => ({ value, type });

  it('has leaves in store order, which are as old as itself at the most', () => {
    const { storeSeq, leaves } = readSnapshot({
      snapshot_seq: 4,
      entries: { '\u{10000}': entry('last'), 'a/b': entry(2, 'integer'), '\uffee': entry('first') },
    });
    expect(storeSeq).toBe(4);
    expect(leaves).toEqual([
      { path: 'a/b', value: 2, type: 'integer', revision: 4 },
      { path: '\uffee', value: 'first', type: 'string', revision: 4 },
      { path: '\u{10000}', value: 'last', type: 'string', revision: 4 },
    ]);
  });

  it.each<[unknown, unknown]>([
    [{ _scalar: 1 }, 1],
    [{ _scalar: { _type: 'decimal', _typed: '1.5' } }, { _type: 'decimal', _typed: '1.5' }],
    [
      { _scalar: 1, b: 2 },
      { _scalar: 1, b: 2 },
    ],
    [{ b: 2 }, { b: 2 }],
    [{ _type: 'decimal', _typed: '1.5' }, '1.5'],
    [[1], [1]],
    [null, null],
  ])('has the value %j as %j', (value, expected) => {
    const { leaves } = readSnapshot({ snapshot_seq: 1, entries: { a: entry(value) } });
    expect(leaves.map((leaf) => leaf.value)).toEqual([expected]);
  });

  it.each<[string, unknown]>([
    ['no object', null],
    ['no entries', { snapshot_seq: 1 }],
    ['entries in a list', { snapshot_seq: 1, entries: [] }],
    ['the seq 0', { snapshot_seq: 0, entries: {} }],
    ['an entry that is none', { snapshot_seq: 1, entries: { a: 1 } }],
    ['an entry of an unknown type', { snapshot_seq: 1, entries: { a: entry(1, 'tree') } }],
    ['a malformed path', { snapshot_seq: 1, entries: { 'a//b': entry(1) } }],
  ])('is none with %s', (_, payload) => {
    expect(() => readSnapshot(payload)).toThrow(WireFault);
  });
});

describe('the answer to a push', () => {
  it('is frozen, and what is inside it stays as it is', () => {
    const answer = { store_seq: 1, value: { _type: 'decimal', _typed: '1.5' } };
    const response = readResponse(answer);
    expect(response).toEqual(answer);
    expect([Object.isFrozen(response), Object.isFrozen(response.value)]).toEqual([true, true]);
  });

  it.each([null, [1], 'ok', { a: undefined }])('is not %j', (answer) => {
    expect(() => readResponse(answer)).toThrow(WireFault);
  });
});
