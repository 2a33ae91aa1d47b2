import { FEATURES } from '../../../../src/protocol/wire/features.js';
import type { Scope } from '../../../../src/server/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { NAME, Room, TOPIC } from './clients.js';

const READER = 'a-token-that-only-reads';
const WRITER = 'a-token-that-only-writes';
const OTHER = 'a-token-of-another-store';

const withTokens = () =>
  new Room({
    tokens: [
      { token: READER, scopes: ['files:read', 'entries:read'] },
      { token: WRITER, scopes: ['entries:write'] },
      { token: OTHER, stores: ['acme/other', NAME] },
    ],
  });

test('a join says where the store stands and what the token may do', async () => {
  const room = withTokens();
  await room.fill(2);
  const reader = room.client('dev', READER);
  expect(reader.replyTo(reader.join(2))).toEqual({
    status: 'ok',
    response: {
      store_seq: 2,
      capver: 3,
      capver_min: 3,
      permissions: { read: true, write: false },
      scopes: ['entries:read', 'files:read'],
      store_access: { mode: 'all', store_ids: [] },
      features: FEATURES,
    },
  });
  const other = room.client('dev', OTHER);
  expect(other.replyTo(other.join()).response).toMatchObject({
    permissions: { read: true, write: true },
    store_access: { mode: 'selected', store_ids: ['acme/other', NAME] },
  });
});

test.each([{}, { last_store_seq: null }, { last_store_seq: '0' }, { last_store_seq: -1 }, [], null])(
  'a join with %j crashes',
  (payload) => {
    const client = new Room().client();
    client.session.receive(['1', '1', TOPIC, 'phx_join', payload]);
    expect(client.heard).toEqual([
      ['1', '1', TOPIC, 'phx_reply', { status: 'error', response: { reason: 'join crashed' } }],
    ]);
  },
);

test('a store that is closed cannot be joined', async () => {
  const room = new Room();
  const client = room.client();
  await room.store.close();
  expect(client.replyTo(client.join())).toEqual({ status: 'error', response: { reason: 'join crashed' } });
});

test('a token without the scope to read does not join', () => {
  const client = withTokens().client('dev', WRITER);
  expect(client.replyTo(client.join())).toMatchObject({
    status: 'error',
    response: { reason: 'missing_scope', scope: 'entries:read' satisfies Scope },
  });
});

test('which stores there are is not told to whom they are closed', () => {
  const room = withTokens();
  const client = room.client('dev', OTHER);
  const reasonAt = (topic: string) => client.replyTo(client.join(0, topic)).response.reason;
  expect(reasonAt('store:acme/nowhere')).toBe('store_not_allowed');
  expect(reasonAt('store:acme/other')).toBe('unauthorized');
});

test('what is no topic of a store has nobody to join', () => {
  const client = new Room().client();
  const ref = client.join(0, 'room:lobby');
  expect(client.heard).toEqual([
    [null, ref, 'room:lobby', 'phx_reply', { status: 'error', response: { reason: 'unmatched topic' } }],
  ]);
});

test('leaving is answered after what was asked before, and closes the channel', async () => {
  const room = new Room();
  const client = await room.joined();
  client.heard.length = 0;
  client.push('write', { op: 'set', path: 'a', value: 1, client_op_id: 'x' });
  client.push('phx_leave');
  client.push('status');
  await room.caughtUp();
  expect(client.heard.map(([joinRef, ref, , event]) => [joinRef, ref, event])).toEqual([
    [null, null, 'event'],
    ['1', '2', 'phx_reply'],
    ['1', '3', 'phx_reply'],
    ['1', '1', 'phx_close'],
  ]);
  expect((await client.ask('status')).response.reason).toBe('unmatched topic');
  await room.set('b', 2);
  expect(client.seqs).toEqual([1]);
});

test('leaving what nobody joined is no error', () => {
  const client = new Room().client();
  const ref = client.push('phx_leave');
  expect(client.replyTo(ref)).toEqual({ status: 'ok', response: {} });
});

