import { isJoinReply, pushReplyIn } from '../../../../src/sync/phoenix/replies.js';
import { JOINED } from './scripted-server.js';

it.each([
  [
    { status: 'ok', response: { a: 1 }, more: 2 },
    { status: 'ok', response: { a: 1 } },
  ],
  [
    { status: 'error', response: {} },
    { status: 'error', response: {} },
  ],
  [{ status: 'maybe', response: {} }, undefined],
  [{ response: {} }, undefined],
  [{ status: 'ok' }, undefined],
  [{ status: 'ok', response: null }, undefined],
  [{ status: 'ok', response: [] }, undefined],
  ['ok', undefined],
  [null, undefined],
])('%j is the reply %j', (payload, reply) => {
  expect(pushReplyIn(payload)).toEqual(reply);
});

it.each<[string, unknown, boolean]>([
  ['all that is promised', JOINED, true],
  ['nothing', null, false],
  ['no seq', { ...JOINED, store_seq: undefined }, false],
  ['half a version', { ...JOINED, capver: 1.5 }, false],
  ['no least version', { ...JOINED, capver_min: '3' }, false],
  ['no permissions', { ...JOINED, permissions: [] }, false],
  ['no word on reading', { ...JOINED, permissions: { write: true } }, false],
  ['no word on writing', { ...JOINED, permissions: { read: true, write: 1 } }, false],
  ['no scopes', { ...JOINED, scopes: {} }, false],
  ['no access', { ...JOINED, store_access: null }, false],
])('an answer to a join that says %s', (_what, response, isOne) => {
  expect(isJoinReply(response)).toBe(isOne);
});
