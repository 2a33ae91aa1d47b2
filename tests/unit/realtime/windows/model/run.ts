import { isDeepStrictEqual } from 'node:util';
import { describeCriteria } from '../../../../../src/query/index.js';
import type { LiveOptions } from '../../../../../src/realtime/index.js';
import type { Transport } from '../../../../../src/transport/transport.js';
import { Draw } from '../../../query/plan/model/draw.js';
import type { Implying } from '../../../query/plan/model/implied.js';
import { deleteSoftly, implying, seenBy } from '../../../query/plan/model/implied.js';
import type { PlainQuery } from '../../../query/plan/model/naive.js';
import { naiveMatches, naiveWindow } from '../../../query/plan/model/naive.js';
import { anyQuery } from '../../../query/plan/model/queries.js';
import type { Row } from '../../../query/plan/model/row-class.js';
import { World } from '../../../query/plan/model/world.js';
import { fill, writeSomething } from '../../../query/plan/model/writes.js';
import { settled } from '../../support/recording-logger.js';
import { Shadow } from './shadow.js';
import { WatchedWay } from './watched-way.js';

/** How much one run does. */
export interface RunSize {
  readonly rounds: number;
  readonly queries: number;
  readonly writes: number;
  /** Whether rows can be deleted softly, in classes with scopes. Default: false. */
  readonly isSoft?: boolean;
}

interface Draws {
  readonly draw: Draw;
  readonly soft: Draw | undefined;
}

interface Watching {
  readonly query: Implying;
  readonly lists: Row[][];
}

/**
 * Has random live queries watched while random commits are made, one by one and several at once, and holds every list to what plain
 * objects say. How often live queries read the store.
 *
 * @throws Error with the seed, the query and the indexes where a list is wrong
 */
export async function runWindows(
  seed: number,
  transport: Transport,
  prefix: readonly string[],
  size: RunSize,
): Promise<number> {
  const draw = new Draw(seed);
  const way = new WatchedWay(transport, draw);
  const soft = size.isSoft === true ? new Draw(seed + 1_000_000) : undefined;
  const world = new World(draw, way, prefix, soft);
  await world.redefine();
  try {
    await fill(world, draw);
    for (let round = 0; round < size.rounds; round++) {
      if (round > 0 && draw.percent(40)) await world.redefine();
      await watchSome(world, way, { draw, soft }, size).catch((error: unknown) => {
        throw new Error(`seed ${seed}: ${(error as Error).message}`);
      });
    }
  } finally {
    await world.close();
  }
  return way.walks;
}

async function watchSome(world: World, way: WatchedWay, { draw, soft }: Draws, size: RunSize): Promise<void> {
  const shadow = await Shadow.of(world);
  const watching: Watching[] = [];
  const subscriptions = Array.from({ length: size.queries }, () => {
    const plain = watchedQuery(draw, world);
    const query = soft === undefined ? plain : implying(soft, plain);
    const lists: Row[][] = [];
    watching.push({ query, lists });
    return world.rows.live(query as LiveOptions<Row>).subscribe((list) => lists.push(list));
  });
  const isAhead = draw.percent(30);
  try {
    if (!isAhead || draw.percent(50)) await until(() => watching.every(({ lists }) => lists.length > 0));
    way.refused = draw.percent(30) ? 10 : 0;
    const before = way.refusals;
    for (let i = 0; i < size.writes; i++) {
      if (isAhead && draw.percent(70)) await writeAtOnce(world, draw);
      else await writeSomething(world, draw);
      if (soft?.percent(40) === true) await deleteSoftly(world, soft);
      if (draw.percent(5)) await someIndexes(world, draw);
      await settled();
    }
    way.refused = 0;
    const mayLeaveOut = isAhead || way.refusals > before;
    for (const each of watching) {
      const expected = distinct(shadow.states.map((rows) => windowOf(world, rows, each.query)));
      await until(() => isDeepStrictEqual(each.lists.at(-1), expected.at(-1)));
      check(each, expected, mayLeaveOut, world);
    }
  } finally {
    way.refused = 0;
    for (const subscription of subscriptions) subscription.unsubscribe();
    shadow.end();
  }
}

/** Commits that are all there before anybody is told of the first, of few records, some of which change several times. */
async function writeAtOnce({ transport, prefix }: World, draw: Draw): Promise<void> {
  const slugs = draw.some(['a', 'b', 'ab', 'z', '0', 'c'], 3, 5);
  const write = () => {
    const path = `${prefix}/${draw.of(slugs)}`;
    if (draw.percent(25)) return { op: 'delete' as const, path };
    return { op: 'set' as const, path, value: { the_str: draw.of(['a', 'b', 'z']), int: draw.int(3) } };
  };
  const commits = Array.from({ length: 2 + draw.int(4) }, () =>
    Array.from({ length: 1 + draw.int(3) }, write),
  );
  await Promise.all(commits.map((operations) => transport.batchWrite(operations)));
}

function watchedQuery(draw: Draw, { indexes }: World): PlainQuery {
  const query = anyQuery(draw, indexes);
  return draw.percent(15) ? query : { ...query, take: 1 + draw.int(5) };
}

async function someIndexes(world: World, draw: Draw): Promise<void> {
  const all = world.metadata.indexes.map(({ definition }) => definition);
  await world.transport.useIndexes?.(world.prefix, draw.some(all, 0, all.length));
}

/** @throws Error when a list is none that there was, or comes at the wrong place, or is missing */
function check(
  { query, lists }: Watching,
  expected: readonly Row[][],
  mayLeaveOut: boolean,
  { indexes }: World,
): void {
  const shown = distinct(lists);
  let at = 0;
  const isInOrder = shown.every((list) => {
    const found = expected.findIndex((each, i) => i >= at && isDeepStrictEqual(each, list));
    at = found + 1;
    return found !== -1;
  });
  const isWhole = mayLeaveOut || shown.length === expected.length;
  if (isInOrder && isWhole && isDeepStrictEqual(shown.at(-1), expected.at(-1))) return;
  const slugs = (all: readonly Row[][]): string =>
    all.map((rows) => rows.map((r) => r.slug).join()).join(' | ');
  throw new Error(
    `${describeCriteria(query)} by indexes ${indexes.map((parts) => `[${parts.join()}]`).join(' ')} showed ` +
      `${slugs(shown)}, expected ${slugs(expected)}`,
  );
}

function windowOf(world: World, rows: readonly Row[], query: Implying): Row[] {
  const [seen, plain] = seenBy(world, rows, query);
  return naiveWindow(naiveMatches(seen, plain), plain);
}

/** Without those that are as the one before. */
function distinct(lists: readonly Row[][]): Row[][] {
  return lists.filter((list, i) => i === 0 || !isDeepStrictEqual(list, lists[i - 1]));
}

const PATIENCE = 50;

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < PATIENCE && !isSo(); turn++) await settled();
}
