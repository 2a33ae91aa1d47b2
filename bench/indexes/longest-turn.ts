import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DataSource, Like } from 'dust-orm';
import type { Repository } from 'dust-orm';
import type { Row } from '../measure.js';
import { durationRow, median } from '../measure.js';
import { ByAuthor, postNumber } from './posts.js';

const RECORDS = 100_000;
const ROUNDS = 5;

/** What may hold others up is the longest turn of the event loop while many records are read. */
const READS: Readonly<Record<string, (posts: Repository<ByAuthor>) => Promise<unknown>>> = {
  find: (posts) => posts.find(),
  'find in another order': (posts) => posts.find({ order: { rank: 'ASC' } }),
  'count with a scan': (posts) => posts.countBy({ note: Like('%read%') }),
  average: (posts) => posts.average('rank'),
  findPage: (posts) => posts.findPage({ where: { note: Like('%none%') }, take: 20 }),
};

/** The longest turn of each read of 100,000 records, the median of some rounds. */
export async function longestTurns(): Promise<Row[]> {
  const source = await new DataSource({
    entities: [ByAuthor],
    logging: false,
    validation: false,
  }).initialize();
  const posts = source.getRepository(ByAuthor);
  for (let n = 0; n < RECORDS; n += 10_000) {
    await posts.insertMany(Array.from({ length: 10_000 }, (_, i) => postNumber(n + i)));
  }
  const rows: Row[] = [];
  for (const [name, read] of Object.entries(READS)) {
    const turns: number[] = [];
    for (let round = 0; round < ROUNDS; round++) turns.push(await longestTurn(() => read(posts)));
    rows.push(durationRow(`longest turn of ${name} of ${RECORDS.toLocaleString('en')}`, median(turns), 20e6));
  }
  await source.destroy();
  return rows;
}

/** In nanoseconds, the millisecond that the monitor itself waits left out. */
async function longestTurn(read: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  await read();
  await new Promise((resolve) => setImmediate(resolve));
  monitor.disable();
  return Math.max(0, monitor.max - 1e6);
}
