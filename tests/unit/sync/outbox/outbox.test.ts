import type { DustError } from '../../../../src/errors.js';
import type { CommittedOperation, Fence } from '../../../../src/protocol/requests/operation.js';
import type { JsonObject } from '../../../../src/protocol/values/value.js';
import { RateLimit } from '../../../../src/sync/connection/rate-limit.js';
import type { PushReply } from '../../../../src/sync/connection/link.js';
import type { SyncWrite } from '../../../../src/sync/engine-types.js';
import { resolveLimits } from '../../../../src/sync/limits.js';
import { Outbox } from '../../../../src/sync/outbox/outbox.js';
import type { OutboxPorts, WriteChannel } from '../../../../src/sync/outbox/outbox-ports.js';
import { submissionOf } from '../../../../src/sync/outbox/submission.js';
import type { PendingWrite } from '../../../../src/sync/outbox/pending-write.js';
import { Suspect } from '../../../../src/sync/outbox/suspect.js';
import { errorWhenAborted } from '../../../../src/sync/outbox/unsettled-errors.js';
import { defaultParts } from '../../../../src/sync/parts.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { calm, ok, refused } from '../engine-bench.js';
import { pending } from './pending.js';

interface Push {
  readonly payload: JsonObject;
  readonly reply: (reply: PushReply) => void;
}

/** An outbox whose server, session and mirror are the test's: the mirror holds all there is but what the test keeps from it. */
function scene(ports: Partial<OutboxPorts> = {}) {
  const clock = new TestClock(0);
  const pushes: Push[] = [];
  const told: string[] = [];
  const state: { fence: Fence | undefined; reached: number } = { fence: undefined, reached: Infinity };
  const outbox = new Outbox({
    clock,
    limits: resolveLimits(),
    delivery: 'exactly-once',
    rateLimit: new RateLimit({ clock, onHolding: () => undefined }),
    parts: defaultParts,
    storeSeq: () => 0,
    whenReached: (storeSeq, onReached) => {
      if (storeSeq <= state.reached) onReached();
      return () => undefined;
    },
    whyDisconnected: () => undefined,
    fence: () => state.fence,
    openSession: () => {
      state.fence = { key: 'session', token: 1 };
      return Promise.resolve();
    },
    onFenced: (token) => {
      told.push(`fenced ${token}`);
      state.fence = undefined;
    },
    onAcknowledged: (_write, storeSeq) => void told.push(`acknowledged ${storeSeq}`),
    onResend: (_write, { outcome, reason }) => void told.push(`${outcome} ${reason}`),
    onDoubt: () => void told.push('doubt'),
    onChannelGone: () => void told.push('channel gone'),
    revisionAt: () => undefined,
    onChange: () => undefined,
    ...ports,
  });
  const channel: WriteChannel = {
    push: (_event, payload, reply) => void pushes.push({ payload, reply }),
  };
  let ids = 0;
  const submit = (write: Partial<SyncWrite> = {}) => {
    const outcome: Record<string, unknown> = {};
    const full = { op: 'set', path: 'a', value: 1, ...write } as const;
    outbox
      .submit(() => submissionOf(full, () => `id${++ids}`))
      .then(
        ({ storeSeq }) => (outcome.value = storeSeq),
        (error: unknown) => {
          const { kind, message, currentRevision } = error as DustError;
          Object.assign(outcome, { kind, message, ...(kind === 'conflict' && { currentRevision }) });
        },
      );
    return outcome;
  };
  const see = (storeSeq: number, clientOpId: string, path = 'a'): void => {
    const operation: CommittedOperation = {
      ...{ storeSeq, path, clientOpId },
      ...{ op: 'set', value: 1, deviceId: 'me' },
    };
    outbox.see(operation);
  };
  return { clock, outbox, channel, pushes, told, state, submit, see };
}

const COUNT = { op: 'increment' } as const;

describe('an outbox', () => {
  it('sends nothing that was called off before it was asked for', async () => {
    const { outbox, channel, pushes, submit } = scene();
    outbox.resume(channel);
    const outcome = submit({ signal: AbortSignal.abort() });
    await calm();
    expect(outcome).toEqual({ kind: 'aborted', message: expect.stringContaining('it was never sent') });
    expect([pushes, outbox.size]).toEqual([[], 0]);
  });

  it("sends a write under the caller's own fence and no other", async () => {
    const { outbox, channel, pushes, state, submit } = scene();
    state.fence = { key: 'session', token: 7 };
    outbox.resume(channel);
    submit(COUNT);
    submit({ ...COUNT, fence: { key: 'lock', token: 3 } });
    await calm();
    expect(pushes.map(({ payload }) => payload.fence)).toEqual([
      { key: 'session', token: 7 },
      { key: 'lock', token: 3 },
    ]);
  });

  it('forgets that operations were skipped when a write is sent anew, as it was refused then', async () => {
    const { clock, outbox, channel, pushes, submit } = scene();
    outbox.resume(channel);
    const outcome = submit(COUNT);
    await calm();
    outbox.skipOperations();
    pushes[0]!.reply(refused('rate_limited', { retry_after_ms: 10 }));
    await clock.advance(10);
    expect(pushes).toHaveLength(2);
    outbox.connectionLost();
    outbox.resume(channel);
    await calm();
    expect([pushes.length, outcome]).toEqual([3, {}]);
  });

  it('does not wait over a connection for what the one before was limited to', async () => {
    const { clock, outbox, channel, pushes, submit } = scene();
    outbox.resume(channel);
    submit();
    pushes[0]!.reply(refused('rate_limited', { retry_after_ms: 60_000 }));
    outbox.connectionLost();
    outbox.resume(channel);
    expect(pushes).toHaveLength(2);
    pushes[1]!.reply(ok({ store_seq: 1 }));
    await calm();
    expect(clock.pending).toBe(0);
  });

  it('takes an operation for an own one that has its id and its path', async () => {
    const { outbox, channel, submit, see } = scene();
    outbox.resume(channel);
    const [one, other] = [submit(), submit({ path: 'b' })];
    see(1, 'id1', 'elsewhere');
    see(2, 'id2', 'b');
    see(3, 'id2', 'b');
    see(4, 'id3');
    outbox.connectionLost();
    await calm();
    expect([one, other]).toEqual([{}, { value: 2 }]);
  });
});

