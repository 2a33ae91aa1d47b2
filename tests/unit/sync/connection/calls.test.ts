import type { JsonObject } from '../../../../src/protocol/values/value.js';
import type { Connection } from '../../../../src/sync/connection/connection.js';
import { Calls, isBusy, retryAfterOf } from '../../../../src/sync/connection/calls.js';
import type { PushReply } from '../../../../src/sync/connection/link.js';
import { RateLimit } from '../../../../src/sync/connection/rate-limit.js';
import type { Clock } from '../../../../src/clock.js';
import { calm, ok, refused } from '../engine-bench.js';
import { NotingClock } from '../noting-clock.js';

/** A clock whose timers the test lets go off, and which counts how often each is called off. */
function handClock() {
  const timers: { run: () => void; callOff: jest.Mock }[] = [];
  const clock: Clock = {
    now: () => 0,
    schedule: (run) => {
      const callOff = jest.fn();
      timers.push({ run, callOff });
      return callOff;
    },
  };
  return { timers, clock };
}

const callsWith = (clock: Clock): Calls =>
  new Calls({} as unknown as Connection, clock, {} as unknown as RateLimit);

it('waits that are over are forgotten: the end of the connection calls off the others alone', async () => {
  const { timers, clock } = handClock();
  const calls = callsWith(clock);
  const over = calls.wait(1);
  void calls.wait(2);
  timers[0]?.run();
  await over;
  calls.stop();
  expect(timers.map(({ callOff }) => callOff.mock.calls.length)).toEqual([0, 1]);
});

/** A reply with a response as it may come, be it no object. */
const reply = (status: 'ok' | 'error', response: unknown): PushReply => ({
  status,
  response: response as JsonObject,
});

it.each([
  [reply('error', { reason: '{:writer_unavailable, :timeout}' }), true],
  [reply('ok', { reason: '{:writer_unavailable, :timeout}' }), false],
  [reply('error', { reason: 'held' }), false],
  [reply('error', { reason: 5 }), false],
  [reply('error', {}), false],
  [reply('error', null), false],
])('%j says that the writer is busy: %s', (given, expected) => {
  expect(isBusy(given)).toBe(expected);
});

it.each([
  [reply('error', { reason: 'rate_limited', retry_after_ms: 50 }), 50],
  [reply('error', { reason: 'rate_limited', retry_after_ms: 0 }), 0],
  [reply('error', { reason: 'rate_limited', retry_after_ms: -1 }), 1000],
  [reply('error', { reason: 'rate_limited', retry_after_ms: '50' }), 1000],
  [reply('error', { reason: 'rate_limited' }), 1000],
  [reply('ok', { reason: 'rate_limited', retry_after_ms: 50 }), undefined],
  [reply('error', { reason: 'held', retry_after_ms: 50 }), undefined],
  [reply('error', null), undefined],
])('%j asks to wait %s ms', (given, expected) => {
  expect(retryAfterOf(given)).toBe(expected);
});

describe('a request', () => {
  /** A connection that answers as the test says, one reply after the other. */
  function scene(...replies: PushReply[]) {
    const clock = new NotingClock(0);
    const asked: string[] = [];
    const connection = {
      isOpen: true,
      push: (event: string, _: JsonObject, onReply: (given: PushReply) => void) => {
        asked.push(`${event} ${clock.now()}`);
        const next = replies.shift();
        if (next !== undefined) onReply(next);
      },
    };
    const limit = new RateLimit({ clock, onHolding: () => undefined });
    const calls = new Calls(connection as unknown as Connection, clock, limit);
    return { clock, asked, connection, limit, calls };
  }

  it('waits out the rate limit, which is over when a write passes', async () => {
    const limited = refused('rate_limited', { retry_after_ms: 700 });
    const { clock, asked, limit, calls } = scene(limited, limited, ok({ store_seq: 1 }));
    const answered = calls.request('write', {});
    await clock.advance(699);
    expect([asked, limit.isOn]).toEqual([['write 0'], true]);
    await clock.advance(701);
    expect(await answered).toEqual(ok({ store_seq: 1 }));
    expect([asked, limit.isOn]).toEqual([['write 0', 'write 700', 'write 1400'], false]);
    expect(new Set(clock.kept)).toEqual(new Set([true]));
    expect(clock.pending).toBe(0);
  });

  it('that is no write says nothing of the limit of writes', async () => {
    const { limit, calls } = scene(ok({}));
    limit.hit(limit.sent(), 60_000);
    await calls.request('status', {});
    expect(limit.isOn).toBe(true);
    limit.connectionLost();
  });

  it('waits a second for a writer that is busy', async () => {
    const { clock, asked, calls } = scene(refused('{:writer_unavailable, :timeout}'), ok({}));
    const answered = calls.request('write', {});
    await clock.advance(999);
    expect(asked).toEqual(['write 0']);
    await clock.advance(1);
    expect(await answered).toEqual(ok({}));
    expect(asked).toEqual(['write 0', 'write 1000']);
  });

  it('that is refused for anything else is not made again', async () => {
    const { asked, calls } = scene(refused('held'));
    expect(await calls.request('write', {})).toEqual(refused('held'));
    expect(asked).toHaveLength(1);
  });

  it.each([
    [{ current_seq: 5 }, 5],
    [{ current_seq: 5.5 }, undefined],
    [{ current_seq: '5' }, undefined],
    [{}, undefined],
    [null, undefined],
  ])('for where the store stands that is answered with %j gives %s', async (response, expected) => {
    const { asked, calls } = scene(reply('ok', response));
    expect(await calls.currentSeq()).toBe(expected);
    expect(asked).toEqual(['status 0']);
  });

  it.each([true, false])(
    'settles while the connection is open, and not at all when it has ended: %s',
    async (isOpen) => {
      const { connection, calls } = scene();
      const settled: unknown[] = [];
      connection.isOpen = isOpen;
      calls.whileOpen(Promise.resolve(1)).then(
        (value) => settled.push(value),
        () => undefined,
      );
      calls.whileOpen(Promise.reject(new Error('no'))).catch((error: unknown) => settled.push(String(error)));
      await calm();
      expect(settled).toEqual(isOpen ? [1, 'Error: no'] : []);
    },
  );
});
