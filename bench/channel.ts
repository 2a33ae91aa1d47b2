import { DataSource } from 'dust-orm';
import { Link } from './link.js';
import { whileServed } from './load/served-store.js';
import type { Group, Row } from './measure.js';
import { durationRow, rateRow } from './measure.js';

const STORE = 'bench/channel';
const TOKEN = 'dust_tok_bench_channel';

/** Writes that are under way at once, and how many are made. */
const WRITES = 20_000;

/** Operations that a new client catches up with. */
const OPERATIONS = 100_000;

/** The prefix that {@link Link} lies under: the mirror keeps it. */
const PREFIX = 'bench/links';

export const channel: Group = {
  name: 'channel: one client on a served store in memory, one loopback socket',
  run() {
    return whileServed({ store: STORE, token: TOKEN }, async ({ url }) => {
      const sets = await rateOfWrites(url, (transport, n) =>
        transport.set(`${PREFIX}/s${n % 1000}/title`, n),
      );
      const increments = await rateOfWrites(url, (transport, n) =>
        transport.increment(`${PREFIX}/s${n % 1000}/rank`, 1),
      );
      return [
        rateRow(`acknowledged sets, ${WRITES.toLocaleString('en')} at once`, sets),
        rateRow('acknowledged increments, under a session fence', increments),
        await catchUp(url),
      ];
    });
  },
};

async function rateOfWrites(
  url: string,
  write: (transport: DataSource['transport'], n: number) => Promise<unknown>,
): Promise<number> {
  const dataSource = await connect(url);
  const { transport } = dataSource;
  await write(transport, 0);
  const started = process.hrtime.bigint();
  for (let done = 0; done < WRITES; done += 5000) {
    await Promise.all(Array.from({ length: 5000 }, (_, n) => write(transport, n)));
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  await dataSource.destroy();
  return WRITES / seconds;
}

/** How long a client with an empty mirror takes until it is live. */
async function catchUp(url: string): Promise<Row> {
  const writer = await connect(url);
  const { storeSeq } = await writer.transport.status();
  for (let seq = storeSeq; seq < OPERATIONS; seq += 1000) {
    await writer.transport.batchWrite(
      Array.from({ length: 1000 }, (_, n) => ({ op: 'set', path: `${PREFIX}/c${seq + n}/title`, value: n })),
    );
  }
  await writer.destroy();
  const started = process.hrtime.bigint();
  const reader = await connect(url);
  const elapsed = Number(process.hrtime.bigint() - started);
  const caughtUp = (await reader.transport.status()).storeSeq;
  await reader.destroy();
  return durationRow(`catch-up of ${caughtUp.toLocaleString('en')} operations`, elapsed);
}

function connect(url: string): Promise<DataSource> {
  return new DataSource({ url, token: TOKEN, store: STORE, entities: [Link] }).initialize();
}
