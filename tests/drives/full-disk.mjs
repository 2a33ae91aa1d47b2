// Stores on disks without room: from 4 KiB, where none can be made, to 4 MiB, where the disk is full in the middle of
// writes. A new store is refused as `write_failed` and opens when there is room; an open one refuses writes, loses none,
// stays readable, closes, opens while the disk is full, and goes on when there is room. Needs root on Linux.
//   npm run drive -- full-disk --rounds 3
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { numbers } from './parts/options.mjs';
import { ENTRY, mayMakeNamespaces } from './parts/owners.mjs';
import { Tally } from './parts/tally.mjs';

const PROGRAM = fileURLToPath(new URL('parts/full-disk-program.mjs', import.meta.url));
const WRITE_FAILED = 'DustError storage write_failed';
const { rounds, step } = numbers({ rounds: 1, step: 12 });

if (!mayMakeNamespaces) {
  console.log('full-disk: left out, it needs root on Linux');
  process.exit();
}

/** Every few KiB where a store is made and its first transactions are written, then in larger steps. */
function sizesOf(round) {
  const small = Array.from({ length: Math.floor(320 / step) }, (_, i) => 4 + i * step + 4 * (round % 3));
  return [...small, 400, 512, 1000, 2048, 4096].map((size) => size + 4 * (round % 5));
}

async function reportOf(size) {
  const disk = mkdtempSync(join(tmpdir(), 'dust-orm-drive-disk-'));
  try {
    const args = ['-m', process.execPath, PROGRAM, ENTRY, disk, String(size)];
    const { stdout } = await promisify(execFile)('unshare', args);
    return JSON.parse(stdout);
  } catch (error) {
    return { ended: String(error.signal ?? error.code) };
  } finally {
    rmSync(disk, { recursive: true, force: true });
  }
}

const tally = new Tally('disks without room');
for (let round = 0; round < rounds; round++) {
  for (const size of sizesOf(round)) {
    const report = await reportOf(size);
    tally.expect(`ended by ${report.ended ?? 'itself'}`, report.ended === undefined);
    if (report.ended !== undefined) continue;
    tally.expect(`first: ${report.opening}`, ['opened', WRITE_FAILED].includes(report.opening));
    tally.expect(`with room: ${report.later}`, report.later === 'opened');
    for (const refusal of Object.keys(report.writing)) {
      tally.expect(`writes: ${refusal}`, refusal === WRITE_FAILED);
    }
    tally.expect(`destroy: ${report.closing}`, report.closing === 'closed');
    const { lostWhileFull = 0, lostWhenOpenedFull = 0, lost = 0 } = report;
    const all = lostWhileFull + lostWhenOpenedFull + lost;
    tally.expect(all === 0 ? 'nothing lost' : 'lost what was acknowledged', all === 0);
  }
}
process.exit(tally.report() ? 0 : 1);
