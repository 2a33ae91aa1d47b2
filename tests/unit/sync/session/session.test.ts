import type { Leaf } from '../../../../src/protocol/values/value.js';
import { RateLimit } from '../../../../src/sync/connection/rate-limit.js';
import { Calls } from '../../../../src/sync/connection/calls.js';
import { Connection } from '../../../../src/sync/connection/connection.js';
import type { Linker } from '../../../../src/sync/index.js';
import { Session } from '../../../../src/sync/session/session.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { FakeLink, calm, ok, refused } from '../engine-bench.js';

const TTL = 90_000;
const KEY = '_dust:session/me';

let clock: TestClock;
let link: FakeLink;
let connection: Connection;
let calls: Calls;
let session: Session;
let leaves: Map<string, Leaf>;

beforeEach(async () => {
  clock = new TestClock(0);
  leaves = new Map();
  const linker: Linker = { open: (handlers) => (link = new FakeLink(handlers)) };
  const ignore = (): undefined => undefined;
  const handlers = { onJoined: ignore, onMessage: ignore, onEnd: ignore };
  connection = new Connection({ linker, clock, pushTimeout: 100 * TTL, handlers }, 0);
  link.accept(0);
  link.complete(0);
  await calm();
  calls = new Calls(connection, clock, new RateLimit({ clock, onHolding: () => undefined }));
  let ids = 0;
  session = new Session({
    instance: 'me',
    ttl: TTL,
    clock,
    reader: { getMany: () => Promise.resolve(leaves) },
    makeId: () => `s${++ids}`,
  });
});

/** What a promise is rejected with. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

afterEach(() => {
  session.retire();
  calls.stop();
  connection.close();
  expect(clock.pending).toBe(0);
});

/** Answers the push that was made last. */
async function answer(reply: Parameters<FakeLink['writes'][number]['reply']>[0]): Promise<void> {
  await calm();
  link.writes.at(-1)!.reply(reply);
  await calm();
}

async function opened(token = 7): Promise<void> {
  const opening = session.open(calls);
  await answer(ok({ store_seq: 1, token }));
  await opening;
}

/** What was asked of the server, without the ids. */
const asked = (): unknown[] => link.writes.map(({ payload: { client_op_id: _, ...payload } }) => payload);

