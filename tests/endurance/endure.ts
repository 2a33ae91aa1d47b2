import { DRIVES, LIVES } from './all-drives.js';
import { expectNothingLeft, repeat, TIMES } from './repeat.js';
import type { EnduranceRow, OpenRow } from './rows.js';
import type { Drive, World } from './world.js';
import { LANES, openWorld } from './world.js';

/** Opening and closing takes a folder or a connection: few at a time, and together as often as others each. */
const LIVES_AT_A_TIME = 4;
const LIFE_TIMES = Math.ceil(TIMES / LIVES.length);

/** More than there are LMDB readers, where all of them are called for. */
const ALONE = Math.ceil(TIMES / 5);

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

    it.each(DRIVES)('by %s', async (_name, drive) => {
      // One after the other, as a script does, and many at a time, as a server does.
      const both = async (): Promise<void> => {
        await repeat(world, drive, ALONE, 1);
        await repeat(world, drive, TIMES - ALONE);
      };
      await expectNothingLeft(world, both, TIMES);
    });

    it('by all of them in turns', async () => {
      // Each lane does something else at each moment.
      const mixed: Drive = (all, lane, turn) => DRIVES[turn % DRIVES.length]?.[1](all, lane, turn);
      const calls = DRIVES.length * LANES;
      await expectNothingLeft(world, () => repeat(world, mixed, calls), calls);
    });

    it.each(LIVES)('by %s', async (_name, drive) => {
      await repeat(world, drive, LIVES_AT_A_TIME, LIVES_AT_A_TIME);
      await expectNothingLeft(world, () => repeat(world, drive, LIFE_TIMES, LIVES_AT_A_TIME), LIFE_TIMES);
    });
  });
}