it.each<[string, Fence | undefined, isSkipped: boolean, RegExp]>([
  ['no session', undefined, false, /it was sent before, and may be committed/],
  ['a session that has ended', { key: 'session', token: 1 }, false, /it was never sent/],
  ['one, and may be skipped', { key: 'session', token: 1 }, true, /it was sent before, and may be committed/],
])(
  'a write that is called off when it was sent under %s and is to be sent again says what is known',
  async (_what, fence, isSkipped, words) => {
    const { outbox, channel, state, pushes, submit } = scene();
    const controller = new AbortController();
    state.fence = fence;
    outbox.resume(channel);
    const outcome = submit({ signal: controller.signal });
    if (isSkipped) outbox.skipOperations();
    outbox.connectionLost();
    outbox.resume(channel);
    pushes[1]!.reply(refused('rate_limited', { retry_after_ms: 10 }));
    controller.abort();
    await calm();
    outbox.connectionLost();
    expect(outcome).toMatchObject({ kind: 'aborted', message: expect.stringMatching(words) });
  },
);

it('a write that was called off is not told of any more, whatever it is answered with', async () => {
  const { outbox, channel, pushes, told, submit } = scene();
  const controller = new AbortController();
  outbox.resume(channel);
  const outcome = submit({ signal: controller.signal });
  controller.abort();
  expect(outbox.size).toBe(0);
  pushes[0]!.reply(ok({ store_seq: 1 }));
  await calm();
  expect([told, outcome.kind]).toEqual([[], 'aborted']);
});

it('a write that was called off before its session is refused is settled once', async () => {
  const changes = jest.fn();
  let refuse: (error: Error) => void = () => undefined;
  const openSession = () => new Promise<void>((_, reject) => (refuse = reject));
  const { outbox, channel, submit } = scene({ onChange: changes, openSession });
  const controller = new AbortController();
  outbox.resume(channel);
  submit({ ...COUNT, signal: controller.signal });
  controller.abort();
  refuse(new Error('missing_scope'));
  await calm();
  expect(changes).toHaveBeenCalledTimes(2);
});

it.each(['is given', 'is refused'])(
  'a session that was asked for over a lost connection and %s later is none of the next one',
  async (how) => {
    const settle: ((how: string) => void)[] = [];
    const { outbox, channel, pushes, state, submit } = scene({
      openSession: () =>
        new Promise<void>((resolve, reject) => {
          settle.push((outcome) => {
            if (outcome === 'is given') resolve();
            else reject(new Error('missing_scope'));
          });
        }),
    });
    outbox.resume(channel);
    const outcome = submit(COUNT);
    outbox.connectionLost();
    outbox.resume({ ...channel });
    expect(settle).toHaveLength(2);
    settle[0]!(how);
    await calm();
    // The one that was asked for anew is waited for, and no third one is.
    expect([settle.length, pushes, outcome]).toEqual([2, [], {}]);
    state.fence = { key: 'session', token: 2 };
    settle[1]!('is given');
    await calm();
    expect(pushes.map(({ payload }) => payload.fence)).toEqual([{ key: 'session', token: 2 }]);
  },
);

it('a session that is refused fails the write that needs it, and is asked for again by the next one', async () => {
  const refusals = [new Error('missing_scope'), undefined];
  let asked = 0;
  const { outbox, channel, pushes, submit } = scene({
    openSession: () => {
      const refusal = refusals[asked++];
      return refusal === undefined ? new Promise(() => undefined) : Promise.reject(refusal);
    },
  });
  outbox.resume(channel);
  const [counted, set, other] = [submit(COUNT), submit(), submit(COUNT)];
  await calm();
  expect([counted.message, set, other, asked]).toEqual(['missing_scope', {}, {}, 2]);
  expect(pushes.map(({ payload }) => payload.op)).toEqual(['set']);
});

