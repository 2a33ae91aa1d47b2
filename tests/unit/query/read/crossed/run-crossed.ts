import { isDeepStrictEqual } from 'node:util';
import type { FindManyOptions, FindPageOptions, RecordReader } from '../../../../../src/query/index.js';
import { compilePageQuery, compileQuery, describeCriteria } from '../../../../../src/query/index.js';
import type { Transport } from '../../../../../src/transport/transport.js';
import { standingOf } from '../../plan/model/check.js';
import { Draw } from '../../plan/model/draw.js';
import type { PlainQuery } from '../../plan/model/naive.js';
import { naiveMatches, naiveWindow } from '../../plan/model/naive.js';
import { anyQuery } from '../../plan/model/queries.js';
import type { Row } from '../../plan/model/row-class.js';
import { World } from '../../plan/model/world.js';
import { fill, writeSomething } from '../../plan/model/writes.js';

/** Records of a turn. */
const TURN = 3;

/** What one run saw. */
export interface Crossed {
  /** Turns that somebody wrote behind. */
  readonly writes: number;
  /** The most records that one turn looked at. */
  readonly longest: number;
}

const slugsOf = (rows: readonly Row[]): string[] => rows.map(({ slug }) => slug);

/** What is asked of a reader, and what comes of it for rows. */
type Question = (
  query: PlainQuery,
  world: World,
) => {
  readonly ask: (reader: RecordReader<Row>) => Promise<unknown>;
  readonly expected: (rows: readonly Row[]) => unknown;
  /** Whether it counts records unread, also those that can be no entity. */
  readonly counts?: boolean;
};

const QUESTIONS: readonly Question[] = [
  (query, { metadata }) => ({
    ask: (reader) => reader.find(compileQuery(metadata, query as FindManyOptions<Row>)),
    expected: (rows) => naiveWindow(naiveMatches(rows, query), query),
  }),
  ({ skip: _skip, take: _take, ...query }, { metadata }) => ({
    ask: async (reader) => {
      const options = { ...query, take: 4 } as FindPageOptions<Row>;
      return slugsOf((await reader.findPage(compilePageQuery(metadata, options))).items);
    },
    expected: (rows) => slugsOf(naiveMatches(rows, query).slice(0, 4)),
  }),
  ({ order: _order, ...query }, { metadata }) => ({
    ask: async (reader) => {
      const matches = await reader.everyMatch(compileQuery(metadata, query as FindManyOptions<Row>));
      return matches.map(({ entity }) => entity);
    },
    expected: (rows) => naiveMatches(rows, query),
  }),
  (query, { metadata }) => ({
    ask: async (reader) => {
      const compiled = compileQuery(metadata, query as FindManyOptions<Row>);
      const slugs = await reader.fold(
        compiled,
        () => [] as string[],
        (sofar, { slug }) => sofar.push(slug),
      );
      return slugs.sort();
    },
    expected: (rows) => slugsOf(naiveMatches(rows, query)).sort(),
  }),
  (query, { metadata }) => ({
    ask: (reader) => reader.count(compileQuery(metadata, query as FindManyOptions<Row>)),
    expected: (rows) => naiveMatches(rows, query).length,
    counts: true,
  }),
  (query, { metadata }) => ({
    ask: async (reader) => {
      const [found, count] = await reader.findAndCount(compileQuery(metadata, query as FindManyOptions<Row>));
      return [slugsOf(found), count];
    },
    expected: (rows) => {
      const matches = naiveMatches(rows, query);
      return [slugsOf(naiveWindow(matches, query)), matches.length];
    },
    counts: true,
  }),
];

/**
 * Asks random queries while somebody writes between any two turns of the reads, and holds each to the rows of the moment at which it began.
 *
 * @throws Error with the seed, the query and the indexes where one found something else
 */
export async function runCrossed(
  seed: number,
  transport: Transport,
  prefix: readonly string[],
  rounds: number,
): Promise<Crossed> {
  const draw = new Draw(seed);
  const world = new World(draw, transport, prefix);
  await world.redefine();
  let [writes, longest] = [0, 0];
  try {
    await fill(world, draw);
    const reader = world.reader({
      begin: () => {
        let records = 0;
        return () => {
          longest = Math.max(longest, ++records);
          return records >= TURN;
        };
      },
      pause: async () => {
        writes++;
        await writeSomething(world, draw);
      },
    });
    for (let round = 0; round < rounds; round++) {
      const query = anyQuery(draw, world.indexes);
      const { ask, expected, counts = false } = draw.of(QUESTIONS)(query, world);
      const { rows, records } = await standingOf(world);
      if (counts && records !== rows.length) continue;
      const found = await ask(reader);
      const wanted = expected(rows);
      if (isDeepStrictEqual(found, wanted)) continue;
      const indexes = world.indexes.map((parts) => `[${parts.join()}]`).join(' ');
      throw new Error(
        `seed ${seed}: ${describeCriteria(query)} by indexes ${indexes} found ${text(found)}, ` +
          `expected ${text(wanted)}`,
      );
    }
  } finally {
    await world.close();
  }
  return { writes, longest };
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));
