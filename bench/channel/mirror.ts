import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Link } from '../link.js';
import type { Group, Row } from '../measure.js';
import { durationRow, figureRow, timePerCall } from '../measure.js';
import { PREFIX, recordsOf, slugNumber } from '../stub/leaves.js';
import { whileStubbed } from '../stub/while-stubbed.js';
import { connect } from './connect.js';
import { catchingUp } from './while-catching-up.js';

const LEAVES = 1_000_000;
const TARGET = 2_000;

/** Reads that never leave the process. */
export const readMirror: Group = {
  name: 'channel: read from a mirror of 1,000,000 leaves in memory',
  run() {
    return whileStubbed({ operations: LEAVES, leaves: LEAVES }, async ({ url }) => {
      const dataSource = await connect(url, 'json');
      const { transport } = dataSource;
      const links = dataSource.getRepository(Link);
      const slugs = Array.from({ length: 1000 }, (_, n) => slugNumber((n * 7919) % recordsOf(LEAVES)));
      const slugAt = (call: number): string => slugs[call % slugs.length]!;
      const rows = [
        durationRow(
          'get one leaf through the transport',
          await timePerCall(50_000, (call) => transport.get(`${PREFIX}/${slugAt(call)}/title`)),
          TARGET,
        ),
        durationRow(
          "read a record's leaves through the transport",
          await timePerCall(50_000, (call) => transport.subtree(`${PREFIX}/${slugAt(call)}`)),
          TARGET,
        ),
        durationRow(
          'findOneBy({ slug }), hydrated and validated',
          await timePerCall(20_000, (call) => links.findOneBy({ slug: slugAt(call) })),
        ),
      ];
      await dataSource.destroy();
      return rows;
    });
  },
};

/** Until a new process is live, on a server with nothing new; the same without a mirror, for comparison. */
export const restart: Group = {
  name: 'channel: restart from the LMDB mirror, pages from a stub',
  async run() {
    return [...(await restartWith(100_000)), ...(await restartWith(LEAVES))];
  },
};

async function restartWith(leaves: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dust-orm-bench-'));
  try {
    return await whileStubbed({ operations: leaves, leaves }, async ({ url }) => {
      const first = await catchingUp(url, 'json', folder);
      const again = await catchingUp(url, 'json', folder);
      const shown = leaves.toLocaleString('en');
      return [
        durationRow(`catch-up of ${shown} operations into LMDB`, first.milliseconds * 1e6),
        figureRow('  peak memory, the mapped file included', `${(first.peak / 2 ** 20).toFixed(0)} MiB`),
        durationRow(`restart from ${shown} leaves`, again.milliseconds * 1e6),
      ];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