describe('an outbox whose store moved back', () => {
  it('knows nothing of what was committed beyond that, and all of what was before', async () => {
    const { outbox, channel, pushes, state, submit } = scene();
    state.reached = 0;
    outbox.resume(channel);
    const outcomes = [3, 4].map(() => submit());
    for (const [i, { reply }] of pushes.entries()) reply(ok({ store_seq: i + 3 }));
    outbox.connectionLost();
    outbox.moveBackTo(3);
    await calm();
    expect(outcomes).toEqual([
      {},
      { kind: 'indeterminate', message: expect.stringContaining('restored to a state from before it') },
    ]);
  });

  it('does not know either what became of what was sent, and sends what was not', async () => {
    const { outbox, channel, pushes, submit } = scene();
    outbox.resume(channel);
    const sent = submit(COUNT);
    await calm();
    outbox.connectionLost();
    const queued = submit(COUNT);
    outbox.moveBackTo(0);
    outbox.resume(channel);
    await calm();
    expect([sent.kind, queued, pushes.length]).toEqual(['indeterminate', {}, 2]);
  });
});

describe('a write that the server has died of', () => {
  it.each<[string, isBlamed: boolean, PushReply]>([
    ['committed', false, ok({ store_seq: 1 })],
    ['committed, in words that cannot be read', false, ok([] as never)],
    ['refused', false, refused('conflict')],
    ['refused for a rate limit', true, refused('rate_limited', { retry_after_ms: 10 })],
    ['refused for want of a channel', true, refused('unmatched topic')],
    ['refused for its fence', true, refused('fenced')],
    ['answered by a server that is busy', true, refused('{:writer_unavailable, :timeout}')],
  ])(
    'and that is %s when it is sent again is blamed for it any longer: %s',
    async (_what, isBlamed, reply) => {
      const suspect = new Suspect();
      const { outbox, channel, pushes, state, submit } = scene({
        parts: { ...defaultParts, createSuspect: () => suspect },
      });
      state.reached = 0;
      outbox.resume(channel);
      submit(COUNT);
      await calm();
      outbox.connectionLost(true);
      expect(suspect.write).toBeDefined();
      outbox.resume(channel);
      pushes[1]!.reply(reply);
      expect(suspect.write !== undefined).toBe(isBlamed);
      outbox.connectionLost();
    },
  );

  it('is blamed while it is under way, though its caller does not wait any more', async () => {
    const suspect = new Suspect();
    const { outbox, channel, pushes, submit } = scene({
      parts: { ...defaultParts, createSuspect: () => suspect },
    });
    const controller = new AbortController();
    outbox.resume(channel);
    submit({ signal: controller.signal });
    outbox.connectionLost(true);
    outbox.resume(channel);
    controller.abort();
    expect(suspect.write).toBeDefined();
    submit();
    expect(pushes).toHaveLength(2);
    pushes[1]!.reply(ok({ store_seq: 1 }));
    expect([suspect.write, pushes.length]).toEqual([undefined, 3]);
    await calm();
  });

  it('is given up when it dies of it again, and so told', async () => {
    const { outbox, channel, told, submit } = scene();
    outbox.resume(channel);
    const outcome = submit();
    for (let crash = 0; crash < 2; crash++) {
      outbox.connectionLost(true);
      outbox.resume(channel);
    }
    await calm();
    expect(told).toEqual(['resent connection_lost', 'unknown connection_lost']);
    expect(outcome.kind).toBe('indeterminate');
  });

  it('is blamed no longer when its caller calls it off before it is sent again', () => {
    const suspect = new Suspect();
    const { outbox, channel, submit } = scene({ parts: { ...defaultParts, createSuspect: () => suspect } });
    const controller = new AbortController();
    outbox.resume(channel);
    submit({ signal: controller.signal });
    outbox.connectionLost(true);
    controller.abort();
    expect(suspect.write).toBeUndefined();
  });
});

it.each([
  [{ ifMatch: 1 }, 1, undefined],
  [{ ifMatch: 1 }, 2, 2],
  [{ ifMatch: 1 }, null, null],
  [{ ifMatch: 0 }, null, null],
  [{ ifAbsent: true }, null, undefined],
  [{ ifAbsent: true }, 3, 3],
])('a conflict of %j with a mirror that has revision %s tells %s', async (condition, revision, told) => {
  const { outbox, channel, pushes, submit } = scene({ revisionAt: () => revision });
  outbox.resume(channel);
  const outcome = submit(condition);
  await calm();
  pushes[0]!.reply(refused('conflict'));
  await calm();
  expect(outcome).toMatchObject({ kind: 'conflict', currentRevision: told });
});

it.each<[Partial<PendingWrite>, RegExp]>([
  [{ state: 'queued' }, /it was never sent/],
  [{ state: 'queued', isInDoubt: true }, /it was sent before, and may be committed/],
  [{ state: 'inFlight' }, /it was sent before, and may be committed/],
  [{ state: 'unknown' }, /it was sent before, and may be committed/],
])('a write that is called off while it is %j says so', (state, words) => {
  expect(errorWhenAborted(pending(1, {}, state), AbortSignal.abort()).message).toMatch(words);
});
