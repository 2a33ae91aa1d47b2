import { Room, TOPIC } from './clients.js';

/** 1, 2, 3 … up to `last`. */
const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

test('operations come in pages of a thousand, and others get their turn in between', async () => {
  const room = new Room();
  await room.fill(2500);
  const client = room.client();
  client.join(0);
  expect(client.seqs).toEqual([]);
  await room.page();
  expect(client.seqs).toEqual(upTo(1000));
  await room.page();
  expect(client.seqs).toEqual(upTo(2000));
  expect(client.all('catch_up_complete')).toEqual([]);
  await room.page();
  expect(client.seqs).toEqual(upTo(2500));
  expect(client.all('catch_up_complete')).toEqual([{ through_seq: 2500 }]);
  expect(room.pages).toEqual([]);
});

test('what is written during a catch-up is told once, in its place', async () => {
  const room = new Room();
  await room.fill(1500);
  const client = room.client();
  client.join(0);
  await room.set('live', 'before the first page');
  await room.page();
  await room.set('live', 'between the pages');
  await room.page();
  await room.set('live', 'after the last page');
  expect(client.seqs).toEqual(upTo(1503));
  expect(client.all('catch_up_complete')).toEqual([{ through_seq: 1502 }]);
  expect(client.heard.at(-1)?.slice(0, 2)).toEqual([null, null]);
  expect(client.heard.at(-2)).toEqual(['1', null, TOPIC, 'catch_up_complete', { through_seq: 1502 }]);
});

test('what is in the log and not yet announced when the catch-up ends is told once', async () => {
  const room = new Room();
  const client = room.client();
  client.join(0);
  const writing = room.set('a', 1);
  const next = room.pages.shift();
  next?.();
  expect(client.all('catch_up_complete')).toEqual([{ through_seq: 1 }]);
  await writing;
  expect(client.seqs).toEqual([1]);
});

test('messages wait for the end of the catch-up, and are then taken in their order', async () => {
  const room = new Room();
  await room.fill(1001);
  const client = room.client();
  client.join(0);
  const first = client.push('write', { op: 'set', path: 'a', value: 1, client_op_id: 'x' });
  await room.page();
  const second = client.push('write', { op: 'set', path: 'a', value: 2, client_op_id: 'y' });
  expect(room.store.exists('a')).toBe(false);
  await room.page();
  expect(client.heard.slice(-5).map(([, ref, , event]) => [ref, event])).toEqual([
    [null, 'catch_up_complete'],
    [null, 'event'],
    [null, 'event'],
    [first, 'phx_reply'],
    [second, 'phx_reply'],
  ]);
  expect(room.store.get('a')?.value).toBe(2);
});

test('who is ahead of the store is told its own number, and hears what follows (PROTOCOL §5.7)', async () => {
  const room = new Room();
  await room.fill(3);
  const client = room.client();
  expect(client.replyTo(client.join(99)).response.store_seq).toBe(3);
  await room.caughtUp();
  expect(client.all('catch_up_complete')).toEqual([{ through_seq: 99 }]);
  await room.set('live', 1);
  expect(client.seqs).toEqual([4]);
});

test('a page that ends with the log is the last one', async () => {
  const room = new Room();
  await room.fill(1000);
  const client = room.client();
  client.join(0);
  await room.page();
  expect(client.all('catch_up_complete')).toEqual([{ through_seq: 1000 }]);
});

test('a page ends early when too much waits to be sent, and goes on where it ended', async () => {
  const room = new Room();
  await room.fill(3);
  const client = room.client();
  client.isCongested = true;
  client.join(0);
  await room.page();
  expect(client.seqs).toEqual([1]);
  await room.set('live', 1);
  await room.store.compact({ keep: 0 });
  client.isCongested = false;
  await room.caughtUp();
  expect(client.seqs).toEqual([1, 2, 3]);
  expect(client.all('snapshot').map(({ snapshot_seq }) => snapshot_seq)).toEqual([4]);
  expect(client.all('catch_up_complete')).toEqual([{ through_seq: 4 }]);
});

