import { assert, asyncProperty, integer, noShrink, record } from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreStorage } from '../../../src/store/index.js';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import type { Happened } from './model/run.js';
import { runCluster } from './model/run.js';
import { sampleSize } from '../../sample-size.js';

const scripts = (
  steps: number,
): Parameters<typeof record<{ seed: number; members: number; steps: number }>>[0] => ({
  seed: noShrink(integer({ min: 0, max: 1_000_000 })),
  members: integer({ min: 1, max: 4 }),
  steps: integer({ min: 50, max: steps }),
});

/** `CLUSTER_RUNS` draws another number of them. */
const RUNS = Number(process.env.CLUSTER_RUNS ?? sampleSize(40));

describe('nodes of whatever history are what a plain store makes of their log, and told everybody the truth', () => {
  it('in memory', async () => {
    const all: Happened[] = [];
    const inMemory = async (script: { seed: number; members: number; steps: number }): Promise<void> => {
      all.push(await runCluster(script));
    };
    await assert(asyncProperty(record(scripts(700)), inMemory), { numRuns: RUNS, endOnFailure: true });
    // A history in which nothing happens shows nothing; a few may have little in them.
    if (RUNS < 40) return;
    for (const name of ['trimmed', 'filled', 'replaced', 'interrupted'] as const) {
      expect([name, all.filter((happened) => happened[name] > 0).length > 0]).toEqual([name, true]);
    }
  }, 600_000);

  it('in folders', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dust-cluster-'));
    let run = 0;
    const inFolders = async (script: { seed: number; members: number; steps: number }): Promise<void> => {
      const parent = join(folder, String(run++));
      const open = (index: number, generation: number): Promise<StoreStorage> =>
        openLmdbStorage({ path: join(parent, `${index}-${generation}`) });
      await runCluster({ ...script, open });
    };
    try {
      const numRuns = Math.ceil(RUNS / 10);
      await assert(asyncProperty(record(scripts(400)), inFolders), { numRuns, endOnFailure: true });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 600_000);
});
