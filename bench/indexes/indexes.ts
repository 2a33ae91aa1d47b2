import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';
import { DataSource } from 'dust-orm';
import type { Group, Row } from '../measure.js';
import { compare, countRow, durationRow, ratioRow } from '../measure.js';
import { Bare, ByAuthor, ByTwo, CLASSES, postNumber } from './posts.js';
import { longestTurns } from './longest-turn.js';

const DEFAULT_RECORDS = 1_000_000;
const CHUNK = 10_000;

/** Writes as many records as it is told: only when it is asked for. */
export const indexes: Group = {
  name: 'indexes: what they cost',
  onlyByName: true,
  async run() {
    const place = argv.indexOf('--records');
    const records = place < 0 ? DEFAULT_RECORDS : Number(argv[place + 1]);
    return [
      ...(await costOfWrites()),
      await bytesPerEntry(),
      ...(await longestTurns()),
      ...(await builtOnDisk(records)),
    ];
  },
};

/** Inserts into classes with none to three indexes, which take turns. */
async function costOfWrites(): Promise<Row[]> {
  const sources = await Promise.all(
    CLASSES.map((entity) => new DataSource({ entities: [entity], logging: false }).initialize()),
  );
  const next = sources.map(() => 0);
  const oneByOne = sources.map((source, i) => {
    const posts = source.getRepository(CLASSES[i]!);
    return () => posts.insert(postNumber(next[i]!++));
  });
  const inBatches = sources.map((source, i) => {
    const posts = source.getRepository(CLASSES[i]!);
    return () => posts.insert(Array.from({ length: 1_000 }, () => postNumber(next[i]!++)));
  });
  const single = await compare(2_000, oneByOne);
  const batch = await compare(5, inBatches);
  for (const source of sources) await source.destroy();
  return [1, 2, 3].flatMap((count) => [
    ratioRow(`insert in memory, ${count} of 3 indexes ÷ one less`, single[count]! / single[count - 1]!, {
      atMost: 1.25,
    }),
    ratioRow(`insert of 1,000, ${count} of 3 indexes ÷ one less`, batch[count]! / batch[count - 1]!, {
      atMost: 1.25,
    }),
  ]);
}

/** What an index adds to the heap for each record, its value included. */
async function bytesPerEntry(): Promise<Row> {
  const records = 200_000;
  const heapOf = async (entity: typeof Bare): Promise<number> => {
    const source = await new DataSource({
      entities: [entity],
      logging: false,
      validation: false,
    }).initialize();
    await fill(source, entity, records);
    globalThis.gc?.();
    const { heapUsed } = process.memoryUsage();
    await source.destroy();
    return heapUsed;
  };
  const bare = await heapOf(Bare);
  const indexed = await heapOf(ByAuthor);
  return countRow('bytes of heap for an entry of an index', Math.round((indexed - bare) / records), 150);
}

/** An index over records that are there already, and a folder that has it. */
async function builtOnDisk(records: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dust-orm-indexes-'));
  const path = join(folder, 'data');
  const openIn = async (entity: typeof Bare): Promise<number> => {
    const started = process.hrtime.bigint();
    const source = await new DataSource({ entities: [entity], path, logging: false }).initialize();
    const elapsed = Number(process.hrtime.bigint() - started);
    await source.destroy();
    return elapsed;
  };
  try {
    const source = await new DataSource({
      entities: [Bare],
      path,
      logging: false,
      validation: false,
    }).initialize();
    await fill(source, Bare, records);
    await source.destroy();
    const size = records.toLocaleString('en');
    const opened = await openIn(Bare);
    const built = await openIn(ByAuthor);
    const again = await openIn(ByAuthor);
    const second = await openIn(ByTwo);
    return [
      durationRow(`open a folder of ${size} records`, opened, 0.5e9),
      durationRow('the same with a new index, which is built', built, 15e9),
      durationRow('the same with one that was built', again, 0.5e9),
      durationRow('the same with a second one, which is built', second, 15e9),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(source: DataSource, entity: typeof Bare, records: number): Promise<void> {
  const posts = source.getRepository(entity);
  for (let n = 0; n < records; n += CHUNK) {
    await posts.insertMany(Array.from({ length: Math.min(CHUNK, records - n) }, (_, i) => postNumber(n + i)));
  }
}