describe('snapshots', () => {
  test('stand in place of what they hold, with everything wrapped but envelopes', async () => {
    const room = new Room();
    await room.set('a', { text: 't', list: [1, { b: 2 }], none: null, ['__proto__x']: true });
    await room.store.write({ op: 'increment', path: 'count', value: 2 });
    await room.store.write({ op: 'add', path: 'set', value: 'm' });
    await room.store.lease({ path: 'lease', holder: 'me' });
    await room.set('money', { _type: 'decimal', _typed: '1.5' });
    await room.store.compact({ keep: 0 });
    await room.set('after', 1);
    const client = room.client();
    client.join(0);
    await room.caughtUp();
    expect(client.all('snapshot')).toEqual([
      {
        snapshot_seq: 5,
        entries: {
          'a/text': { type: 'string', value: { _scalar: 't' } },
          'a/list': { type: 'string', value: { _scalar: [1, { b: 2 }] } },
          'a/none': { type: 'null', value: { _scalar: null } },
          'a/__proto__x': { type: 'boolean', value: { _scalar: true } },
          count: { type: 'counter', value: { _scalar: 2 } },
          set: { type: 'set', value: { _scalar: ['m'] } },
          lease: {
            type: 'lease',
            value: { _type: 'lease', token: 4, holder: 'me', expires_at: expect.any(Number) },
          },
          money: { type: 'map', value: { _type: 'decimal', _typed: '1.5' } },
        },
      },
    ]);
    expect(client.seqs).toEqual([6]);
    expect(client.all('catch_up_complete')).toEqual([{ through_seq: 6 }]);
  });

  test.each([
    ['newer than what the client has seen: sent, even where the log reaches back', 4, 1],
    ['no newer: not sent', 5, 0],
  ])('%s', async (_, lastStoreSeq, snapshots) => {
    const room = new Room();
    await room.fill(5);
    await room.store.compact({ keep: 5 });
    await room.fill(1, 'after');
    const client = room.client();
    client.join(lastStoreSeq);
    await room.caughtUp();
    expect(client.all('snapshot')).toHaveLength(snapshots);
    expect(client.seqs).toEqual([6]);
  });

  test('a compaction in the middle of a catch-up costs nothing where the log reaches back', async () => {
    const room = new Room();
    await room.fill(1500);
    const client = room.client();
    client.join(0);
    await room.page();
    await room.store.compact({ keep: 500 });
    await room.page();
    expect(client.all('snapshot')).toEqual([]);
    expect(client.seqs).toEqual(upTo(1500));
  });

  test('one that takes away what was to come is made up for by a snapshot', async () => {
    const room = new Room();
    await room.fill(1500);
    const client = room.client();
    client.join(0);
    await room.page();
    await room.store.compact({ keep: 499 });
    await room.set('after', 1);
    await room.page();
    expect(client.all('snapshot').map(({ snapshot_seq }) => snapshot_seq)).toEqual([1500]);
    expect(client.seqs).toEqual([...upTo(1000), 1501]);
    expect(client.all('catch_up_complete')).toEqual([{ through_seq: 1501 }]);
  });
});

test('decimals and moments are bare values in a catch-up, and envelopes live (PROTOCOL §1)', async () => {
  const room = new Room();
  const live = await room.joined();
  await room.set('money', { _type: 'decimal', _typed: '1.5' });
  const late = await room.joined('late');
  expect(live.all('event')[0].value).toEqual({ _type: 'decimal', _typed: '1.5' });
  expect(late.all('event')[0].value).toBe('1.5');
});

test('a store that closes under a catch-up ends the channel, not the server', async () => {
  const room = new Room();
  await room.fill(1001);
  const client = room.client();
  client.join(0);
  await room.page();
  await room.store.close();
  await room.page();
  expect(client.heard.at(-1)).toEqual(['1', '1', TOPIC, 'phx_error', {}]);
  expect(room.logged).toEqual([]);
});

