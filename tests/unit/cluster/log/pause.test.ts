import { backoff } from '../../../../src/cluster/log/backoff.js';
import { Pause } from '../../../../src/cluster/log/pause.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { goOn } from '../model/turns.js';

function begin(pause: Pause, signal = new AbortController().signal): { isOver: boolean } {
  const wait = { isOver: false };
  void pause.wait(100, signal).then(() => {
    wait.isOver = true;
  });
  return wait;
}

describe('a pause', () => {
  it('ends in its time', async () => {
    const clock = new TestClock();
    const wait = begin(new Pause(clock));
    await clock.advance(99);
    await goOn();
    expect(wait.isOver).toBe(false);
    await clock.advance(1);
    await goOn();
    expect(wait.isOver).toBe(true);
  });

  it.each(['woken', 'called off'])('ends when it is %s, and leaves nothing', async (how) => {
    const clock = new TestClock();
    const pause = new Pause(clock);
    const end = new AbortController();
    const wait = begin(pause, end.signal);
    await goOn();
    if (how === 'woken') pause.wake();
    else end.abort();
    await goOn();
    expect(wait.isOver).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('is none when it was woken before, once', async () => {
    const pause = new Pause(new TestClock());
    pause.wake();
    const first = begin(pause);
    await goOn();
    const second = begin(pause);
    await goOn();
    expect([first.isOver, second.isOver]).toEqual([true, false]);
  });

  it('is none when it was called off before', async () => {
    const clock = new TestClock();
    const wait = begin(new Pause(clock), AbortSignal.abort());
    await goOn();
    expect(wait.isOver).toBe(true);
    expect(clock.pending).toBe(0);
  });
});

it.each([
  [1, 50],
  [2, 100],
  [6, 1_600],
  [7, 2_000],
  [1_000, 2_000],
])('after %d failures one waits for up to %d ms', (failures, most) => {
  expect(backoff(failures, () => 1)).toBe(most);
  expect(backoff(failures, () => 0.5)).toBe(most / 2);
});
