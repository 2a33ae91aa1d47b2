import { Room } from './channel/clients.js';
import { connect, disconnectAll } from './channel/sockets.js';
import type { Running } from './running.js';
import { start, stopAll } from './running.js';

afterEach(async () => {
  disconnectAll();
  await stopAll();
});

const batch = (running: Running, ops: readonly object[], headers: Record<string, string> = {}) =>
  running.ask('POST', '/entries/batch_write', { body: { ops }, headers });

/** A server whose store holds `a` 1 at seq 1 and `tags` at seq 2. */
async function filled(imitate?: '0.1'): Promise<Running> {
  const running = await start({ imitate });
  await running.ask('PUT', '/entries/a', { body: 1 });
  await running.ask('PUT', '/entries/tags', { body: ['x'] });
  return running;
}

test('a batch sets, merges, counts and changes sets, and checks write nothing', async () => {
  const running = await filled();
  const answer = await batch(running, [
    { op: 'check', path: 'a', revision: 1 },
    { op: 'set', path: 'b', value: 1, if_absent: true },
    { op: 'check', path: 'none', revision: 0 },
    { op: 'merge', path: 'm', value: { x: 1, y: { z: 2 } } },
    { op: 'increment', path: 'a', value: 4 },
    { op: 'add', path: 'tags', value: 'y' },
    { op: 'remove', path: 'tags', value: 'x' },
    { op: 'delete', path: 'b' },
  ]);
  expect(answer.json).toEqual({
    ops: [
      ['a', 2],
      ['b', 3],
      ['none', 3],
      ['m', 4],
      ['a', 5],
      ['tags', 6],
      ['tags', 7],
      ['b', 8],
    ].map(([path, seq]) => ({ path, revision: seq, store_seq: seq })),
    store_seq: 8,
    commit: { first: 3, last: 8 },
  });
  const values = [...running.store.getMany(['a', 'm/x', 'm/y/z', 'tags', 'b']).values()];
  expect(values.map(({ path, value, type }) => [path, value, type])).toEqual([
    ['a', 5, 'counter'],
    ['m/x', 1, 'integer'],
    ['m/y/z', 2, 'integer'],
    ['tags', ['y'], 'set'],
  ]);
});

test('a batch of checks alone has the seq before it, and no commit', async () => {
  const running = await filled();
  const answer = await batch(running, [{ op: 'check', path: 'a', revision: 1 }]);
  expect(answer.json).toEqual({ ops: [{ path: 'a', revision: 2, store_seq: 2 }], store_seq: 2 });
  expect(running.store.status().storeSeq).toBe(2);
});

test.each([
  ['exists', { op: 'set', path: 'a', value: 2, if_absent: true }, { current_revision: 1 }],
  ['exists', { op: 'check', path: 'a', revision: 0 }, { current_revision: 1 }],
  ['conflict', { op: 'check', path: 'a', revision: 9 }, { current_revision: 1 }],
  ['conflict', { op: 'check', path: 'none', revision: 1 }, { current_revision: null }],
])('%s: %j says which operation it was, and nothing is written', async (error, op, facts) => {
  const running = await filled();
  const answer = await batch(running, [{ op: 'set', path: 'b', value: 1 }, op]);
  expect([answer.status, answer.json]).toEqual([412, { error, op_index: 1, path: op.path, ...facts }]);
  expect(running.store.status().storeSeq).toBe(2);
});

test.each([
  ['merge_requires_map_value', { op: 'merge', path: 'm', value: 1 }],
  ['increment_requires_number_value', { op: 'increment', path: 'a', value: '1' }],
  ['increment_requires_number_leaf', { op: 'increment', path: 'tags', value: 1 }],
  ['add_requires_value', { op: 'add', path: 'tags', value: null }],
  ['remove_requires_value', { op: 'remove', path: 'tags', value: null }],
  ['invalid_revision', { op: 'check', path: 'a', revision: -1 }],
  ['invalid_revision', { op: 'check', path: 'a', revision: '1' }],
  ['invalid_revision', { op: 'check', path: 'a' }],
  ['if_match_unsupported_op', { op: 'increment', path: 'a', value: 1, if_match: 1 }],
  ['if_absent_unsupported_op', { op: 'merge', path: 'm', value: {}, if_absent: true }],
])('%s: %j is refused, as over the channel', async (error, op) => {
  const running = await filled();
  const answer = await batch(running, [{ op: 'set', path: 'b', value: 1 }, op]);
  expect([answer.status, answer.json]).toEqual([
    400,
    { error, detail: expect.any(String), op_index: 1, path: op.path },
  ]);
  expect(running.store.status().storeSeq).toBe(2);
});

test.each([{ op: 'add', path: 'tags' }, { op: 'lease', path: 'l' }, { path: 'l' }])(
  '%j is refused',
  async (op) => {
    const running = await filled();
    const answer = await batch(running, [op]);
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid_params']);
  },
);

test.each(['merge', 'increment', 'add', 'remove', 'check'])(
  'an imitating server knows no %s in a batch',
  async (op) => {
    const running = await filled('0.1');
    const answer = await batch(running, [{ op, path: 'a', value: 1, revision: 1 }]);
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid_params']);
    expect(running.store.status().storeSeq).toBe(2);
  },
);

test('a batch is broadcast with its commit, live and in a catch-up; a write by itself without one', async () => {
  const running = await filled();
  const client = await connect(running.url);
  await client.join(2);
  const ops = ['b', 'c'].map((path) => ({ op: 'set', path, value: 1 }));
  const heard = client.next(
    ({ 3: event, 4: payload }) => event === 'event' && (payload as any).store_seq === 5,
  );
  await batch(running, ops, { 'x-request-id': 'r' });
  await running.ask('PUT', '/entries/d', { body: 1 });
  await heard;
  const late = await connect(running.url, { device_id: 'late' });
  await late.join(2);
  for (const { heard: frames } of [client, late]) {
    const events = frames.filter(({ 3: event }) => event === 'event').map(({ 4: payload }) => payload as any);
    expect(events.map(({ store_seq, client_op_id, commit }) => [store_seq, client_op_id, commit])).toEqual([
      [3, 'r:0', { first: 3, last: 4 }],
      [4, 'r:1', { first: 3, last: 4 }],
      [5, expect.any(String), undefined],
    ]);
    expect(events.every((event, i) => 'commit' in event === i < 2)).toBe(true);
  }
});

test('without the feature no event tells its commit', async () => {
  const room = new Room({ imitate: ['no-features'] });
  const client = await room.joined();
  const operations = ['b', 'c'].map((path) => ({ op: 'set' as const, path, value: 1 }));
  await room.store.writeBatch({ operations });
  const late = await room.joined('late');
  for (const { seqs, all } of [client, late].map((each) => ({ seqs: each.seqs, all: each.all('event') }))) {
    expect(seqs).toEqual([1, 2]);
    expect(all.some((event) => 'commit' in event)).toBe(false);
  }
});
