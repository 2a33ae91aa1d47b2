// One owner for a data folder: threads, processes, containers and test runners want the same one, again and again. Each
// is refused as `locked` while the owner lives, and has it when the owner is gone. A refusal counts only when it came
// while the owner still had the folder, so that nobody waits for anybody. Timings are not looked at.
//   npm run drive -- ownership --rounds 50      (--vitest 0 leaves the test runner out, which is installed for this,
//                                                --skip 16 the first 16 trials)
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numbers } from './parts/options.mjs';
import { inCluster, inContainer, inProcess, inThread, mayMakeNamespaces } from './parts/owners.mjs';
import { Tally } from './parts/tally.mjs';
import { runVitest, vitestProject } from './parts/test-runner.mjs';

const { rounds, vitest, skip } = numbers({ rounds: 5, vitest: 1, skip: 0 });
const nameOf = ({ type, detail }) => (detail === undefined ? type : `${type} ${detail}`);
const results = [];
let trials = 0;

async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'dust-orm-drive-'));
  try {
    await work(join(folder, 'data'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function trial(title, round) {
  if (trials++ < skip) return;
  const tally = new Tally(title);
  for (let n = 0; n < rounds; n++) await inFolder((path) => round(tally, path, n));
  results.push(tally.report());
}

/** `first` has the folder and can write; `second` is refused while it does, and has it when `end` has ended the first. */
async function twoWantIt(tally, first, second, end) {
  const one = first();
  tally.expect(`the first ${nameOf(await one.next())}`, true);
  const two = second();
  const refusal = await two.next();
  tally.expect(`the second ${nameOf(refusal)}`, refusal.detail === 'locked');
  tally.expect(refusal.turns > 0 ? 'its event loop turned' : 'its event loop stood still', refusal.turns > 0);
  one.tell('write');
  const written = nameOf(await one.next());
  tally.expect(`the first ${written}`, written === 'wrote');
  await two.end();
  await end(one);
  await one.ended;
  const three = second();
  const opened = nameOf(await three.next());
  tally.expect(`the second, afterwards, ${opened}`, opened === 'opened');
  await three.end();
}

const told = (order) => (owner) => owner.tell(order);
const killed = (owner) => owner.end();

for (const order of ['close', 'end', 'throw', 'exit']) {
  await trial(`two threads, the first told to ${order}`, (tally, path) =>
    twoWantIt(
      tally,
      () => inThread(path),
      () => inThread(path),
      told(order),
    ),
  );
}
await trial('two threads, the first terminated', (tally, path) =>
  twoWantIt(
    tally,
    () => inThread(path),
    () => inThread(path),
    killed,
  ),
);
await trial('four threads at once', async (tally, path, n) => {
  const four = [1, 2, 3, 4].map(() => inThread(path));
  const outcomes = (await Promise.all(four.map((owner) => owner.next()))).map(nameOf).sort();
  const wanted = ['opened', 'refused locked', 'refused locked', 'refused locked'];
  tally.expect(outcomes.join(' + '), outcomes.join() === wanted.join());
  for (const owner of four) owner.tell(n % 2 === 0 ? 'close' : 'end');
  await Promise.all(four.map(({ ended }) => ended));
});
await trial('two processes, the first killed', (tally, path) =>
  twoWantIt(
    tally,
    () => inProcess(path),
    () => inProcess(path),
    killed,
  ),
);
await trial('two processes, the first stopped', async (tally, path) => {
  const one = inProcess(path);
  await one.next();
  one.child.kill('SIGSTOP');
  const two = inProcess(path);
  const refusal = nameOf(await two.next());
  tally.expect(`the second ${refusal}`, refusal === 'refused locked');
  one.child.kill('SIGCONT');
  one.tell('write');
  tally.expect(`the first ${nameOf(await one.next())}`, true);
  await Promise.all([one.end(), two.end()]);
});
await trial('a cluster of four', async (tally, path) => {
  const four = [1, 2, 3, 4].map(() => inCluster(path));
  const outcomes = (await Promise.all(four.map((owner) => owner.next()))).map(nameOf);
  tally.expect(
    outcomes.toSorted().join(' + '),
    outcomes.filter((outcome) => outcome === 'opened').length === 1,
  );
  await Promise.all(four.map((owner) => owner.end()));
});

if (mayMakeNamespaces) {
  for (const [title, first, second] of [
    ['pid 1 in both, other host names', { host: 'web-1', pids: 0 }, { host: 'web-2', pids: 0 }],
    ['pid 1 in both, one host name', { host: 'web', pids: 0 }, { host: 'web', pids: 0 }],
    ['other pids, one host name', { host: 'web', pids: 3 }, { host: 'web', pids: 0 }],
  ]) {
    await trial(`two containers, ${title}`, (tally, path) =>
      twoWantIt(
        tally,
        () => inContainer(path, first),
        () => inContainer(path, second),
        killed,
      ),
    );
  }
} else console.log('containers: left out, they need root on Linux');

const project = vitest > 0 ? await vitestProject() : undefined;
if (project !== undefined) {
  const runs = [
    // Each file has a thread of its own, which ends with it: what it left open is free.
    { pool: 'threads', kind: 'leaving', parallel: false, all: true },
    { pool: 'threads', kind: 'destroying', parallel: false, all: true },
    { pool: 'threads', kind: 'leaving', parallel: true },
    // Files share threads: what one left open is still open when the next one runs, unless it was destroyed.
    { pool: 'vmThreads', kind: 'destroying', parallel: false, all: true },
    { pool: 'vmThreads', kind: 'leaving', parallel: false },
    { pool: 'vmThreads', kind: 'destroying', parallel: true },
  ];
  for (const options of runs) {
    const { pool, kind, parallel, all = false } = options;
    await trial(`vitest, ${pool}, ${kind}, ${parallel ? 'side by side' : 'in turn'}`, async (tally) => {
      const { ended, outcomes } = await runVitest(project, options);
      tally.expect(`the run ${ended}`, ended === 'passed');
      for (const outcome of outcomes) {
        tally.expect(outcome, outcome === 'opened' || (!all && outcome === 'storage locked'));
      }
      tally.expect(`${outcomes.length} files`, outcomes.length === 4);
      if (!outcomes.includes('opened')) tally.expect('nobody opened it', false);
    });
  }
  rmSync(project, { recursive: true, force: true });
}

process.exit(results.every(Boolean) ? 0 : 1);
