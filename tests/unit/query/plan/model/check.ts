import { isDeepStrictEqual } from 'node:util';
import { compilePageQuery, compileQuery, impliedWithoutOrder } from '../../../../../src/query/index.js';
import type { FindManyOptions, FindPageOptions, RecordReader } from '../../../../../src/query/index.js';
import type { Draw } from './draw.js';
import type { Implying } from './implied.js';
import { seenBy } from './implied.js';
import { naiveMatches, naiveWindow } from './naive.js';
import type { Row } from './row-class.js';
import type { World } from './world.js';

const slugsOf = (rows: readonly Row[]): string[] => rows.map(({ slug }) => slug);

/** One way of asking, and what must come of it. */
interface Question {
  readonly ask: (reader: RecordReader<Row>) => Promise<unknown>;
  readonly expected: unknown;
}

/** What the rows are at the moment. */
export interface Standing {
  /** In store order. */
  readonly rows: readonly Row[];
  /** How many records there are, those among them that can be no entity. */
  readonly records: number;
}

/** The rows as they are read by listings, and how many records there are. */
export async function standingOf(world: World): Promise<Standing> {
  const all = { withDeleted: true, unscoped: true };
  const rows = await world.readers.listed.find(compileQuery(world.metadata, all));
  return { rows, records: await countRecords(world) };
}

/** Ways of asking that are tried of each query, beside `find`. */
const OTHERS = 2;

/** Holds every reader to what a query finds among the rows. @throws Error that says what differs */
export async function checkQuery(
  world: World,
  { rows, records }: Standing,
  query: Implying,
  draw: Draw,
): Promise<void> {
  const { find, ...others } = questionsOn(world, rows, query, draw);
  const names = draw.some(Object.keys(others), OTHERS, OTHERS);
  const asked = [['find', find!] as const, ...names.map((name) => [name, others[name]!] as const)];
  for (const [name, { ask, expected }] of asked) {
    // What is counted without being read counts although it cannot be an entity.
    if (records !== rows.length && COUNTS.includes(name)) continue;
    for (const [way, reader] of Object.entries(world.readers) as [string, RecordReader<Row>][]) {
      let found: unknown;
      try {
        found = await ask(reader);
      } catch (error) {
        throw new Error(`${name}, ${way}: ${String((error as Error).stack)}`);
      }
      if (!isDeepStrictEqual(found, expected)) {
        throw new Error(`${name}, ${way}: found ${text(found)}, expected ${text(expected)}`);
      }
    }
  }
}

const COUNTS = ['count', 'exists', 'findAndCount'];

async function countRecords({ transport, prefix }: World): Promise<number> {
  const slugs = new Set<string>();
  const depth = prefix.split('/').length;
  let after: string | undefined;
  do {
    const page = await transport.listKeys({ pattern: `${prefix}/**`, ...(after !== undefined && { after }) });
    for (const path of page.items) {
      const segments = path.split('/');
      if (segments.length > depth + 1) slugs.add(segments[depth]!);
    }
    after = page.nextCursor ?? undefined;
  } while (after !== undefined);
  return slugs.size;
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));

function questionsOn(
  world: World,
  all: readonly Row[],
  query: Implying,
  draw: Draw,
): Readonly<Record<string, Question>> {
  const { metadata } = world;
  const [rows, plain] = seenBy(world, all, query);
  const matches = naiveMatches(rows, plain);
  const window = naiveWindow(matches, query);
  const compiled = compileQuery(metadata, query as FindManyOptions<Row>);
  const { skip: _skip, take: _take, ...paged } = query;
  const { order: _order, ...natural } = query;
  const { order: __order, ...unsorted } = plain;
  const inStore = naiveMatches(rows, unsorted);
  const unordered = compileQuery(metadata, natural as FindManyOptions<Row>, undefined, impliedWithoutOrder);
  // The same for every reader.
  const takes = Array.from({ length: matches.length + 1 }, () => 1 + draw.int(5));
  const questions: Readonly<Record<string, Question>> = {
    find: { ask: (reader) => reader.find(compiled), expected: window },
    count: { ask: (reader) => reader.count(compiled), expected: matches.length },
    exists: { ask: (reader) => reader.exists(compiled), expected: matches.length > 0 },
    findOne: {
      ask: async (reader) => (await reader.findOne(compiled))?.slug,
      expected: naiveWindow(matches, { ...query, take: 1 })[0]?.slug,
    },
    findAndCount: {
      ask: async (reader) => {
        const [found, count] = await reader.findAndCount(compiled);
        return [slugsOf(found), count];
      },
      expected: [slugsOf(window), matches.length],
    },
    findPage: {
      ask: (reader) => pages(reader, (world) => compilePageQuery(metadata, world), paged, takes),
      expected: pagesOf(slugsOf(matches), takes),
    },
    stream: {
      ask: async (reader) => {
        const found: Row[] = [];
        for await (const row of reader.stream(unordered)) found.push(row);
        return slugsOf(found);
      },
      expected: slugsOf(naiveWindow(inStore, query)),
    },
    everyMatch: {
      ask: async (reader) => (await reader.everyMatch(compiled)).map(({ entity }) => entity.slug),
      expected: slugsOf(inStore),
    },
    explain: {
      ask: async (reader) => (await reader.explain(compiled)).returned,
      expected: window.length,
    },
  };
  return questions;
}

async function pages(
  reader: RecordReader<Row>,
  compile: (options: FindPageOptions<Row>) => Parameters<RecordReader<Row>['findPage']>[0],
  query: Implying,
  takes: readonly number[],
): Promise<unknown> {
  const found: string[][] = [];
  let after: string | null = null;
  for (const take of takes) {
    const page = await reader.findPage(compile({ ...query, take, after }));
    found.push(slugsOf(page.items));
    if (page.hasMore !== (page.cursor !== null)) return 'a cursor without more, or more without a cursor';
    if (!page.hasMore) break;
    after = page.cursor;
  }
  return found;
}

function pagesOf(slugs: readonly string[], takes: readonly number[]): string[][] {
  const found: string[][] = [];
  let start = 0;
  for (const take of takes) {
    found.push(slugs.slice(start, (start += take)));
    if (start >= slugs.length) break;
  }
  return found;
}
