import { expectNothingLeft, repeat, TIMES } from './repeat.js';
import type { OpenRow } from './rows.js';
import { ROWS } from './rows.js';
import type { Drive, World } from './world.js';
import { openWorld } from './world.js';

describe('what is left behind is told of', () => {
  const left: unknown[] = [];
  let open: OpenRow;
  let world: World;

  beforeAll(async () => {
    open = await ROWS.memory.open();
    world = await openWorld(open);
  });
  afterAll(async () => {
    left.length = 0;
    await world.dataSource.destroy();
    await open.close();
  });

  const round = (drive: Drive) => expectNothingLeft(world, () => repeat(world, drive), TIMES);

  it('on the heap', async () => {
    const leaking = round(() => left.push(new Array(5000).fill(0)));
    await expect(leaking).rejects.toThrow(/^\d+ bytes are left of \d+ calls, the \d+th time$/);
  });

  it('and nothing where nothing is', () => round(() => new Array(5000).fill(0)));

  it('as listeners', async () => {
    const listener = (): void => undefined;
    await expect(
      round(() => {
        world.signal.addEventListener('abort', () => listener());
      }),
    ).rejects.toThrow(`left behind: ${TIMES} more of listeners of the one AbortSignal than 0`);
  });
});
