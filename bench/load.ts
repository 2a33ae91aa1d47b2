import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from './load/connection.js';
import { JsonClient } from './load/json-client.js';
import { MemoryLevel, slopeOfSecondHalf, startMaxEnd } from './load/memory-level.js';
import { percentiles } from './load/percentiles.js';
import { whileServed } from './load/served-store.js';
import { currentSeq, lostWrites } from './load/verify.js';
import type { Group, Row } from './measure.js';
import { figureRow, rateRow } from './measure.js';

const CONNECTIONS = 50;
/** `BENCH_LOAD_SECONDS` shortens it while one works on it. */
const SECONDS = Number(process.env.BENCH_LOAD_SECONDS ?? 30);
const MOST_REQUESTS = 1_000_000;
const SINGLE_SECONDS = Math.min(3, SECONDS);
const STORE = 'bench/load';
const TOKEN = 'dust_tok_bench_load_test';

export const load: Group = {
  name: `load: ${CONNECTIONS} connections, 70 % reads and 30 % writes, for ${SECONDS} s on a served LMDB store`,
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'dust-orm-bench-'));
    const served = { store: STORE, token: TOKEN, data: join(folder, 'data') };
    try {
      const loaded = await whileServed(served, loadAndVerify);
      return [...loaded.rows, ...(await whileServed(served, ({ url }) => verifyAgain(url, loaded)))];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Loaded {
  readonly rows: readonly Row[];
  readonly acknowledged: ReadonlyMap<string, string>;
  /** What the store's seq has to be. */
  readonly seq: number;
}

async function loadAndVerify({ url, pid }: { url: string; pid: number }): Promise<Loaded> {
  const client = new JsonClient(url, STORE, TOKEN, CONNECTIONS);
  const connections = Array.from({ length: CONNECTIONS }, (_, index) => new Connection(client, index));
  const memory = new MemoryLevel(pid);
  const seconds = await mixedWork(connections);
  memory.stop();

  const acknowledged = new Map(connections.flatMap((connection) => [...connection.acknowledged]));
  const operations = connections.reduce((total, connection) => total + connection.operations, 0);
  const lost = await lostWrites(client, acknowledged);
  const seq = await currentSeq(client);
  const single = await writesOfOne(client);
  client.close();

  const reads = connections.flatMap((connection) => connection.reads);
  const writes = connections.flatMap((connection) => connection.writes);
  const errors = connections.flatMap((connection) => connection.errors);
  for (const error of errors.slice(0, 5)) console.error(`  ${error}`);
  const rows = [
    rateRow('requests', (reads.length + writes.length) / seconds),
    rateRow('acknowledged operations (a batch is ten)', operations / seconds),
    figureRow('reads: p50 / p95 / p99 / max', percentiles(reads)),
    figureRow('writes: p50 / p95 / p99 / max', percentiles(writes)),
    rateRow('acknowledged PUTs, one connection', single.perSecond),
    figureRow('memory of the server: start / max / end', startMaxEnd(memory.resident)),
    figureRow('  without the mapped data file', startMaxEnd(memory.own)),
    figureRow('  its slope in the second half', `${slopeOfSecondHalf(memory.own).toFixed(1)} MiB / min`),
    noneRow('wrong answers and errors', errors.length),
    noneRow(`writes lost, of ${operations.toLocaleString('en')}`, lost.length),
    noneRow('seqs too many or too few', Math.abs(seq - operations)),
  ];
  // Besides the load: the write that told the seq, and those of the one connection.
  return { rows, acknowledged, seq: operations + 1 + single.writes };
}

async function verifyAgain(url: string, { acknowledged, seq }: Loaded): Promise<Row[]> {
  const client = new JsonClient(url, STORE, TOKEN, 1);
  const lost = await lostWrites(client, acknowledged);
  const seqNow = await currentSeq(client);
  client.close();
  return [
    noneRow('after SIGTERM and restart: writes lost', lost.length),
    noneRow('after SIGTERM and restart: seqs too many or too few', Math.abs(seqNow - seq)),
  ];
}

/** Seconds it took. */
async function mixedWork(connections: readonly Connection[]): Promise<number> {
  const started = performance.now();
  const end = started + SECONDS * 1000;
  let requests = 0;
  const isOver = (): boolean => performance.now() >= end || ++requests > MOST_REQUESTS;
  await Promise.all(connections.map((connection) => connection.run(isOver)));
  return (performance.now() - started) / 1000;
}

/** What a lone writer, which shares its commits with nobody, gets acknowledged. */
async function writesOfOne(client: JsonClient): Promise<{ writes: number; perSecond: number }> {
  const started = performance.now();
  let writes = 0;
  while (performance.now() < started + SINGLE_SECONDS * 1000) {
    const { status } = await client.send('PUT', '/entries/single', ++writes);
    if (status !== 200) throw new Error(`PUT was answered with ${status}`);
  }
  return { writes, perSecond: (writes * 1000) / (performance.now() - started) };
}

/** A row that must be zero: when it is not, the whole run fails. */
function noneRow(work: string, count: number): Row {
  if (count > 0) process.exitCode = 1;
  return { work, result: count.toLocaleString('en'), target: 'none', met: count === 0 };
}
