// Attacks the package with inputs drawn from a seed. `npm run fuzz`, `npm run fuzz -- --minutes 30`,
// `npm run fuzz -- --inputs 5000 http-memory cli`; what it finds is printed with a command that repeats it.
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { fuzzOptions } from './cli-options.js';
import { allocate } from './engine/plan.js';
import { HEADING, describeFind, rowOf } from './engine/report.js';
import { runTarget } from './engine/run-target.js';
import { readStoredInput } from './engine/stored-input.js';
import type { Target } from './engine/target.js';
import { dataFileTarget } from './targets/data-file.js';
import { ChildReader } from './targets/folder-reader.js';
import { TARGETS } from './targets/index.js';

/** Inputs between two looks at the clock, when it is the clock that decides. */
const ROUND = 20_000;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const FINDS = here('../../../fuzz/finds');

const all = [...TARGETS, dataFileTarget(() => new ChildReader(here('./targets/folder-child.js')))];
const { inputs, minutes, seed, batch, file, targets } = fuzzOptions(argv.slice(2));
const chosen = targets.length === 0 ? all : targets.map(named);

if (file !== undefined) await tryFile(file);
else await fuzz();

function named(name: string): Target {
  const target = all.find((candidate) => candidate.name === name);
  if (target === undefined) {
    throw new Error(`there is no target ${name}; there are ${all.map((each) => each.name).join(', ')}`);
  }
  return target;
}

async function tryFile(path: string): Promise<void> {
  const { input } = readStoredInput(path);
  for (const target of chosen) {
    const open = await target.open();
    try {
      await open.replay(input);
      console.log(`${target.name}: as it should be`);
    } finally {
      await open.close();
    }
  }
}

async function fuzz(): Promise<void> {
  const end = minutes === undefined ? undefined : performance.now() + minutes * 60_000;
  const nextBatch = new Map<Target, number>();
  let [tried, found] = [0, 0];
  const start = performance.now();
  console.log(`seed ${seed}, Node ${process.version}\n\n${HEADING}`);
  do {
    for (const [target, count] of allocate(chosen, end === undefined ? inputs : ROUND)) {
      const firstBatch = batch ?? nextBatch.get(target) ?? 0;
      const stint = { seed, firstBatch, inputs: batch === undefined ? count : target.batch };
      const report = await runTarget(target, stint);
      nextBatch.set(target, firstBatch + report.batches);
      tried += report.inputs;
      found += report.finds.length;
      console.log(rowOf(report));
      for (const find of report.finds) console.log(describeFind(target.name, find, seed, FINDS));
    }
  } while (end !== undefined && performance.now() < end);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `\n${tried} inputs in ${seconds} s from seed ${seed}: ${found === 0 ? 'no find' : `${found} finds`}`,
  );
  if (found > 0) process.exitCode = 1;
}
