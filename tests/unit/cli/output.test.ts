import { Output, isBrokenPipe } from '../../../src/cli/output/output.js';
import { Screen } from './cli-world.js';

it('leaves a stream as it was found', async () => {
  const screen = new Screen(true);
  const output = new Output(screen);
  expect(output.isTerminal).toBe(true);
  await output.line('text');
  output.release();
  expect(screen.text).toBe('text\n');
  expect(screen.listenerCount('error')).toBe(0);
});

it('hears of a failure as often as the stream tells it', async () => {
  const screen = new Screen(false);
  screen.breaksAfter = 0;
  const output = new Output(screen);
  const told = new Promise<void>((resolve) => {
    screen.on('close', resolve);
  });
  const failure: unknown = await output.write('text').catch((error: unknown) => error);
  output.release();
  expect(isBrokenPipe(failure)).toBe(true);
  // An error event that nobody hears would end the process here.
  await told;
  await expect(output.write('more')).rejects.toBe(failure);
});
