import { setImmediate as turn } from 'node:timers/promises';
import { TestClock } from '../../../src/testing/test-clock.js';

describe('TestClock', () => {
  it('stands still until it is moved', async () => {
    const clock = new TestClock(1000);
    expect(clock.now()).toBe(1000);
    await clock.advance(250);
    expect(clock.now()).toBe(1250);
  });

  it('starts at a Date, or at one of its own', () => {
    expect(new TestClock(new Date('2030-05-01T00:00:00Z')).now()).toBe(Date.UTC(2030, 4, 1));
    expect(new Date(new TestClock().now()).toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  it('runs due callbacks in the order of their times, then of their scheduling, each at its own time', async () => {
    const clock = new TestClock(0);
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name}@${clock.now()}`);
    clock.schedule(note('late'), 300);
    clock.schedule(note('first'), 100);
    clock.schedule(note('second'), 100);
    clock.schedule(note('never'), 301);

    await clock.advance(300);

    expect(ran).toEqual(['first@100', 'second@100', 'late@300']);
    expect(clock.now()).toBe(300);
    expect(clock.pending).toBe(1);
  });

  it('runs a callback scheduled by a callback when it falls due on the way', async () => {
    const clock = new TestClock(0);
    const ran: number[] = [];
    const again = (): void => {
      ran.push(clock.now());
      clock.schedule(again, 100);
    };
    clock.schedule(again, 100);
    await clock.advance(350);
    expect(ran).toEqual([100, 200, 300]);
    expect(clock.now()).toBe(350);
  });

  it('lets promises settle between two callbacks', async () => {
    const clock = new TestClock(0);
    const ran: number[] = [];
    const renew = async (): Promise<void> => {
      await Promise.resolve();
      await Promise.resolve();
      ran.push(clock.now());
      clock.schedule(() => void renew(), 100);
    };
    clock.schedule(() => void renew(), 100);
    await clock.advance(300);
    expect(ran).toEqual([100, 200, 300]);
  });

  it('lets what was begun before get under way first', async () => {
    const clock = new TestClock(0);
    const ran: number[] = [];
    const begin = async (): Promise<void> => {
      await Promise.resolve();
      clock.schedule(() => ran.push(clock.now()), 100);
    };
    void begin();
    await clock.advance(150);
    expect(ran).toEqual([100]);
  });

  it('does not run what was called off, also by an earlier callback', async () => {
    const clock = new TestClock(0);
    const callback = jest.fn();
    const cancel = clock.schedule(callback, 100);
    clock.schedule(cancel, 50);
    await clock.advance(200);
    cancel();
    expect(callback).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });

  it('calls off one of two callbacks that are the same function', async () => {
    const clock = new TestClock(0);
    const callback = jest.fn();
    clock.schedule(callback, 10);
    clock.schedule(callback, 10)();
    await clock.advance(10);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('runs what is due now when it is advanced by nothing', async () => {
    const clock = new TestClock(0);
    const callback = jest.fn();
    clock.schedule(callback, -5);
    expect(callback).not.toHaveBeenCalled();
    await clock.advance(0);
    expect(callback).toHaveBeenCalledTimes(1);
    expect(clock.now()).toBe(0);
  });

  it.each([-1, NaN])('does not go back (%p)', async (ms) => {
    const clock = new TestClock(0);
    await expect(clock.advance(ms)).rejects.toMatchObject({ kind: 'invalid_params' });
    expect(clock.now()).toBe(0);
  });

  describe('follows', () => {
    /** Resolves after more turns of the event loop than promises take to settle. */
    const later = async (turns: number): Promise<void> => {
      for (let i = 0; i < turns; i++) await turn();
    };

    it('what takes longer than promises: time stands still meanwhile', async () => {
      const clock = new TestClock(0);
      let underWay: Promise<unknown> | undefined;
      clock.follow(() => underWay);
      const ran: number[] = [];
      const renew = (): void => {
        underWay = later(10).then(() => {
          underWay = undefined;
          ran.push(clock.now());
          clock.schedule(renew, 100);
        });
      };
      clock.schedule(renew, 100);
      await clock.advance(350);
      expect(ran).toEqual([100, 200, 300]);
    });

    it('no longer than it is told to', async () => {
      const clock = new TestClock(0);
      const following = jest.fn();
      clock.follow(following)();
      await clock.advance(100);
      expect(following).not.toHaveBeenCalled();
    });

    it('nobody for ever who begins again each time', async () => {
      const clock = new TestClock(0);
      clock.follow(() => Promise.resolve());
      await clock.advance(1);
      expect(clock.now()).toBe(1);
    });
  });
});