describe('as a 0.1 server', () => {
  test('live events come before the pages they follow, and again inside them (PROTOCOL §5.2)', async () => {
    const room = new Room({ imitate: '0.1' });
    await room.fill(1001);
    const client = room.client();
    client.join(0);
    await room.set('live', 1);
    await room.page();
    await room.set('live', 2);
    await room.page();
    expect(client.seqs).toEqual([1002, ...upTo(1000), 1003, ...upTo(1003, 1001)]);
    expect(client.all('catch_up_complete')).toEqual([{ through_seq: 1003 }]);
  });

  /** As in PROTOCOL §5.8: live 2, 10, 11. */
  async function countAndSet(room: Room): Promise<void> {
    await room.store.write({ op: 'increment', path: 'n', value: 2 });
    await room.set('n', 10);
    await room.store.write({ op: 'increment', path: 'n', value: 1 });
    await room.store.write({ op: 'add', path: 's', value: 'a' });
    await room.store.write({ op: 'delete', path: 's' });
    await room.store.write({ op: 'add', path: 's', value: 'b' });
    await room.store.write({ op: 'remove', path: 's', value: 'a' });
  }

  const told = [
    [1, 2],
    [2, 10],
    [3, 3],
    [4, ['a']],
    [5, null],
    [6, ['b', 'a']],
    [7, ['b', 'a']],
  ];

  test('totals and sets ignore what else their page does to them (PROTOCOL §5.8)', async () => {
    const room = new Room({ imitate: '0.1' });
    await countAndSet(room);
    const client = await room.joined();
    expect(client.all('event').map(({ store_seq, value }) => [store_seq, value])).toEqual(told);
  });

  test('a page begins with the true state before it', async () => {
    const room = new Room({ imitate: '0.1' });
    await countAndSet(room);
    const client = room.client();
    client.join(2);
    await room.caughtUp();
    expect(client.all('event').map(({ value }) => value)).toEqual([11, ['a'], null, ['b', 'a'], ['b', 'a']]);
    const paged = new Room({ imitate: '0.1' });
    await countAndSet(paged);
    await paged.fill(998);
    await paged.store.write({ op: 'increment', path: 'n', value: 5 });
    const reader = await paged.joined();
    expect(reader.all('event').at(-1)).toMatchObject({ store_seq: 1006, value: 16 });
  });

  test('and with the snapshot behind a compaction', async () => {
    const room = new Room({ imitate: '0.1' });
    await countAndSet(room);
    await room.store.compact({ keep: 0 });
    await room.store.write({ op: 'increment', path: 'n', value: 5 });
    const client = await room.joined();
    expect(client.all('event').map(({ value }) => value)).toEqual([16]);
    const ahead = room.client();
    ahead.join(50);
    await room.caughtUp();
    expect(ahead.all('catch_up_complete')).toEqual([{ through_seq: 50 }]);
  });

  test('and with the snapshot of a compaction in the middle', async () => {
    const room = new Room({ imitate: '0.1' });
    await room.store.write({ op: 'increment', path: 'n', value: 5 });
    await room.fill(1000);
    const client = room.client();
    client.join(0);
    await room.page();
    await room.set('n', 100);
    await room.store.compact({ keep: 0 });
    await room.set('n', 7);
    await room.store.write({ op: 'increment', path: 'n', value: 1 });
    await room.caughtUp();
    expect(client.heard.filter(([joinRef]) => joinRef !== null).at(-2)?.[4]).toMatchObject({ value: 101 });
  });

  test('without imitation totals and sets are right', async () => {
    const room = new Room();
    await countAndSet(room);
    const client = await room.joined();
    expect(client.all('event').map(({ value }) => value)).toEqual([2, 10, 11, ['a'], null, ['b'], ['b']]);
  });
});
