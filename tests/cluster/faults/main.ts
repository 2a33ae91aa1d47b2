// Real faults on a real cluster: `npm run cluster:faults -- --minutes 10 --seed 7`. Three nodes with copies on disks of their own, a
// PostgreSQL primary with a synchronous standby, and clients, each on a machine with an address, which network namespaces stand for.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env } from 'node:process';
import { parseArgs } from 'node:util';
import { drive } from './drive.js';
import type { Way } from './enter.js';
import { findWay, runWithin } from './enter.js';
import { MUTANTS } from './load/mutants.js';

const USAGE = `npm run cluster:faults -- [--minutes 10] [--seed 7] [--ci] [--only <words of a fault>] [--mutant ${Object.keys(MUTANTS).join(' | ')}]
  --ci      each fault once`;
/** What the process within is told by. */
const WAY = 'DUST_FAULTS_WAY';
const HOME = 'DUST_FAULTS_HOME';

const args = argv.slice(2);
const { values } = parseArgs({
  args,
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    mutant: { type: 'string' },
    ci: { type: 'boolean' },
  },
});
const minutes = values.ci === true ? undefined : Number(values.minutes ?? 10);
const seed = Number(values.seed ?? 1);
const { only, mutant } = values;
if (
  (minutes !== undefined && !(minutes > 0)) ||
  !Number.isSafeInteger(seed) ||
  (mutant !== undefined && !Object.hasOwn(MUTANTS, mutant))
) {
  console.error(USAGE);
  process.exit(2);
}

const { [WAY]: way, [HOME]: home } = env;
if (way !== undefined && home !== undefined) {
  const isRight = await drive({ way: way as Way, home, minutes, seed, only, mutant });
  // What is left within ends with this process.
  process.exit(isRight ? 0 : 1);
}
const folder = mkdtempSync(join(tmpdir(), 'dust-cluster-faults-'));
// PostgreSQL runs as somebody else, who must get to what lies within.
chmodSync(folder, 0o711);
try {
  process.exitCode = await runWithin(findWay(), args, { [WAY]: findWay(), [HOME]: folder });
} catch (error) {
  console.error(`cluster:faults: ${(error as Error).message}`);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
