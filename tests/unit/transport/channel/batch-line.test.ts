import { getEventListeners } from 'node:events';
import { BehaviorSubject, Subject } from 'rxjs';
import type { DustErrorDetails, DustErrorKind } from '../../../../src/errors.js';
import { DustError } from '../../../../src/errors.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { BatchLine } from '../../../../src/transport/channel/batch-line.js';
import { Patience } from '../../../../src/transport/channel/patience.js';
import type { ReadState } from '../../../../src/transport/channel/read-choice.js';
import { notCarriedOut } from '../../../../src/transport/not-carried-out.js';
import { calm } from '../../sync/engine-bench.js';

const error = (kind: DustErrorKind, details: DustErrorDetails = {}) =>
  new DustError(kind, `${kind}, said the stub`, details);
const away = () => notCarriedOut(error('network', { detail: 'connection_refused' }));
const limited = (retryAfter: number) => notCarriedOut(error('rate_limited', { retryAfter }));

function openLine(bound = { count: 100, bytes: 1_000_000 }) {
  const clock = new TestClock(0);
  const states$ = new BehaviorSubject<ReadState>({ isLive: false, readsFrom: 'http' });
  const closed$ = new Subject<undefined>();
  const patience = new Patience({ clock, writeTimeout: 10_000, states$, closed$ });
  const line = new BatchLine({ clock, writeTimeout: 10_000, closed$, bound, patience });
  /** What was sent, in order. */
  const sent: string[] = [];
  let fate: (name: string) => DustError | undefined = () => undefined;
  const send = (name: string, signal?: AbortSignal) => {
    const outcome: { value?: string; error?: unknown } = {};
    const task = {
      send: async () => {
        if (signal?.aborted === true) throw error('aborted');
        sent.push(name);
        const failure = fate(name);
        if (failure !== undefined) throw failure;
        return Promise.resolve(name);
      },
      bytes: () => 10,
      signal,
    };
    line.run(task).then(
      (value) => (outcome.value = value),
      (thrown: unknown) => (outcome.error = thrown),
    );
    return outcome;
  };
  const decide = (next: typeof fate): void => {
    fate = next;
  };
  return { clock, states$, closed$, sent, send, decide };
}

describe('a batch in an outage', () => {
  it('is sent again until the server is reached', async () => {
    const { clock, sent, send, decide } = openLine();
    decide(() => away());
    const outcome = send('a');
    await clock.advance(2999);
    expect([outcome, sent]).toEqual([{}, ['a', 'a', 'a']]);
    decide(() => undefined);
    await clock.advance(1);
    expect(outcome).toEqual({ value: 'a' });
    expect(clock.pending).toBe(0);
  });

  it('is sent again as soon as the mirror is live', async () => {
    const { clock, states$, send, decide } = openLine();
    decide(() => away());
    const outcome = send('a');
    await calm();
    decide(() => undefined);
    states$.next({ isLive: true, readsFrom: 'channel' });
    await calm();
    expect(outcome).toEqual({ value: 'a' });
    expect(clock.pending).toBe(0);
  });

  it('fails with what it met when its time is up', async () => {
    const { clock, send, decide } = openLine();
    const met = away();
    decide(() => met);
    const outcome = send('a');
    await clock.advance(9999);
    expect(outcome).toEqual({});
    await clock.advance(1);
    expect(outcome).toEqual({ error: met });
    expect(clock.pending).toBe(0);
  });

  it.each([
    error('network', { detail: 'connection_lost' }),
    error('indeterminate', { detail: 'connection_lost' }),
    error('timeout', { detail: 'response', retryable: true }),
    error('conflict', { status: 412 }),
    error('rate_limited', { detail: 'outbox_full' }),
    notCarriedOut(error('network', { detail: 'tls', retryable: false })),
  ])(
    'is not sent again when something may have been carried out, or it would be in vain: %s',
    async (met) => {
      const { clock, sent, send, decide } = openLine();
      decide(() => met);
      const outcome = send('a');
      await calm();
      expect([outcome, sent]).toEqual([{ error: met }, ['a']]);
      expect(clock.pending).toBe(0);
    },
  );

  it('ends when it is called off or the transport is closed, and leaves nobody listening', async () => {
    const { clock, closed$, send, decide } = openLine();
    decide(() => away());
    const controller = new AbortController();
    const [calledOff, closing] = [send('a', controller.signal), send('b')];
    await calm();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    await calm();
    expect(calledOff.error).toMatchObject({ kind: 'aborted' });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    decide(() => error('closed'));
    closed$.next(undefined);
    await calm();
    expect(closing.error).toMatchObject({ kind: 'closed' });
    expect(clock.pending).toBe(0);
  });

  it('finds no room when as many wait as may', async () => {
    const { clock, send, decide } = openLine({ count: 2, bytes: 1000 });
    decide(() => away());
    const outcomes = ['a', 'b', 'c'].map((name) => send(name));
    await calm();
    expect(outcomes).toMatchObject([{}, {}, { error: { kind: 'rate_limited', detail: 'outbox_full' } }]);
    expect(outcomes.slice(0, 2)).toEqual([{}, {}]);
    await clock.advance(10_000);
    expect(clock.pending).toBe(0);
  });
});

