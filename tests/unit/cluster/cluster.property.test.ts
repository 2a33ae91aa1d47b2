import { assert, asyncProperty, integer, noShrink, record } from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { runCluster } from './model/run.js';

const scripts = (
  steps: number,
): Parameters<typeof record<{ seed: number; members: number; steps: number }>>[0] => ({
  seed: noShrink(integer({ min: 0, max: 1_000_000 })),
  members: integer({ min: 1, max: 4 }),
  steps: integer({ min: 50, max: steps }),
});

/** `CLUSTER_RUNS` draws more of them. */
const RUNS = Number(process.env.CLUSTER_RUNS ?? 40);

describe('nodes of whatever history are what a plain store makes of their log, and told everybody the truth', () => {
  it('in memory', async () => {
    await assert(asyncProperty(record(scripts(400)), runCluster), { numRuns: RUNS, endOnFailure: true });
  }, 600_000);

  it('in folders', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dust-cluster-'));
    let run = 0;
    const inFolders = async (script: { seed: number; members: number; steps: number }): Promise<void> => {
      const parent = join(folder, String(run++));
      const openers = Array.from(
        { length: script.members },
        (_, i) => () => openLmdbStorage({ path: join(parent, String(i)) }),
      );
      await runCluster({ ...script, openers });
    };
    try {
      const numRuns = Math.ceil(RUNS / 10);
      await assert(asyncProperty(record(scripts(200)), inFolders), { numRuns, endOnFailure: true });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 600_000);
});