describe('the session of an engine (PROTOCOL §7)', () => {
  it('fences with its lease while it has one', async () => {
    expect(session.fence).toBeUndefined();
    await opened();
    expect(asked()).toEqual([{ op: 'lease', path: KEY, ttl_ms: TTL, holder: 'me' }]);
    expect(session.fence).toEqual({ key: KEY, token: 7 });
  });

  it('fences nothing with a lease that it is giving back, and gives it back once', async () => {
    await opened();
    void session.release(calls);
    expect(session.fence).toBeUndefined();
    await answer(ok({ store_seq: 2 }));
    await session.release(calls);
    expect(asked().slice(1)).toEqual([{ op: 'release', path: KEY, token: 7 }]);
  });

  it('leaves nothing to be ended after it was given back, and renews it no more', async () => {
    await opened();
    const released = session.release(calls);
    await answer(ok({ store_seq: 2 }));
    await released;
    session.retire();
    expect(await session.endOld(calls)).toBeUndefined();
    await clock.advance(TTL);
    expect(asked()).toHaveLength(2);
  });

  it('renews its lease three times in its life, until it is refused', async () => {
    await opened();
    const renewal = { op: 'renew', path: KEY, token: 7, ttl_ms: TTL };
    await clock.advance(TTL / 3 - 1);
    expect(asked()).toHaveLength(1);
    await clock.advance(1);
    await answer(ok({ store_seq: 2 }));
    await clock.advance(TTL / 3);
    expect(asked().slice(1)).toEqual([renewal, renewal]);
    await answer(refused('fenced'));
    expect(session.fence).toBeUndefined();
    await clock.advance(TTL);
    expect(asked()).toHaveLength(3);
  });

  it('is over when the server finds its token dead, and not when it finds an older one dead', async () => {
    await opened();
    session.invalidate(6);
    expect(session.fence).toEqual({ key: KEY, token: 7 });
    session.invalidate(7);
    expect(session.fence).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it('is not renewed by a reply that comes after the next one was opened', async () => {
    await opened();
    await clock.advance(TTL / 3);
    const renewal = link.writes.at(-1)!;
    session.invalidate(7);
    await opened(8);
    renewal.reply(refused('fenced'));
    await calm();
    expect(session.fence).toEqual({ key: KEY, token: 8 });
    expect(clock.pending).toBe(1);
  });

  describe('of a lost connection', () => {
    it('is ended by its token, and tells up to where it reached', async () => {
      await opened();
      session.retire();
      expect(session.fence).toBeUndefined();
      const ended = session.endOld(calls);
      await answer(ok({ store_seq: 12 }));
      expect(await ended).toBe(12);
      expect(asked().at(-1)).toEqual({ op: 'release', path: KEY, token: 7 });
      expect(await session.endOld(calls)).toBeUndefined();
    });

    it('is over by itself after its time when it cannot be ended', async () => {
      await opened();
      session.retire();
      let storeSeq: number | undefined;
      void session.endOld(calls).then((seq) => (storeSeq = seq));
      await answer(refused('fenced'));
      await clock.advance(TTL - 1);
      expect(link.pushes.at(-1)!.event).toBe('write');
      await clock.advance(1);
      link.pushes.at(-1)!.reply(ok({ current_seq: 5 }));
      await calm();
      expect(storeSeq).toBe(5);
    });

    it('needs no end when it was dead before, but the store is asked where it stands', async () => {
      await opened();
      session.invalidate(7);
      session.retire();
      const ended = session.endOld(calls);
      await calm();
      expect(link.pushes.at(-1)!.event).toBe('status');
      link.pushes.at(-1)!.reply(ok({ current_seq: 4 }));
      expect(await ended).toBe(4);
      expect(asked()).toHaveLength(1);
    });

    it('leaves nothing to be ended when there was none', async () => {
      session.retire();
      expect(await session.endOld(calls)).toBeUndefined();
    });
  });

  describe('whose key is taken', () => {
    const lease = (holder: string, token: string | number) => ({
      _type: 'lease',
      token,
      holder,
      expires_at: 1,
    });
    const lies = (value: Leaf['value']): void => {
      leaves.set(KEY, { path: KEY, value, type: 'lease', revision: 3 });
    };

    it('gives back what it took itself when the reply was lost, and keeps its key', async () => {
      lies(lease('me', 3));
      const opening = session.open(calls);
      await answer(refused('held'));
      expect(asked().at(-1)).toEqual({ op: 'release', path: KEY, token: 3 });
      await answer(ok({ store_seq: 1 }));
      await answer(ok({ store_seq: 2, token: 9 }));
      await opening;
      expect(session.fence).toEqual({ key: KEY, token: 9 });
    });

    it.each([
      ['by somebody else', 'held', lease('them', 3)],
      ['by a lease without a token', 'held', lease('me', 'x')],
      ['by a lease that is gone again', 'held', undefined],
      ['by what is no lease', 'occupied', 'a note'],
    ])('%s: takes another', async (_by, reason, value) => {
      if (value !== undefined) lies(value);
      const opening = session.open(calls);
      await answer(refused(reason));
      expect(asked().at(-1)).toMatchObject({ op: 'lease', path: `${KEY}.1` });
      await answer(ok({ store_seq: 1, token: 9 }));
      await opening;
      expect(session.fence).toEqual({ key: `${KEY}.1`, token: 9 });
      expect(session.key).toBe(`${KEY}.1`);
    });

    it('again and again: asks six times, then fails', async () => {
      const opening = session.open(calls);
      const failed = rejection(opening);
      for (let i = 0; i < 6; i++) await answer(refused('occupied'));
      expect(await failed).toMatchObject({ kind: 'occupied' });
      expect(link.writes).toHaveLength(6);
      expect(session.fence).toBeUndefined();
    });
  });

  it('of a lost connection is ended by its token though more connections were lost since', async () => {
    await opened();
    session.retire();
    session.retire();
    const ended = session.endOld(calls);
    await answer(ok({ store_seq: 9 }));
    expect(asked().at(-1)).toEqual({ op: 'release', path: KEY, token: 7 });
    expect(await ended).toBe(9);
  });

  it.each([
    ['is refused, whatever else it says', refused('fenced', { store_seq: 9 })],
    ['says no seq', ok({ store_seq: 9.5 })],
    ['says a text', ok({ store_seq: '9' })],
  ])('asks where the store stands when the end of an old one %s', async (_, reply) => {
    await opened();
    session.retire();
    const ended = session.endOld(calls);
    await answer(reply);
    await clock.advance(TTL);
    link.pushes.at(-1)!.reply(ok({}));
    expect(await ended).toBe(0);
  });

  it('is given back, with no timer left, when the server has answered', async () => {
    await opened();
    expect(clock.pending).toBe(1);
    let isReleased = false;
    const released = session.release(calls).then(() => (isReleased = true));
    expect(clock.pending).toBe(1);
    await calm();
    expect(isReleased).toBe(false);
    await answer(ok({ store_seq: 2 }));
    await released;
    expect(clock.pending).toBe(0);
  });

  it.each([[1.5], ['7'], [2 ** 60]])('is granted without a token by one that is %j', async (token) => {
    const unclear = rejection(session.open(calls));
    await answer(ok({ store_seq: 1, token }));
    expect(await unclear).toMatchObject({ kind: 'indeterminate' });
    expect(session.fence).toBeUndefined();
  });

  it('fails at once when the server refuses it for another reason, or grants it without a token', async () => {
    const opening = session.open(calls);
    const failed = rejection(opening);
    await answer(refused('missing_scope'));
    expect(await failed).toMatchObject({ kind: 'forbidden' });
    const again = session.open(calls);
    const unclear = rejection(again);
    await answer(ok({ store_seq: 1 }));
    expect(await unclear).toMatchObject({ kind: 'indeterminate' });
    expect(link.writes).toHaveLength(2);
  });
});
