import { DustError } from '../../../../src/errors.js';
import { Connection } from '../../../../src/sync/connection/connection.js';
import type { LinkEnd, Linker } from '../../../../src/sync/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { FakeLink, calm, ok } from '../engine-bench.js';

const PUSH_TIMEOUT = 5000;

let clock: TestClock;
let link: FakeLink;
let ends: LinkEnd[];
let connection: Connection;

beforeEach(() => {
  clock = new TestClock(0);
  ends = [];
  const linker: Linker = { open: (handlers) => (link = new FakeLink(handlers)) };
  const handlers = {
    onJoined: () => undefined,
    onMessage: () => undefined,
    onEnd: (end: LinkEnd) => void ends.push(end),
  };
  connection = new Connection({ linker, clock, pushTimeout: PUSH_TIMEOUT, handlers }, 0);
});

afterEach(() => {
  connection.close();
  expect(clock.pending).toBe(0);
});

async function join(): Promise<void> {
  link.accept(3);
  await calm();
}

describe('a connection that catches up', () => {
  it('is lost when nothing is heard for as long as a reply may take', async () => {
    await join();
    await clock.advance(PUSH_TIMEOUT - 1);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect(ends).toEqual([{ kind: 'lost', reason: 'nothing was heard of the catch-up for 5000 ms' }]);
    expect([link.isClosed, connection.isOpen]).toEqual([true, false]);
  });

  it('stays for as long as something is heard now and then, however long it takes', async () => {
    await join();
    for (let seq = 1; seq <= 3; seq++) {
      await clock.advance(PUSH_TIMEOUT - 1);
      link.event(seq, 'set', 'a', seq);
    }
    expect(ends).toEqual([]);
    await clock.advance(PUSH_TIMEOUT - 1);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect(ends).toHaveLength(1);
  });

  it('is lost no sooner than that, however little is left of it', async () => {
    await clock.advance(1);
    await join();
    await clock.advance(1);
    link.event(1, 'set', 'a', 1);
    await clock.advance(PUSH_TIMEOUT - 1);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect(ends).toHaveLength(1);
  });

  it('may be silent afterwards', async () => {
    await join();
    link.complete(3);
    await clock.advance(100 * PUSH_TIMEOUT);
    expect(ends).toEqual([]);
  });

  it('may be silent when the end of the catch-up came together with the reply to the join', async () => {
    link.accept(3);
    link.complete(3);
    await calm();
    await clock.advance(100 * PUSH_TIMEOUT);
    expect(ends).toEqual([]);
  });
});

describe('a connection', () => {
  it('counts no time for a push that is answered, and hears of the server in the answer', async () => {
    await join();
    link.complete(3);
    const replies: unknown[] = [];
    connection.push('status', {}, ({ response }) => replies.push(response));
    expect(clock.pending).toBe(1);
    await clock.advance(PUSH_TIMEOUT - 1);
    link.pushes[0]!.reply(ok({ current_seq: 3 }));
    await calm();
    expect([replies, connection.lastTraffic, clock.pending]).toEqual([
      [{ current_seq: 3 }],
      PUSH_TIMEOUT - 1,
      0,
    ]);
  });

  it('hears of the server in the answer to its join', async () => {
    await clock.advance(100);
    await join();
    expect(connection.lastTraffic).toBe(100);
  });

  it('holds its link back while it lasts', () => {
    connection.hold(true);
    connection.hold(false);
    connection.close();
    connection.hold(true);
    expect(link.held).toEqual([true, false]);
  });

  it('is lost when the server says more before it answers the join than there is room for', async () => {
    for (let seq = 1; seq <= 10_000; seq++) link.event(seq, 'set', 'a', seq);
    expect(ends).toEqual([]);
    link.event(10_001, 'set', 'a', 1);
    expect(ends).toEqual([{ kind: 'lost', reason: 'the server said too much before it answered the join' }]);
  });

  it('is lost when that is more bytes than there is room for', () => {
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let seq = 1; seq <= 15; seq++) link.event(seq, 'set', 'a', megabyte);
    expect(ends).toEqual([]);
    link.event(16, 'set', 'a', megabyte);
    expect(ends).toHaveLength(1);
  });

  it('is lost when the join is not answered', async () => {
    await clock.advance(PUSH_TIMEOUT);
    expect(ends).toEqual([{ kind: 'lost', reason: 'no reply to join within 5000 ms' }]);
  });

  it('is lost when its join is answered with what is no answer', async () => {
    link.accept(-1);
    await calm();
    expect(ends).toEqual([{ kind: 'lost', reason: expect.any(String) }]);
    expect(link.isClosed).toBe(true);
  });

  it('is lost when a push cannot be sent', async () => {
    await join();
    link.push = () => Promise.reject(new Error('not encodable'));
    const replies: unknown[] = [];
    connection.push('write', {}, (reply) => replies.push(reply));
    await calm();
    expect([ends, replies]).toEqual([[{ kind: 'lost', reason: 'not encodable' }], []]);
  });

  it('tells nothing after it was closed', async () => {
    await join();
    connection.close();
    await clock.advance(2 * PUSH_TIMEOUT);
    expect(ends).toEqual([]);
  });

  it.each<[string, Error, LinkEnd]>([
    [
      'lost',
      Object.assign(new Error('end'), { kind: 'lost', reason: 'gone' }),
      { kind: 'lost', reason: 'gone' },
    ],
    [
      'refused',
      Object.assign(new Error('end'), { kind: 'refused', reason: 'no' }),
      { kind: 'refused', reason: 'no' },
    ],
    ['refused', new DustError('unauthorized', 'not you'), { kind: 'refused', reason: 'not you' }],
    ['lost', new Error('broken'), { kind: 'lost', reason: 'broken' }],
  ])('is %s when its join is rejected and the link says no more: %j', async (_kind, error, end) => {
    const silent: Linker = {
      open: (handlers) => {
        link = new FakeLink(handlers);
        link.join = () =>
          new Promise((_resolve, reject) => {
            reject(error);
          });
        return link;
      },
    };
    const handlers = {
      onJoined: () => undefined,
      onMessage: () => undefined,
      onEnd: (one: LinkEnd) => void ends.push(one),
    };
    const rejected = new Connection({ linker: silent, clock, pushTimeout: PUSH_TIMEOUT, handlers }, 0);
    await calm();
    expect(ends).toEqual([end]);
    expect([link.isClosed, rejected.isOpen]).toEqual([true, false]);
  });
});
