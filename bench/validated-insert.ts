import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'dust-orm';
import type { Repository } from 'dust-orm';
import { Link, linkNumber } from './link.js';
import type { Group, Row } from './measure.js';
import { median, rateRow } from './measure.js';

const RECORDS = 50_000;
const ROUNDS = 5;

export const validatedInsert: Group = {
  name: 'validated insert of a record of six fields',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'dust-orm-bench-'));
    try {
      return [
        ...(await insertInto('memory', undefined, { bulk: 100_000 })),
        ...(await insertInto('LMDB', join(folder, 'data'), { bulk: 50_000 })),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function insertInto(name: string, path: string | undefined, targets: { bulk: number }): Promise<Row[]> {
  const dataSource = await new DataSource({
    entities: [Link],
    ...(path === undefined ? {} : { path }),
  }).initialize();
  const links = dataSource.getRepository(Link);
  const records = Array.from({ length: RECORDS }, (_, n) => linkNumber(n));
  const rows = [
    rateRow(`${name}: insertMany`, await rate(links, records, () => links.insertMany(records)), targets.bulk),
    rateRow(
      `${name}: insert, 1,000 at a time`,
      await rate(links, records, async () => {
        for (let i = 0; i < RECORDS; i += 1000) {
          await Promise.all(records.slice(i, i + 1000).map((record) => links.insert(record)));
        }
      }),
    ),
    rateRow(
      `${name}: insert, one after the other`,
      await rate(links, records.slice(0, 5_000), async (some) => {
        for (const record of some) await links.insert(record);
      }),
    ),
  ];
  await dataSource.destroy();
  return rows;
}

async function rate(
  links: Repository<Link>,
  records: readonly Link[],
  work: (records: readonly Link[]) => Promise<unknown>,
): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    await links.clear();
    const started = process.hrtime.bigint();
    await work(records);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (round > 0) rates.push(records.length / seconds);
  }
  return median(rates);
}
