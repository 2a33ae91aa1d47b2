import { Output } from '../../../src/cli/output/output.js';
import { Progress } from '../../../src/cli/output/progress.js';
import { WorkProgress } from '../../../src/cli/output/work-progress.js';
import { systemClock } from '../../../src/clock.js';
import { Screen } from './cli-world.js';

function watched(isTerminal: boolean, total?: number) {
  const time = { now: 0 };
  const screen = new Screen(isTerminal);
  const clock = { ...systemClock, now: () => time.now, monotonic: () => time.now };
  const work = new WorkProgress(new Progress(new Output(screen)), clock, { unit: 'leaves', total });
  const at = async (now: number, done: number): Promise<string> => {
    time.now = now;
    screen.text = '';
    await work.tell(done);
    return screen.text.replace('\r\u001B[K', '');
  };
  return at;
}

describe('the progress of a work', () => {
  it('is told with its rate and the time left, where the whole is known', async () => {
    const at = watched(true, 100_000);
    expect(await at(0, 0)).toBe('0 of 100,000 leaves');
    expect(await at(500, 2000)).toBe('2,000 of 100,000 leaves');
    expect(await at(2000, 10_000)).toBe('10,000 of 100,000 leaves, 5,000 a second, 18 s left');
    expect(await at(600_000, 50_000)).toBe('50,000 of 100,000 leaves, 83 a second, 10 min left');
    expect(await at(700_000, 120_000)).toBe('120,000 of 100,000 leaves, 171 a second, 0 s left');
  });

  it('is told with its rate alone where nobody knows the whole', async () => {
    const at = watched(true);
    expect(await at(1000, 1500)).toBe('1,500 leaves, 1,500 a second');
  });

  it('is told ten times a second at the most', async () => {
    const at = watched(true);
    expect(await at(0, 1)).toBe('1 leaves');
    expect(await at(99, 2)).toBe('');
    expect(await at(100, 3)).toBe('3 leaves');
  });

  it('is not told where no person looks', async () => {
    expect(await watched(false)(0, 1)).toBe('');
  });
});
