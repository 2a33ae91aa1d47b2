// A new node that takes a snapshot of a million leaves while clients write to another one: `npm run cluster:restore -- --leaves 1000000`. Over a
// PostgreSQL pair of its own, on this machine. Ends with exit code 1 when a write that was acknowledged is missing, or the nodes differ.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';
import { parseArgs } from 'node:util';
import { builtProgram } from '../parts/built-program.js';
import { freePort } from '../parts/free-port.js';
import { LocalPair } from '../parts/local-pair.js';
import type { RestoreReport } from './restore-under-writes.js';
import { restoreUnderWrites } from './restore-under-writes.js';

const { values } = parseArgs({ args: argv.slice(2), options: { leaves: { type: 'string' } } });
const leaves = Number(values.leaves ?? 1_000_000);
if (!(leaves >= 5_000) || leaves % 5 !== 0) {
  console.error('npm run cluster:restore -- [--leaves 1000000]: 5,000 or more, and five a record');
  process.exit(2);
}

const started = performance.now();
const tell = (text: string): void => {
  console.log(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${text}`);
};
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

async function restore(home: string, ends: (() => Promise<unknown>)[]): Promise<RestoreReport> {
  const local = await LocalPair.prepare({ home });
  ends.push(() => local.end());
  await local.make();
  tell('PostgreSQL runs with a synchronous standby');
  const ports = [await freePort(), await freePort()] as const;
  return restoreUnderWrites({ url: local.url, leaves, home, program: builtProgram(), ports, tell });
}

function report(found: RestoreReport): void {
  const { snapshot, before, meanwhile } = found;
  console.log(`
leaves                                              ${found.leaves.toLocaleString('en')}
the snapshot                                        ${(snapshot.bytes / 2 ** 20).toFixed(1)} MiB
it was behind the log by                            ${found.behindAtFirst} frames
the new node followed the log after                 ${seconds(found.restored)}, ${found.behindThen} frames behind
it was ready after                                  ${seconds(found.ready)}
acknowledged writes                                 ${found.acknowledged}
longest time without one, before and meanwhile      ${before.nobody} ms, ${meanwhile.nobody} ms
longest that one client waited                      ${before.one} ms, ${meanwhile.one} ms
`);
  for (const text of found.violations) console.log(`BROKEN  ${text}`);
  console.log(`broken promises: ${found.violations.length}`);
}

const home = mkdtempSync(join(tmpdir(), 'dust-cluster-restore-'));
const ends: (() => Promise<unknown>)[] = [];
async function endAll(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end().catch(() => undefined);
  rmSync(home, { recursive: true, force: true });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Nodes are begun by this process, and get the signal of its terminal, too.
  process.once(signal, () => {
    void endAll().then(() => process.exit(130));
  });
}
try {
  const found = await restore(home, ends);
  report(found);
  process.exitCode = found.violations.length === 0 ? 0 : 1;
} finally {
  await endAll();
}
