import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { WorkUnderWay } from '../../src/work-under-way.js';

describe('work under way', () => {
  it('is waited for, whatever becomes of it, and not what begins later', async () => {
    const work = new WorkUnderWay();
    const ends: (() => void)[] = [];
    const piece = (): Promise<void> => new Promise((resolve) => ends.push(resolve));
    const failing = work.track(piece().then(() => Promise.reject(new Error('no'))));
    void work.track(piece());
    let isDone = false;
    const done = Promise.resolve(work.all()).then(() => (isDone = true));
    void work.track(piece());
    ends[0]?.();
    await expect(failing).rejects.toThrow('no');
    await turnOfTheLoop();
    expect(isDone).toBe(false);
    ends[1]?.();
    await done;
  });

  it('is held no longer than until it has succeeded or failed', async () => {
    const work = new WorkUnderWay();
    expect(work.all()).toBeUndefined();
    await Promise.allSettled([work.track(Promise.resolve(1)), work.track(Promise.reject(new Error('no')))]);
    expect(work.all()).toBeUndefined();
  });
});
