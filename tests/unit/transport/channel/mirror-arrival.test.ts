import { DustError } from '../../../../src/errors.js';
import { silentLogger } from '../../../../src/logging.js';
import { TestClock } from '../../../../src/testing/index.js';
import type { ChannelEngine } from '../../../../src/transport/channel/engine.js';
import { MirrorArrival } from '../../../../src/transport/channel/mirror-arrival.js';
import { ReadChoice } from '../../../../src/transport/channel/read-choice.js';
import { refusalOf } from '../../store/open-store.js';

/** A mirror that stands where it is put, and a read that is to see the operation 5. */
function scene() {
  const clock = new TestClock();
  const choice = new ReadChoice({ store: 'acme/reading', clock, logger: silentLogger, staleAfter: 30_000 });
  let arrive: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  let storeSeq = 4;
  const stand = (at: number, isLive = true): void => {
    storeSeq = at;
    choice.follow({ state: isLive ? 'live' : 'reconnecting', storeSeq, isUsable: true, pendingWrites: 0 });
  };
  stand(4);
  const engine = {
    get status() {
      return { state: 'live', storeSeq, isUsable: true, pendingWrites: 0 } as const;
    },
    reach: () =>
      new Promise<void>((resolve, reject) => {
        arrive = resolve;
        fail = reject;
      }),
  } as Pick<ChannelEngine, 'status' | 'reach'> as ChannelEngine;
  const wait = (signal?: AbortSignal): Promise<void> =>
    new MirrorArrival(choice, clock).wait(engine, 5, signal);
  return {
    clock,
    choice,
    stand,
    wait,
    arrive: () => {
      arrive();
    },
    fail: (error: Error) => {
      fail(error);
    },
  };
}

describe('a read that is to see an operation', () => {
  it('goes to a mirror that has it', async () => {
    const { stand, wait, choice, clock } = scene();
    stand(5);
    await wait();
    expect(choice.readsMirror()).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('waits for the mirror', async () => {
    const { stand, wait, arrive, choice, clock } = scene();
    const waiting = wait();
    stand(5);
    arrive();
    await waiting;
    expect(choice.readsMirror()).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('goes over HTTP when the mirror takes its time, until it has it', async () => {
    const { stand, wait, choice, clock } = scene();
    const waiting = wait();
    await clock.advance(1000);
    await waiting;
    expect(choice.readsMirror()).toBe(false);
    stand(5);
    expect(choice.readsMirror()).toBe(true);
  });

  it('does not wait where reads go over HTTP', async () => {
    const { stand, wait, choice, clock } = scene();
    stand(4, false);
    await clock.advance(30_000);
    await wait();
    stand(4);
    expect(choice.readsMirror()).toBe(false);
  });

  it('is called off by its signal, and then asks for nothing', async () => {
    const { wait, choice, clock } = scene();
    const given = new AbortController();
    const waiting = refusalOf(wait(given.signal));
    given.abort();
    expect(await waiting).toMatchObject({ kind: 'aborted' });
    expect(choice.readsMirror()).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('fails when there is no such operation any more, and later reads go to the mirror all the same', async () => {
    const { stand, wait, fail, choice } = scene();
    const waiting = refusalOf(wait());
    fail(new DustError('indeterminate', 'restored'));
    expect(await waiting).toMatchObject({ kind: 'indeterminate' });
    choice.need(5);
    stand(2);
    expect(choice.readsMirror()).toBe(true);
  });
});