describe('a second join', () => {
  test('replaces the first, and only its events come', async () => {
    const room = new Room();
    await room.fill(1);
    const client = await room.joined();
    client.heard.length = 0;
    const ref = client.join(0);
    await room.caughtUp();
    await room.set('live', 1);
    expect(client.heard.map(([joinRef, own, , event]) => [joinRef, own, event])).toEqual([
      [ref, ref, 'phx_reply'],
      ['1', '1', 'phx_close'],
      [ref, null, 'event'],
      [ref, null, 'catch_up_complete'],
      [null, null, 'event'],
    ]);
  });

  test('ends a catch-up under way', async () => {
    const room = new Room();
    await room.fill(1001);
    const client = room.client();
    client.join(0);
    await room.page();
    client.join(1001);
    await room.caughtUp();
    expect(client.seqs).toHaveLength(1000);
    expect(client.all('catch_up_complete')).toEqual([{ through_seq: 1001 }]);
  });

  test('drops the writes that were not begun, without a word (PROTOCOL §5.10)', async () => {
    const room = new Room();
    const client = await room.joined();
    client.holdsMessages = true;
    const dropped = client.push('write', { op: 'set', path: 'a', value: 1, client_op_id: 'x' });
    client.join(0);
    client.takeUp();
    await room.caughtUp();
    expect(client.replyTo(dropped)).toBeUndefined();
    expect(room.store.exists('a')).toBe(false);
  });

  test('that is refused ends the first all the same', async () => {
    const room = new Room();
    const client = await room.joined();
    client.heard.length = 0;
    const ref = client.join('nonsense');
    expect(client.heard.map(([joinRef, own, , event]) => [joinRef, own, event])).toEqual([
      [ref, ref, 'phx_reply'],
      ['1', '1', 'phx_close'],
    ]);
    expect((await client.ask('status')).response.reason).toBe('unmatched topic');
  });
});

test('one connection joins several stores, each for itself', async () => {
  const one = new Store({ storage: createMemoryStorage() });
  const two = new Store({ storage: createMemoryStorage() });
  const room = new Room({ stores: { 'acme/one': one, 'acme/two': two } });
  const client = room.client();
  client.join(0, 'store:acme/one');
  client.join(0, 'store:acme/two');
  await room.caughtUp();
  await two.write({ op: 'set', path: 'a', value: 2 });
  await one.write({ op: 'set', path: 'a', value: 1 });
  const heard = client.heard.filter(([, , , event]) => event === 'event');
  expect(heard.map(([, , topic, , payload]) => [topic, (payload as any).value])).toEqual([
    ['store:acme/two', 2],
    ['store:acme/one', 1],
  ]);
});

test('a connection that is gone hears nothing more, and what it sent is still done (PROTOCOL §5.5)', async () => {
  const room = new Room();
  const client = await room.joined();
  client.holdsMessages = true;
  const ref = client.push('write', { op: 'set', path: 'a', value: 1, client_op_id: 'x' });
  client.session.close();
  client.takeUp();
  await room.caughtUp();
  expect(room.store.get('a')?.value).toBe(1);
  expect(client.replyTo(ref)).toBeUndefined();
  expect(client.seqs).toEqual([]);
});

test('what was sent during a catch-up that is cut off is still done, and the catch-up is not', async () => {
  const room = new Room();
  await room.fill(1);
  const client = room.client();
  client.join(0);
  client.push('write', { op: 'set', path: 'a', value: 1, client_op_id: 'x' });
  client.session.close();
  expect(room.store.get('a')?.value).toBe(1);
  const log = jest.spyOn(room.store, 'log');
  await room.caughtUp();
  expect(log).not.toHaveBeenCalled();
  expect(client.seqs).toEqual([]);
});

test('a silent client is cut off after sixty seconds, and one that beats is not', async () => {
  const room = new Room();
  const silent = await room.joined('silent');
  const beating = await room.joined('beating');
  await room.clock.advance(59_999);
  beating.session.receive([null, 'h', 'phoenix', 'heartbeat', {}]);
  expect([silent.ended, beating.ended]).toEqual([false, false]);
  await room.clock.advance(1);
  expect([silent.ended, beating.ended]).toEqual([true, false]);
  await room.clock.advance(59_998);
  expect(beating.ended).toBe(false);
  await room.clock.advance(1);
  expect(beating.ended).toBe(true);
  expect(room.clock.pending).toBe(0);
});

test('a closed session leaves no timer and no watch behind', async () => {
  const room = new Room();
  const client = await room.joined();
  client.session.close();
  client.session.close();
  expect(room.clock.pending).toBe(0);
  await room.set('a', 1);
  expect(client.seqs).toEqual([]);
  client.session.receive(['1', '9', TOPIC, 'status', {}]);
  expect(client.replyTo('9')).toBeUndefined();
  expect(client.ended).toBe(false);
});

test('more unanswered messages than anyone should send end the connection', async () => {
  const room = new Room();
  const client = room.client();
  client.join(0);
  for (let i = 0; i < 10_000; i++) client.push('status');
  expect(client.ended).toBe(false);
  client.push('status');
  expect(client.ended).toBe(true);
});
