import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { randomInts } from '../../faults/random-ints.js';
import type { Way } from './enter.js';
import { FAULTS, deck } from './kinds/deck.js';
import { differencesOf } from './copies.js';
import type { Fault } from './kinds/fault.js';
import { Pauses } from './pauses.js';
import { STORE, Scene } from './scene.js';

/** What is driven, and for how long. */
export interface DriveOptions {
  readonly way: Way;
  /** A folder for all that is kept while it lasts. */
  readonly home: string;
  /** Each fault once when left out. */
  readonly minutes: number | undefined;
  readonly seed: number;
  /** Only faults with these words in their names. */
  readonly only: string | undefined;
  /** A fault of the server that must be found. */
  readonly mutant: string | undefined;
}

/** Milliseconds between two faults, at the least and the most. */
const CALM = [1_500, 3_500] as const;
/** Milliseconds that all may take to come back after a fault. */
const RECOVERY = 90_000;
/** Milliseconds that a fault may last, with what comes behind it. */
const LONGEST = 300_000;

/** Whether every promise was kept. Says what it does and what it found. */
export async function drive(options: DriveOptions): Promise<boolean> {
  const { home, minutes, seed, only } = options;
  const started = performance.now();
  const tell = (text: string): void => {
    console.log(`${((performance.now() - started) / 1_000).toFixed(1).padStart(7)} s  ${text}`);
  };
  const random = randomInts(seed);
  tell(`seed ${seed}: PostgreSQL with a synchronous standby, three nodes and clients are begun`);
  const scene = await Scene.open(home, options);
  tell('all are at work');
  const violations: string[] = [];
  const pauses = new Pauses();
  const context = {
    scene,
    random,
    violation: (text: string): void => {
      violations.push(text);
      tell(`BROKEN  ${text}`);
    },
  };
  const isDrawn = ({ name }: Fault): boolean => only === undefined || name.includes(only);
  const faults = FAULTS.filter(isDrawn).length;
  if (faults === 0) {
    throw new Error(`no fault has ${only} in its name: ${FAULTS.map(({ name }) => name).join('; ')}`);
  }
  let done = 0;
  const isOver = (): boolean =>
    minutes === undefined ? done >= faults : performance.now() - started > minutes * 60_000;
  for (const fault of deck(random)) {
    if (isOver()) break;
    if (!isDrawn(fault)) continue;
    await pause(CALM[0] + random(CALM[1] - CALM[0]));
    const from = Date.now();
    tell(fault.name);
    try {
      await within(
        LONGEST,
        fault.run(context).then(() => recover(scene)),
      );
    } catch (error) {
      context.violation(`${fault.name}: ${(error as Error).message}`);
      break;
    }
    const waits = await scene.load.waits(from, Date.now());
    pauses.note(fault.name, waits);
    tell(`  over; nobody had a write for ${waits.nobody} ms, one client waited ${waits.one} ms`);
    done++;
  }
  scene.network.healAll();
  tell('clients end, all is compared');
  const findings = await scene.load.end();
  violations.push(...findings.violations);
  // All stand where they are: what they say at their end moves the log on.
  for (const node of scene.nodes) scene.machineOf(node).signal('SIGSTOP');
  for (const node of scene.nodes) await node.end('SIGKILL');
  violations.push(...(await differencesOf(scene.nodes, STORE)));
  await scene.pair.end();
  tell(`${done} faults`);
  console.log(`\n${pauses.table}\n`);
  for (const [what, count] of Object.entries(findings.counts)) console.log(`${what}: ${count}`);
  for (const text of violations) console.log(`BROKEN  ${text}`);
  console.log(`broken promises: ${violations.length}`);
  if (violations.length > 0) keep(options, { ...findings, violations });
  return violations.length === 0;
}

/** @throws Error when the work lasts longer */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const isDone = await Promise.race([work.then(() => true), pause(ms, false, { ref: false })]);
  if (!isDone) throw new Error(`it was not over after ${ms} ms`);
}

/** All is as it was before the fault. */
async function recover(scene: Scene): Promise<void> {
  for (const node of scene.nodes) await scene.untilReady(node, RECOVERY);
  const isSynchronous = await Promise.race([
    scene.pair.untilSynchronous().then(() => true),
    pause(RECOVERY, false, { ref: false }),
  ]);
  if (!isSynchronous) throw new Error('the standby does not follow the primary');
  await scene.load.settle();
}

/** Keeps what shows what was broken. */
function keep({ home, seed }: DriveOptions, found: object): void {
  const folder = mkdtempSync(join(tmpdir(), `dust-cluster-faults-seed-${seed}-`));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'history.json'), JSON.stringify({ seed, ...found }, null, 1));
  cpSync(join(home, 'logs'), join(folder, 'logs'), { recursive: true });
  console.log(`seed ${seed}; the history and what the nodes said are in ${folder}`);
}
