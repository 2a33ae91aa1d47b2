import type { Clock } from '../../src/clock.js';
import { DeadlineQueue } from '../../src/deadline-queue.js';
import { NotingClock } from './sync/noting-clock.js';

function scene() {
  const clock = new NotingClock(0);
  const expired: string[] = [];
  const queue = new DeadlineQueue<string>(clock, 100, (item) => expired.push(`${item} ${clock.now()}`));
  return { clock, queue, expired };
}

describe('deadlines', () => {
  it('fall due one after the other, watched with one timer that the process stays for', async () => {
    const { clock, queue, expired } = scene();
    queue.add('a');
    await clock.advance(30);
    queue.add('b');
    expect(clock.pending).toBe(1);
    await clock.advance(69);
    expect(expired).toEqual([]);
    await clock.advance(1);
    expect([expired, clock.pending]).toEqual([['a 100'], 1]);
    await clock.advance(30);
    expect([expired, clock.pending]).toEqual([['a 100', 'b 130'], 0]);
    expect(new Set(clock.kept)).toEqual(new Set([true]));
  });

  it('that are set when all before have fallen due are watched too', async () => {
    const { clock, queue, expired } = scene();
    queue.add('a');
    await clock.advance(100);
    queue.add('b');
    await clock.advance(100);
    expect(expired).toEqual(['a 100', 'b 200']);
  });

  it('are called off one by one: with the last goes the timer', async () => {
    const { clock, queue, expired } = scene();
    const [a, b] = [queue.add('a'), queue.add('b')];
    a();
    a();
    expect(clock.pending).toBe(1);
    b();
    expect(clock.pending).toBe(0);
    queue.add('c');
    await clock.advance(100);
    expect(expired).toEqual(['c 100']);
  });

  it('are called off all at once, and those set later fall due alone', async () => {
    const { clock, queue, expired } = scene();
    queue.add('a');
    queue.clear();
    expect(clock.pending).toBe(0);
    queue.add('b');
    await clock.advance(100);
    expect(expired).toEqual(['b 100']);
  });

  it('stand still from the beginning of time, however often they are told to', async () => {
    const { clock, queue, expired } = scene();
    queue.add('a');
    queue.suspend();
    await clock.advance(50);
    queue.suspend();
    queue.add('b');
    await clock.advance(50);
    expect(clock.pending).toBe(0);
    queue.resume();
    await clock.advance(99);
    expect(expired).toEqual([]);
    await clock.advance(1);
    expect(expired).toEqual(['a 200', 'b 200']);
  });

  it('that passed while nobody looked fall due at once when time goes on', () => {
    let now = 0;
    const waits: number[] = [];
    const clock: Clock = {
      now: () => now,
      schedule: (_callback, ms) => {
        waits.push(ms);
        return () => undefined;
      },
    };
    const queue = new DeadlineQueue<string>(clock, 100, () => undefined);
    queue.add('a');
    now = 150;
    queue.suspend();
    now = 1000;
    queue.resume();
    expect(waits).toEqual([100, 0]);
  });
});
