import type { ServedStore } from '../load/served-store.js';
import { whileServed } from '../load/served-store.js';
import { residentPeak } from '../load/memory-level.js';
import type { Group, Row } from '../measure.js';
import { durationRow, figureRow } from '../measure.js';
import { leafNumber } from '../stub/leaves.js';
import { whileStubbed } from '../stub/while-stubbed.js';
import type { Serialization } from './connect.js';
import { STORE, TOKEN, connect } from './connect.js';
import type { ClientReport } from './while-catching-up.js';
import { catchingUp, filling } from './while-catching-up.js';

const TARGET = 6e9;
const MILLION = 1_000_000;
/** Operations that write these again and again need no more memory than the leaves do. */
const FEW_LEAVES = 10_000;
const BATCH = 1000;

/** A client with an empty mirror, from its start until it is live. */
export const catchUpWithStub: Group = {
  name: 'channel: catch-up of an empty mirror in memory, pages from a stub, client in a process of its own',
  async run() {
    return [
      ...(await rowsOf(100_000, 100_000, 'json')),
      ...(await rowsOf(MILLION, FEW_LEAVES, 'json')),
      ...(await rowsOf(MILLION, MILLION, 'json', TARGET)),
      ...(await rowsOf(MILLION, MILLION, 'messagepack', TARGET)),
    ];
  },
};

/** The same from the whole server: what its log keeps, and a snapshot for what it does not (PROTOCOL §4). */
export const catchUpWithServer: Group = {
  name: 'channel: catch-up of an empty mirror in memory, from `dust-orm serve` in memory',
  async run() {
    return [...(await rowsOfServer(100_000)), ...(await rowsOfServer(MILLION))];
  },
};

async function rowsOf(
  operations: number,
  leaves: number,
  serialization: Serialization,
  atMost?: number,
): Promise<Row[]> {
  const alone = await filling(leaves);
  const report = await whileStubbed({ operations, leaves }, ({ url }) => catchingUp(url, serialization));
  const work = `${shown(operations)} operations on ${shown(leaves)} leaves, ${serialization}`;
  return rowsOfReport(work, operations, report, alone, atMost);
}

function rowsOfServer(operations: number): Promise<Row[]> {
  return whileServed({ store: STORE, token: TOKEN }, async ({ url, pid }: ServedStore) => {
    await writeLeaves(url, operations);
    const before = residentPeak(pid);
    const [alone, report] = [await filling(operations), await catchingUp(url, 'json')];
    const rows = rowsOfReport(`${shown(operations)} operations on as many leaves`, operations, report, alone);
    return [
      ...rows,
      figureRow(
        '  the server: peak before / after',
        `${mebibytes(before)} / ${mebibytes(residentPeak(pid))}`,
      ),
    ];
  });
}

function rowsOfReport(
  work: string,
  operations: number,
  report: ClientReport,
  alone: ClientReport,
  atMost?: number,
): Row[] {
  if (report.storeSeq < operations) throw new Error(`the mirror stands at ${report.storeSeq}`);
  return [
    durationRow(work, report.milliseconds * 1e6, atMost),
    figureRow(
      '  peak memory / of the same leaves alone',
      `${mebibytes(report.peak)} / ${mebibytes(alone.peak)}`,
    ),
    figureRow(
      '  heap at the end / of the same leaves alone',
      `${mebibytes(report.heap)} / ${mebibytes(alone.heap)}`,
    ),
  ];
}

async function writeLeaves(url: string, leaves: number): Promise<void> {
  const writer = await connect(url, 'json');
  for (let first = 0; first < leaves; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, leaves - first) }, (_, n) => leafNumber(first + n));
    await writer.transport.batchWrite(batch.map((leaf) => ({ op: 'set', ...leaf })));
  }
  await writer.destroy();
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

function shown(count: number): string {
  return count.toLocaleString('en');
}
