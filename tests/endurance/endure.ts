import { DRIVES, LIVES } from './all-drives.js';
import { expectNothingLeft, repeat, TIMES } from './repeat.js';
import type { EnduranceRow, OpenRow } from './rows.js';
import type { World } from './world.js';
import { LANES, openWorld } from './world.js';

/** Opening and closing takes a folder or a connection: few at a time, and together as often as others each. */
const LIVES_AT_A_TIME = 4;
const LIFE_TIMES = Math.ceil(TIMES / LIVES.length);

/** Often enough that all code has been run, all connections are made and all tables have grown. */
const WARM_UP = LANES;

/** The endurance row of the contract: everything a thousand times on one transport, alone and mixed. */
export function endure(row: EnduranceRow): void {
  describe(`on ${row.name} nothing is left behind`, () => {
    let open: OpenRow;
    let world: World;

    beforeAll(async () => {
      open = await row.open();
      world = await openWorld(open);
      for (const [, drive] of DRIVES) await repeat(world, drive, WARM_UP);
    });
    afterAll(async () => {
      await world.dataSource.destroy();
      await open.close();
    });

    it.each(DRIVES)('by %s', (_name, drive) => expectNothingLeft(world, () => repeat(world, drive), TIMES));

    it('by all of them in turns', async () => {
      const rounds = Math.ceil(TIMES / LANES);
      const mixed = async (): Promise<void> => {
        for (let turn = 0; turn < rounds; turn++) {
          // Each lane does something else at each moment.
          const calls = DRIVES.map(([, drive], i) => drive(world, (i + turn) % LANES, turn));
          await Promise.allSettled(calls);
        }
      };
      await expectNothingLeft(world, mixed, rounds * DRIVES.length);
    });

    it.each(LIVES)('by %s', async (_name, drive) => {
      await repeat(world, drive, LIVES_AT_A_TIME, LIVES_AT_A_TIME);
      await expectNothingLeft(world, () => repeat(world, drive, LIFE_TIMES, LIVES_AT_A_TIME), LIFE_TIMES);
    });
  });
}
