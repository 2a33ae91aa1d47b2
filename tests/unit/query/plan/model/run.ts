import { describeCriteria } from '../../../../../src/query/index.js';
import type { Transport } from '../../../../../src/transport/transport.js';
import type { Standing } from './check.js';
import { checkQuery, standingOf } from './check.js';
import { Draw } from './draw.js';
import { deleteSoftly, implying } from './implied.js';
import { anyQuery } from './queries.js';
import { World } from './world.js';
import { fill, writeSomething } from './writes.js';

/** How much one run does. */
export interface RunSize {
  readonly rounds: number;
  readonly queries: number;
  /** Whether rows can be deleted softly, in classes with scopes. Default: false. */
  readonly isSoft?: boolean;
}

/**
 * Fills a prefix that nobody else uses, and holds random queries to what they should find, between random writes. How many queries
 * it tried.
 *
 * @throws Error with the seed, the query, the indexes and the rows where one found something else
 */
export async function runSeed(
  seed: number,
  transport: Transport,
  prefix: readonly string[],
  { rounds, queries, isSoft = false }: RunSize,
): Promise<number> {
  const draw = new Draw(seed);
  // Draws of its own, so that a seed makes of rows without all that what it always did.
  const soft = isSoft ? new Draw(seed + 1_000_000) : undefined;
  const world = new World(draw, transport, prefix, soft);
  await world.redefine();
  try {
    await fill(world, draw);
    for (let round = 0; round < rounds; round++) {
      if (round > 0 && draw.percent(40)) await world.redefine();
      for (let i = draw.int(4); i > 0; i--) await writeSomething(world, draw);
      for (let i = soft?.int(4) ?? 0; i > 0; i--) await deleteSoftly(world, soft!);
      const standing = await standingOf(world);
      for (let i = 0; i < queries; i++) await tryQuery(world, standing, { draw, soft, seed });
    }
  } finally {
    await world.close();
  }
  return rounds * queries;
}

interface Trial {
  readonly draw: Draw;
  readonly soft: Draw | undefined;
  readonly seed: number;
}

async function tryQuery(world: World, standing: Standing, { draw, soft, seed }: Trial): Promise<void> {
  const plain = anyQuery(draw, world.indexes);
  const query = soft === undefined ? plain : implying(soft, plain);
  try {
    await checkQuery(world, standing, query, draw);
  } catch (error) {
    const indexes = world.indexes.map((parts) => `[${parts.join()}]`).join(' ');
    throw new Error(
      `seed ${seed}: ${(error as Error).message}\n${describeCriteria(query)}\nindexes ${indexes}\n` +
        standing.rows.map((row) => describeCriteria(row)).join('\n'),
    );
  }
}
