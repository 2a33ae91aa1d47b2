import { Room } from './clients.js';

const brief = ({ store_seq, op, path, value, device_id, client_op_id }: any) => ({
  store_seq,
  op,
  path,
  value,
  device_id,
  client_op_id,
});

test('a path comes back in one operation, and everybody hears of it', async () => {
  const room = new Room();
  const writer = await room.joined('writer');
  const other = await room.joined('other');
  await room.set('notes/a', { title: 'one', tags: ['x'] });
  await room.set('notes/a/title', 'two');
  await room.set('notes/b', 1);
  expect(await writer.ask('rollback', { path: 'notes/a', to_seq: 1 })).toEqual({
    status: 'ok',
    response: { store_seq: 4 },
  });
  expect(brief(other.all('event').at(-1))).toEqual({
    store_seq: 4,
    op: 'set',
    path: 'notes/a',
    value: { title: 'one', tags: ['x'] },
    device_id: 'system:rollback',
    client_op_id: 'rollback:1:notes/a',
  });
  expect(await writer.ask('rollback', { path: 'notes/a', to_seq: 1 })).toEqual({
    status: 'ok',
    response: { noop: true, store_seq: 4 },
  });
  expect(await writer.ask('rollback', { path_segments: ['notes', 'b'], to_seq: 2 })).toEqual({
    status: 'ok',
    response: { store_seq: 5 },
  });
  expect(room.store.get('notes')?.value).toEqual({ a: { title: 'one', tags: ['x'] } });
});

test('the same rollback is made again when things have changed again', async () => {
  const room = new Room();
  const client = await room.joined();
  await room.set('a', 1);
  for (const round of [1, 2]) {
    await room.set('a', 2);
    await client.ask('rollback', { path: 'a', to_seq: 1 });
    expect(room.store.get('a')).toMatchObject({ value: 1, revision: 1 + 2 * round });
  }
});

test('a whole store comes back operation by operation, heard by all but as a 0.1 server', async () => {
  for (const imitate of [undefined, '0.1'] as const) {
    const room = new Room({ imitate });
    const client = await room.joined();
    await room.set('a', 1);
    await room.set('b', 2);
    await room.set('a', 3);
    await room.store.write({ op: 'delete', path: 'b' });
    await room.set('c', 4);
    expect(await client.ask('rollback', { to_seq: 2 })).toEqual({
      status: 'ok',
      response: { ops_written: 3 },
    });
    expect(room.store.list({ pattern: '**' }).items.map(({ path, value }) => [path, value])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    const heard = imitate === undefined ? [6, 7, 8] : [];
    expect(client.seqs.filter((seq) => seq > 5)).toEqual(heard);
    const late = await room.joined('late');
    expect(late.all('event').slice(-3).map(brief)).toEqual([
      { store_seq: 6, op: 'delete', path: 'c', value: null, ...by('rollback:2:c') },
      { store_seq: 7, op: 'set', path: 'a', value: 1, ...by('rollback:2:a') },
      { store_seq: 8, op: 'set', path: 'b', value: 2, ...by('rollback:2:b') },
    ]);
  }
});

const by = (client_op_id: string) => ({ device_id: 'system:rollback', client_op_id });

test.each([
  [{ to_seq: 9 }, 'invalid_seq'],
  [{ to_seq: -1 }, 'invalid_to_seq'],
  [{ to_seq: '1' }, 'invalid_to_seq'],
  [{}, 'invalid_to_seq'],
  [{ path: 'a//b', to_seq: 1 }, 'empty_segment'],
  [{ to_seq: 1 }, 'seq_not_kept'],
])('%j is refused: %s', async (payload, reason) => {
  const room = new Room();
  const client = await room.joined();
  await room.fill(3);
  await room.store.compact({ keep: 2 });
  expect((await client.ask('rollback', payload)).response).toEqual({ reason });
  expect(room.store.status().storeSeq).toBe(3);
});
