import { setTimeout } from 'node:timers/promises';
import type { DataSource } from 'dust-orm';
import { Link, linkNumber } from '../link.js';
import { whileServed } from '../load/served-store.js';
import type { Group, Row } from '../measure.js';
import { countRow, median, rateRow } from '../measure.js';
import { PREFIX } from '../stub/leaves.js';
import type { Stub } from '../stub/while-stubbed.js';
import { whileStubbed } from '../stub/while-stubbed.js';
import type { Serialization } from './connect.js';
import { STORE, TOKEN, connect } from './connect.js';

const TARGET = 50_000;

/** Callers at once, each of whom writes again as soon as the last write is acknowledged. */
const CALLERS = 256;
const WRITES = 30_000;
const ROUNDS = 5;

/** The engine's window, `limits.inFlight`. */
const WINDOW = 64;

const RECORDS = 1000;

type Write = (dataSource: DataSource, n: number) => Promise<unknown>;

const set: Write = ({ transport }, n) => transport.set(`${PREFIX}/s${n % RECORDS}/title`, `title ${n}`);
const merge: Write = ({ transport }, n) =>
  transport.merge(`${PREFIX}/s${n % RECORDS}`, { title: `title ${n}`, rank: n });
const increment: Write = ({ transport }, n) => transport.increment(`${PREFIX}/s${n % RECORDS}/views`, 1);
const update: Write = (dataSource, n) =>
  dataSource.getRepository(Link).update(linkNumber(n % RECORDS).slug, { rank: n });

/** The client against a server that only acknowledges, one core each. */
export const writesToStub: Group = {
  name: `channel: acknowledged pipelined writes against a stub, one loopback socket, ${CALLERS} callers`,
  async run() {
    const json = await rowsOfStub('json', {
      set,
      merge,
      'increment, fenced': increment,
      'repository.update': update,
    });
    return [...json, ...(await rowsOfStub('messagepack', { set, merge }))];
  },
};

/** The same against the whole server. */
export const writesToServer: Group = {
  name: 'channel: acknowledged pipelined writes against `dust-orm serve` in memory',
  run() {
    return whileServed({ store: STORE, token: TOKEN }, async ({ url }) => [
      rateRow('set, json', await rateOf(url, 'json', set)),
      rateRow('increment, fenced, json', await rateOf(url, 'json', increment)),
      rateRow('set, messagepack', await rateOf(url, 'messagepack', set)),
    ]);
  },
};

function rowsOfStub(serialization: Serialization, writes: Readonly<Record<string, Write>>): Promise<Row[]> {
  return whileStubbed({}, async (stub) => {
    const { url } = stub;
    const rows: Row[] = [];
    for (const [name, write] of Object.entries(writes)) {
      rows.push(rateRow(`${name}, ${serialization}`, await rateOf(url, serialization, write), TARGET));
    }
    return [
      ...rows,
      countRow(
        `in flight while nothing is answered, ${serialization}`,
        await inFlight(stub, serialization),
        WINDOW,
      ),
    ];
  });
}

async function inFlight({ url, hold, release }: Stub, serialization: Serialization): Promise<number> {
  const dataSource = await connect(url, serialization);
  await hold();
  const writes = Array.from({ length: CALLERS }, (_, n) => set(dataSource, n));
  await setTimeout(100);
  const waiting = await release();
  await Promise.all(writes);
  await dataSource.destroy();
  return waiting;
}

async function rateOf(url: string, serialization: Serialization, write: Write): Promise<number> {
  const dataSource = await connect(url, serialization);
  if (write === update) {
    const records = Array.from({ length: RECORDS }, (_, n) => linkNumber(n));
    await Promise.all(records.map((record) => dataSource.getRepository(Link).insert(record)));
  }
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const started = process.hrtime.bigint();
    await pipelined((n) => write(dataSource, n));
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (round > 0) rates.push(WRITES / seconds);
  }
  await dataSource.destroy();
  return median(rates);
}

async function pipelined(write: (n: number) => Promise<unknown>): Promise<void> {
  let asked = 0;
  const caller = async (): Promise<void> => {
    while (asked < WRITES) await write(asked++);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}