describe('a batch at the rate limit', () => {
  it('waits for its turn, which its time does not run in, and those behind it wait too', async () => {
    const { clock, sent, send, decide } = openLine();
    decide(() => limited(40));
    const first = send('a');
    await calm();
    const second = send('b');
    await clock.advance(39_999);
    expect([first, second, sent]).toEqual([{}, {}, ['a']]);
    decide(() => undefined);
    await clock.advance(1);
    expect([first, second]).toEqual([{ value: 'a' }, { value: 'b' }]);
    expect(sent).toEqual(['a', 'a', 'b']);
    expect(clock.pending).toBe(0);
  });

  it('lets one ask for all, in the order they came', async () => {
    const { clock, sent, send, decide } = openLine();
    decide(() => limited(1));
    const outcomes = ['a', 'b', 'c', 'd'].map((name) => send(name));
    await calm();
    sent.length = 0;
    await clock.advance(3000);
    expect(sent).toEqual(['a', 'a', 'a']);
    decide(() => undefined);
    await clock.advance(1000);
    expect(outcomes.map(({ value }) => value)).toEqual(['a', 'b', 'c', 'd']);
    expect(clock.pending).toBe(0);
  });

  it('fails when the limit lets nothing pass for its window and the time of a write', async () => {
    const { clock, sent, send, decide } = openLine();
    decide(() => limited(60));
    const outcomes = [send('a'), send('b')];
    await clock.advance(74_999);
    expect(outcomes).toEqual([{}, {}]);
    await clock.advance(1);
    expect(outcomes).toMatchObject([
      { error: { kind: 'rate_limited' } },
      { error: { kind: 'rate_limited' } },
    ]);
    expect(sent.length).toBeLessThan(20);
    expect(clock.pending).toBe(0);
  });

  it('is forgotten when nobody waits for it any more: the next asks at once', async () => {
    const { clock, sent, send, decide } = openLine();
    decide(() => limited(40));
    const controller = new AbortController();
    const outcome = send('a', controller.signal);
    await calm();
    controller.abort();
    await calm();
    expect(outcome).toMatchObject({ error: { kind: 'aborted' } });
    expect(clock.pending).toBe(0);
    decide(() => undefined);
    const next = send('b');
    await calm();
    expect([next, sent]).toEqual([{ value: 'b' }, ['a', 'b']]);
  });

  it('goes on behind one that is refused for itself, called off, or finds the server away', async () => {
    const { clock, send, decide } = openLine();
    decide(() => limited(5));
    const controller = new AbortController();
    const outcomes = [send('a'), send('b', controller.signal), send('c'), send('d')];
    await calm();
    decide((name) => (name === 'a' ? error('conflict', { status: 412 }) : name === 'c' ? away() : undefined));
    controller.abort();
    await clock.advance(5000);
    expect(outcomes).toMatchObject([
      { error: { kind: 'conflict' } },
      { error: { kind: 'aborted' } },
      {},
      { value: 'd' },
    ]);
    decide(() => undefined);
    await clock.advance(1000);
    expect(outcomes[2]).toEqual({ value: 'c' });
    expect(clock.pending).toBe(0);
  });
});
