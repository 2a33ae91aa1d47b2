import { assert, asyncProperty, integer, noShrink, record } from 'fast-check';
import { runCluster } from './model/run.js';

const RUNS = Number(process.env.CLUSTER_RUNS ?? 60);

it('nodes of whatever history are what a plain store makes of their log, and told everybody the truth', async () => {
  const scripts = record({
    seed: noShrink(integer({ min: 0, max: 1_000_000 })),
    members: integer({ min: 1, max: 4 }),
    steps: integer({ min: 50, max: 400 }),
  });
  await assert(asyncProperty(scripts, runCluster), { numRuns: RUNS, endOnFailure: true });
}, 600_000);
