import { DataSource } from 'dust-orm';
import { Link, linkNumber } from './link.js';
import type { Group, Row } from './measure.js';
import { durationRow, timePerCall } from './measure.js';

const FIELDS = 6;

export const listAndGet: Group = {
  name: 'read from the embedded store in memory',
  async run() {
    return [...(await readFrom(10_000)), ...(await readFrom(1_000_000))];
  },
};

async function readFrom(leaves: number): Promise<Row[]> {
  const records = Math.ceil(leaves / FIELDS);
  const dataSource = await new DataSource({ entities: [Link], validation: false }).initialize();
  const links = dataSource.getRepository(Link);
  await links.insertMany(numbers(records));
  const { transport } = dataSource;

  const size = `${leaves.toLocaleString('en')} leaves`;
  const middle = linkNumber(Math.floor(records / 2)).slug;
  const slugAt = (call: number): string => linkNumber((call * 7919) % records).slug;
  const slugs = Array.from({ length: 1000 }, (_, i) => slugAt(i));
  const rows = [
    durationRow(
      `get one leaf, ${size}`,
      await timePerCall(20_000, (call) => transport.get(`bench/links/${slugs[call % 1000]!}/title`)),
    ),
    durationRow(
      `read one record's leaves, ${size}`,
      await timePerCall(20_000, (call) => transport.subtree(`bench/links/${slugs[call % 1000]!}`)),
    ),
    durationRow(
      `findOneBy({ slug }), ${size}`,
      await timePerCall(5_000, (call) => links.findOneBy({ slug: slugs[call % 1000]! })),
    ),
    durationRow(
      `list 100 leaves from the middle, ${size}`,
      await timePerCall(500, () =>
        transport.list({ pattern: 'bench/links/**', after: `bench/links/${middle}/title`, limit: 100 }),
      ),
    ),
    durationRow(`find({ take: 100 }), ${size}`, await timePerCall(50, () => links.find({ take: 100 }))),
  ];
  await dataSource.destroy();
  return rows;
}

function* numbers(count: number): Generator<Link> {
  for (let n = 0; n < count; n++) yield linkNumber(n);
}
