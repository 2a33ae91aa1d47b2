import type { JsonValue } from '../../../src/protocol/values/value.js';

export const FUZZED_STORE = 'acme/fuzzed';
export const CANARY_STORE = 'acme/canary';

const TOPIC = `store:${FUZZED_STORE}`;

function write(payload: JsonValue): JsonValue {
  return ['1', '7', TOPIC, 'write', payload];
}

/** One of each message that a client sends. */
export const CLIENT_FRAMES: readonly JsonValue[] = [
  ['1', '1', TOPIC, 'phx_join', { last_store_seq: 0 }],
  ['1', '2', TOPIC, 'phx_leave', {}],
  [null, '3', 'phoenix', 'heartbeat', {}],
  ['1', '4', TOPIC, 'status', {}],
  ['1', '5', TOPIC, 'ack_seq', { seq: 3 }],
  ['1', '6', TOPIC, 'rollback', { to_seq: 1 }],
  ['1', '6', TOPIC, 'rollback', { to_seq: 1, path: 'a' }],
  [
    ...['1', '7', TOPIC, 'put_file'],
    { path: 'a/file', content: 'AAEC', filename: 'a.bin', content_type: 'image/png', client_op_id: 'f' },
  ],
  write({ op: 'set', path: 'a/b', path_segments: ['a', 'b'], value: 'text', client_op_id: 'c1' }),
  write({ op: 'set', path: 'a/b', value: { x: 1, y: { z: [1, 2] } }, client_op_id: 'c2', if_match: 3 }),
  write({ op: 'set', path: 'a/c', value: 2.5, client_op_id: 'c3', if_absent: true }),
  write({ op: 'merge', path: 'a', value: { d: true, e: null }, client_op_id: 'c4' }),
  write({ op: 'delete', path: 'a/b', client_op_id: 'c5' }),
  write({ op: 'increment', path: 'a/n', value: 5, client_op_id: 'c6' }),
  write({ op: 'add', path: 'a/s', value: 'one', client_op_id: 'c7' }),
  write({ op: 'remove', path: 'a/s', value: 'one', client_op_id: 'c8' }),
  write({ op: 'lease', path: 'a/l', ttl_ms: 1000, holder: 'me', client_op_id: 'c9' }),
  write({ op: 'renew', path: 'a/l', ttl_ms: 1000, token: 1, client_op_id: 'c10' }),
  write({ op: 'release', path: 'a/l', token: 1, client_op_id: 'c11' }),
  write({ op: 'set', path: 'a/q', value: 1, client_op_id: 'c12', fence: { key: 'a/l', token: 1 } }),
];

/** One of each message that a server sends. `$join` and `$last` stand for the references that a client is using. */
export const SERVER_FRAMES: readonly JsonValue[] = [
  [null, null, TOPIC, 'event', event(1, 'set', 'a/b', 'text')],
  [null, null, TOPIC, 'event', event(2, 'set', 'a', { b: 1, c: { d: [1] } })],
  [null, null, TOPIC, 'event', event(3, 'merge', 'a', { e: { _type: 'decimal', _typed: '1.50' } })],
  [null, null, TOPIC, 'event', event(4, 'delete', 'a/b', null)],
  [null, null, TOPIC, 'event', event(5, 'increment', 'a/n', 7)],
  [null, null, TOPIC, 'event', event(6, 'add', 'a/s', ['one'])],
  [null, null, TOPIC, 'event', event(3, 'lease', 'a/l', { _type: 'lease', token: 1, holder: 'me' })],
  ['$join', null, TOPIC, 'catch_up_complete', { through_seq: 6 }],
  ['$join', null, TOPIC, 'catch_up_complete', { through_seq: 0 }],
  [
    ...['$join', null, TOPIC, 'snapshot'],
    {
      snapshot_seq: 3,
      entries: {
        'a/b': { value: { _scalar: 'text' }, type: 'string' },
        'a/c': { value: 1, type: 'integer' },
      },
    },
  ],
  ['$join', '$last', TOPIC, 'phx_reply', { status: 'ok', response: { store_seq: 4 } }],
  ['$join', '$last', TOPIC, 'phx_reply', { status: 'error', response: { reason: 'rate_limited' } }],
  ['$join', '$join', TOPIC, 'phx_error', {}],
  ['$join', '$join', TOPIC, 'phx_close', {}],
];

/** The answer to a join that every client can live with. */
export const JOIN_REPLY: JsonValue = {
  status: 'ok',
  response: {
    store_seq: 6,
    capver: 3,
    capver_min: 3,
    permissions: { read: true, write: true },
    scopes: ['entries:read', 'entries:write'],
    store_access: { mode: 'all', store_ids: [] },
  },
};

function event(seq: number, op: string, path: string, value: JsonValue): JsonValue {
  return {
    ...{ store_seq: seq, op, path, path_segments: path.split('/'), value },
    ...{ device_id: 'dev_b', client_op_id: `op-${seq}` },
  };
}
