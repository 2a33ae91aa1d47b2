import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import type { JsonValue } from '../../../../src/protocol/values/value.js';
import type { SyncWrite } from '../../../../src/sync/engine-types.js';
import { acknowledgementOf } from '../../../../src/sync/outbox/acknowledgement.js';
import type { PendingWrite } from '../../../../src/sync/outbox/pending-write.js';
import { mayBeCommitted } from '../../../../src/sync/outbox/pending-write.js';
import { mayBeSentAgain } from '../../../../src/sync/outbox/unknown-outcome.js';
import { readWriteReply } from '../../../../src/sync/outbox/write-reply.js';
import { ok, refused } from '../engine-bench.js';
import { pending } from './pending.js';

describe('the reply to a write', () => {
  it.each([
    [ok({ store_seq: 7 }), { kind: 'committed', storeSeq: 7, response: { store_seq: 7 } }],
    [ok({}), { kind: 'committed', storeSeq: 0, response: {} }],
    [ok({ store_seq: 0 }), { kind: 'committed', storeSeq: 0 }],
    [ok({ store_seq: -1 }), { kind: 'committed', storeSeq: 0 }],
    [ok({ store_seq: 1.5 }), { kind: 'committed', storeSeq: 0 }],
    [ok({ store_seq: '7' }), { kind: 'committed', storeSeq: 0 }],
    [ok([] as never), { kind: 'unreadable' }],
    [refused('rate_limited', { retry_after_ms: 5 }), { kind: 'limited', retryAfter: 5 }],
    [refused('{:writer_unavailable, :timeout}'), { kind: 'unknown' }],
    [refused('unmatched topic'), { kind: 'channelGone' }],
    [refused('fenced'), { kind: 'fenced', response: { reason: 'fenced' } }],
    [refused('conflict'), { kind: 'refused', response: { reason: 'conflict' } }],
  ])('%j is %j', (reply, expected) => {
    expect(readWriteReply(reply)).toMatchObject(expected);
  });
});

describe('what the event of a write tells of its reply', () => {
  const told = (op: CommittedOperation['op'], value: JsonValue) =>
    acknowledgementOf({ storeSeq: 3, op, path: 'a', value, deviceId: null, clientOpId: null });
  const lease = { _type: 'lease', token: 4, expires_at: 9, holder: 'me', more: 1 };

  it.each<[CommittedOperation['op'], JsonValue, object]>([
    ['set', lease, {}],
    ['lease', lease, { token: 4, expires_at: 9, holder: 'me' }],
    ['renew', { token: 4 }, { token: 4, expires_at: null, holder: null }],
    ['lease', { token: 0, expires_at: 0, holder: '' }, { token: 0, expires_at: 0, holder: '' }],
    ['lease', null, {}],
    ['put_file', { hash: 'x' }, { hash: 'x' }],
    ['put_file', { hash: '' }, { hash: '' }],
    ['put_file', {}, { hash: null }],
    ['put_file', null, {}],
  ])('%s of %j', (op, value, more) => {
    const { storeSeq, response } = told(op, value);
    expect([storeSeq, response]).toEqual([3, { store_seq: 3, ...more }]);
    expect(Object.isFrozen(response)).toBe(true);
  });
});

const SET = { op: 'set' } as const;
const COUNT = { op: 'increment' } as const;
const GUARDED = { op: 'set', ifMatch: 1 } as const;
const LEASE = { op: 'lease' } as const;

it.each<[Partial<SyncWrite>, Partial<PendingWrite>, exactlyOnce: boolean, atLeastOnce: boolean]>([
  [SET, {}, true, true],
  [SET, { token: 1, mayBeSkipped: true }, true, true],
  [COUNT, { token: 1 }, true, true],
  [COUNT, { token: 1, mayBeSkipped: true }, false, true],
  [COUNT, {}, false, true],
  [GUARDED, { token: 1 }, true, true],
  [GUARDED, {}, false, false],
  [LEASE, { token: 1 }, true, true],
  [LEASE, {}, false, false],
])('%j that is %j may be sent again: exactly once %s, at least once %s', (write, state, once, least) => {
  const lost = pending(1, write, state);
  expect([mayBeSentAgain(lost, 'exactly-once'), mayBeSentAgain(lost, 'at-least-once')]).toEqual([
    once,
    least,
  ]);
});

it.each<[Partial<PendingWrite>, boolean]>([
  [{ state: 'queued' }, false],
  [{ state: 'queued', isInDoubt: true }, true],
  [{ state: 'inFlight' }, true],
  [{ state: 'unknown' }, true],
  [{ state: 'settled' }, false],
])('a write that is %j may be committed: %s', (state, expected) => {
  expect(mayBeCommitted(pending(1, {}, state))).toBe(expected);
});

it('a write that nothing has happened to was never sent, refused or seen', () => {
  expect(pending(3)).toMatchObject({
    ordinal: 3,
    state: 'queued',
    token: undefined,
    sendNumber: 0,
    sentAt: 0,
    mayBeSkipped: false,
    isInDoubt: false,
    fencedTimes: 0,
    echo: undefined,
    cleanUps: [],
  });
});
