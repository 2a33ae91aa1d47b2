// A long run of everything at once, that must leave the level of memory, descriptors, readers and files as it is, and
// lose nothing: `npm run soak -- --minutes 10 --seed 3`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { DataSource } from 'dust-orm';
import { randomInts } from '../faults/random-ints.js';
import { backUp } from './backups.js';
import { churn, downloadAndHangUp } from './churn.js';
import { Gate } from './gate.js';
import { GAUGES, sample } from './gauges.js';
import type { Sample } from './gauges.js';
import { judge } from './levels.js';
import { Model } from './model.js';
import { Scene, reopened } from './scene.js';
import { Soaked } from './soaked.js';
import type { Tally } from './writer.js';
import { write } from './writer.js';

/** Writers of each data source. */
const WRITERS = 4;
/** Others who pass the gate: churn on both, downloads, backups. */
const OTHERS = 4;
/** Looks at the gauges in a run. */
const SAMPLES = 40;
/** Two in each quarter, or else no median says anything. */
const FEWEST = 8;
/**
 * Milliseconds between two cuts of all connections, at the least and the most: a connection that lasts less than ten
 * seconds makes its client wait longer before the next, and a client that waits writes nothing.
 */
const CUTS = [11_000, 16_000] as const;
/** Milliseconds for connections that were cut to come back before anything is measured. */
const SETTLING = 300;

const option = { type: 'string' } as const;
const { values } = parseArgs({ args: argv.slice(2), options: { minutes: option, seed: option } });
const minutes = Number(values.minutes ?? 10);
const seed = Number(values.seed ?? 1);
if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new Error('--minutes and --seed take numbers');

const home = await mkdtemp(join(tmpdir(), 'dust-soak-'));
try {
  if (!(await soak())) process.exitCode = 1;
} finally {
  await rm(home, { recursive: true, force: true });
}

async function soak(): Promise<boolean> {
  const scene = await Scene.open(home);
  const models = { embedded: new Model(), remote: new Model() };
  const tallies = { embedded: newTally(), remote: newTally() };
  const samples: Sample[] = [];
  const counts: Record<string, number> = {};
  try {
    const end = performance.now() + minutes * 60_000;
    const isOver = (): boolean => performance.now() > end;
    const gate = new Gate(2 * WRITERS + OTHERS);
    const loop = { gate, isOver };
    const writers = (['embedded', 'remote'] as const).flatMap((kind, k) =>
      Array.from({ length: WRITERS }, (_, i) => {
        const random = randomInts(seed * 1000 + k * WRITERS + i);
        const parts = { dataSource: scene[kind], name: `w${i}`, model: models[kind], tally: tallies[kind] };
        return write({ ...parts, random, ...loop });
      }),
    );
    const counted = async (name: string, work: Promise<number>): Promise<void> => {
      counts[name] = (counts[name] ?? 0) + (await work);
    };
    await Promise.all([
      ...writers,
      counted('subscriptions', churn({ dataSource: scene.embedded, ...loop })),
      counted('subscriptions', churn({ dataSource: scene.remote, ...loop })),
      counted('downloads', downloadAndHangUp(scene.direct, loop)),
      counted('backups', backUp(scene.embedded, join(home, 'backup'), loop)),
      counted('cuts', cutConnections(scene, loop)),
      watchGauges(scene, samples, loop),
    ]);
    report(tallies, counts);
    const inUse = [
      ...(await differences('embedded', scene.embedded, models.embedded)),
      ...(await differences('over the channel', scene.remote, models.remote)),
    ];
    await scene.close();
    const lost = [...inUse];
    await reopened(home, async (embedded, served) => {
      lost.push(...(await differences('embedded, opened anew', embedded, models.embedded)));
      lost.push(...(await differences('served, opened anew after kill -9', served, models.remote)));
    });
    const broken = [...tallies.embedded.broken, ...tallies.remote.broken, ...lost];
    for (const line of broken.slice(0, 20)) console.log(`BROKEN  ${line}`);
    console.log(`\nacknowledged and lost, or there unasked: ${lost.length}`);
    return areLevel(samples) && broken.length === 0;
  } catch (error) {
    await scene.close().catch(() => undefined);
    throw error;
  }
}

function newTally(): Tally {
  return { writes: 0, failures: 0, broken: [] };
}

async function cutConnections(
  { proxy }: Scene,
  { gate, isOver }: { readonly gate: Gate; readonly isOver: () => boolean },
): Promise<number> {
  const random = randomInts(seed);
  let count = 0;
  while (!isOver()) {
    await pause(CUTS[0] + random(CUTS[1] - CUTS[0]));
    // Nobody is to come back while somebody measures.
    if (gate.isShut) continue;
    proxy.cut();
    count += 1;
  }
  return count;
}

async function watchGauges(
  { folders, server }: Scene,
  samples: Sample[],
  { gate, isOver }: { readonly gate: Gate; readonly isOver: () => boolean },
): Promise<void> {
  for (;;) {
    await pause((minutes * 60_000) / SAMPLES);
    if (isOver()) return;
    await gate.shut();
    await pause(SETTLING);
    samples.push(await sample({ ...folders, serverPid: server.pid }));
    gate.open();
  }
}

function report(tallies: Readonly<Record<string, Tally>>, counts: Readonly<Record<string, number>>): void {
  console.log(`seed ${seed}, ${minutes} minutes, Node ${process.version}`);
  for (const [name, { writes, failures }] of Object.entries(tallies)) {
    console.log(`${name}: ${writes} writes acknowledged, ${failures} failed or in doubt`);
  }
  console.log(
    Object.entries(counts)
      .map(([name, count]) => `${name}: ${count}`)
      .join(', '),
  );
}

/** What the store holds and may not, or does not hold and must. */
async function differences(where: string, dataSource: DataSource, model: Model): Promise<string[]> {
  const records = await dataSource.getRepository(Soaked).find();
  const actual = new Map(records.map(({ id, text, count = 0 }) => [id, { text, count }]));
  return model.differences(actual).map((difference) => `${where}: ${difference}`);
}

/** Prints what became of each figure. */
function areLevel(samples: readonly Sample[]): boolean {
  if (samples.length < FEWEST) {
    console.log(`${samples.length} samples are too few to judge by: give it more time`);
    return false;
  }
  console.log(`\n${`of ${samples.length} samples`.padEnd(30)}  2nd quarter  last quarter  allowed     most`);
  let level = true;
  for (const name of Object.keys(GAUGES) as (keyof typeof GAUGES)[]) {
    const verdict = judge(
      GAUGES[name],
      samples.map((each) => each[name]),
    );
    // Where the system does not tell, there is nothing to judge.
    const fits = verdict.isLevel || Number.isNaN(verdict.last);
    level &&= fits;
    const figures = [verdict.second, verdict.last, verdict.bound, verdict.most].map((figure) =>
      figure.toFixed(1),
    );
    const [second = '', last = '', bound = '', most = ''] = figures;
    console.log(
      `${verdict.name.padEnd(30)}  ${second.padStart(11)}  ${last.padStart(12)}  ${bound.padStart(7)}  ${most.padStart(7)}` +
        (fits ? '' : '  RISES'),
    );
  }
  return level;
}
