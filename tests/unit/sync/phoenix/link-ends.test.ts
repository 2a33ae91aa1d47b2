import { DustError } from '../../../../src/errors.js';
import type { LinkEnd } from '../../../../src/sync/connection/link.js';
import { joinFailed } from '../../../../src/sync/phoenix/errors.js';
import {
  channelEnded,
  connectFailed,
  endOf,
  isMessageTooLong,
  joinRefused,
  unreadable,
} from '../../../../src/sync/phoenix/link-ends.js';
import type { SocketFault } from '../../../../src/sync/phoenix/web-socket-transport.js';

const failure = (code: string): SocketFault => ({
  kind: 'error',
  error: Object.assign(new Error('connect wss://host/?token=dust_tok_x'), { code }),
});
const answered = (status: number, isOfProxy = false): SocketFault => ({ kind: 'upgrade', status, isOfProxy });

it.each<[SocketFault, string | undefined, Partial<LinkEnd>]>([
  [answered(401), undefined, { kind: 'refused', reason: 'upgrade_refused', status: 401 }],
  [answered(403), 'p:1', { kind: 'refused', reason: 'upgrade_refused', status: 403 }],
  [answered(500), undefined, { kind: 'lost', reason: 'the server answered 500 instead of opening a socket' }],
  [
    answered(403, true),
    'p:1',
    { kind: 'lost', reason: 'p:1 answered 403 instead of opening the way to the server', detail: 'proxy' },
  ],
  [
    answered(407, true),
    undefined,
    {
      kind: 'lost',
      reason: 'a proxy answered 407 instead of opening the way to the server',
      detail: 'proxy',
    },
  ],
  [{ kind: 'close', code: 1006 }, 'p:1', { kind: 'lost', reason: 'the connection was closed (code 1006)' }],
  [{ kind: 'heartbeat' }, 'p:1', { kind: 'lost', reason: 'the server did not answer a heartbeat' }],
  [failure('ECONNREFUSED'), undefined, { kind: 'lost', reason: 'the connection failed (ECONNREFUSED)' }],
  [
    failure('EHOSTUNREACH'),
    'p:1',
    {
      kind: 'lost',
      reason: 'the connection failed (EHOSTUNREACH) on its way through p:1',
      detail: 'proxy',
    },
  ],
  [
    failure('ECONNRESET'),
    'p:1',
    { kind: 'lost', reason: 'the connection failed (ECONNRESET) on its way through p:1' },
  ],
  [
    { kind: 'error', error: new Error('Opening handshake has timed out') },
    undefined,
    { kind: 'lost', reason: 'the connection failed (ETIMEDOUT)' },
  ],
  [
    { kind: 'error', error: Object.assign(new TypeError('no'), { code: 5 }) },
    undefined,
    { kind: 'lost', reason: 'the connection failed (TypeError)' },
  ],
])('%j by way of %s ends a link so', (fault, proxy, end) => {
  expect(endOf(fault, proxy)).toEqual(end);
});

it.each(['ERR_SSL_WRONG_VERSION_NUMBER', 'EPROTO'])('%s is said to be a question of TLS', (code) => {
  expect(endOf(failure(code)).reason).toMatch(/check that the port speaks TLS/);
});

it('a message is too long when the server closes for that', () => {
  const faults: SocketFault[] = [
    { kind: 'close', code: 1009 },
    { kind: 'close', code: 1008 },
    { kind: 'heartbeat' },
  ];
  expect(faults.map(isMessageTooLong)).toEqual([true, false, false]);
});

it.each<[LinkEnd, LinkEnd]>([
  [joinRefused('missing_scope'), { kind: 'refused', reason: 'missing_scope' }],
  [joinRefused('join crashed'), { kind: 'lost', reason: 'the join failed (join crashed)' }],
  [channelEnded('phx_close'), { kind: 'lost', reason: 'the server ended the channel (phx_close)' }],
  [
    channelEnded('phx_error'),
    { kind: 'lost', reason: 'the server ended the channel (phx_error)', isCrash: true },
  ],
  [unreadable(new Error('no frame')), { kind: 'lost', reason: 'no frame' }],
  [unreadable('no frame'), { kind: 'lost', reason: 'the server sent what is no message' }],
  [connectFailed(new DustError('timeout', 'no token')), { kind: 'lost', reason: 'no token' }],
  [
    connectFailed(new SyntaxError('Invalid URL: ws://host/?token=dust_tok_x')),
    { kind: 'lost', reason: 'no connection could be begun (SyntaxError)' },
  ],
  [connectFailed('dust_tok_x'), { kind: 'lost', reason: 'no connection could be begun (unknown)' }],
])('%j', (end, expected) => {
  expect(end).toEqual(expected);
});

it.each([
  ['the folder of its owner is gone', new DustError('storage', 'gone', { detail: 'gone' }), 'refused'],
  ['that folder cannot be read now', new DustError('storage', 'unread', { detail: 'unreadable' }), 'lost'],
  ['something else is gone', new DustError('network', 'gone', { detail: 'gone' }), 'lost'],
])('a link whose way cannot be opened as %s is refused for good, or lost', (_, error, kind) => {
  const end = kind === 'refused' ? { kind, reason: error.message, error } : { kind, reason: error.message };
  expect(connectFailed(error)).toEqual(end);
  expect(endOf({ kind: 'error', error }, 'p:1')).toEqual(end);
});

it('a join fails with what its link ended with', () => {
  const error = new DustError('storage', 'gone', { detail: 'gone' });
  expect(joinFailed({ kind: 'refused', reason: 'gone', error })).toBe(error);
  expect(joinFailed({ kind: 'lost', reason: 'gone' })).toMatchObject({
    ...{ kind: 'network', detail: 'link_lost', message: 'The store was not joined: gone.' },
  });
  expect(joinFailed({ kind: 'refused', reason: 'missing_scope' })).toMatchObject({
    kind: 'unauthorized',
    detail: 'missing_scope',
  });
});
