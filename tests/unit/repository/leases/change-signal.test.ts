import { getEventListeners } from 'node:events';
import { setImmediate as continuations } from 'node:timers/promises';
import { Subject } from 'rxjs';
import { ChangeSignal } from '../../../../src/repository/leases/change-signal.js';
import { TestClock } from '../../../../src/testing/index.js';
import type { Transport } from '../../../../src/transport/transport.js';

const PATIENCE = 3000;

/** A signal of changes of two paths, and what its transport tells of each. */
function scene({ realtime = true, signal }: { realtime?: boolean; signal?: AbortSignal } = {}) {
  const clock = new TestClock();
  const paths = new Map<string, Subject<unknown>>();
  const watch = (path: string) => {
    const subject = new Subject<unknown>();
    paths.set(path, subject);
    return subject;
  };
  const transport = { capabilities: { realtime }, watch } as unknown as Transport;
  const changes = new ChangeSignal(transport, clock, { paths: ['key', 'lock'], patience: PATIENCE, signal });
  const tell = (path: string, ...ops: string[]) =>
    paths.get(path)?.next({ operations: ops.map((op) => ({ op })) });
  const isWatched = () => [...paths.values()].map(({ observed }) => observed);
  /** Waits, and says whether the wait is over. */
  const wait = () => {
    const waiting = { isOver: false };
    void changes.next().then(() => (waiting.isOver = true));
    return waiting;
  };
  return { clock, paths, changes, tell, isWatched, wait };
}

describe('a signal of changes', () => {
  it.each([
    ['key', ['set']],
    ['lock', ['release']],
    ['lock', ['delete']],
    ['lock', ['renew', 'set']],
  ])('is heard at %s: %j', async (path, ops) => {
    const { tell, wait, clock } = scene();
    const waiting = wait();
    tell(path, ...ops);
    await continuations();
    expect([waiting.isOver, clock.pending]).toEqual([true, 0]);
  });

  it('is not heard while the right to compute is taken and kept', async () => {
    const { tell, wait, clock } = scene();
    const waiting = wait();
    tell('lock', 'lease');
    tell('lock', 'renew');
    tell('lock', 'renew', 'lease');
    await continuations();
    expect(waiting.isOver).toBe(false);
    await clock.advance(PATIENCE - 1);
    expect(waiting.isOver).toBe(false);
    await clock.advance(1);
    expect(waiting.isOver).toBe(true);
  });

  it.each([
    ['ends', (subject?: Subject<unknown>) => subject?.complete()],
    ['fails', (subject?: Subject<unknown>) => subject?.error(new Error('cut'))],
  ])('is heard where the watching %s', async (_, end) => {
    const { paths, wait } = scene();
    const waiting = wait();
    for (const subject of paths.values()) end(subject);
    await continuations();
    expect(waiting.isOver).toBe(true);
  });

  it('comes with patience alone where changes cannot be watched', async () => {
    const { paths, changes, wait, clock } = scene({ realtime: false });
    const waiting = wait();
    expect(paths.size).toBe(0);
    await clock.advance(PATIENCE);
    expect(waiting.isOver).toBe(true);
    changes.close();
  });

  it('ends when it is called off, and when it is closed, and nothing is left of it', async () => {
    const controller = new AbortController();
    const { changes, wait, isWatched, clock } = scene({ signal: controller.signal });
    expect(isWatched()).toEqual([true, true]);
    const calledOff = wait();
    controller.abort();
    await continuations();
    expect([calledOff.isOver, clock.pending]).toEqual([true, 0]);
    const closed = wait();
    changes.close();
    await continuations();
    expect([closed.isOver, clock.pending, isWatched()]).toEqual([true, 0, [false, false]]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
