import type { Coverage } from './coverage.js';
import { enduranceRows, runEndurance } from './endurance.js';
import type { Mutant } from './mutant.js';
import { mutated } from './mutant.js';
import { orderTests } from './order-tests.js';
import { regionAt, regionsOf } from './regions.js';
import type { Sources } from './sources.js';
import type { TestRun } from './test-run.js';
import { runTests } from './test-run.js';
import type { Tree } from './tree.js';

/** What the tests made of a mutant. */
export interface Verdict {
  readonly mutant: Mutant;
  readonly outcome: 'noticed' | 'survived' | 'timeout';
  /** The test that noticed it; where it survived, how many files ran. */
  readonly by: string;
  readonly seconds: number;
}

/** In seconds: what a file may take that took so long by itself. A busy machine is not a hanging mutant. */
function limitFor(seconds: number): number {
  return 45 + 6 * seconds;
}

/**
 * Lets the tests that run a mutant's region look at it, in a tree, for `patience` seconds as they were recorded, and at a release then
 * the endurance rows that run it. The tree is as before afterwards.
 */
export async function judge(
  mutant: Mutant,
  tree: Tree,
  sources: Sources,
  coverage: Coverage,
  patience: number,
): Promise<Verdict> {
  const source = sources.parsed(mutant.file);
  const region = regionAt(regionsOf(source), mutant.start);
  const all = orderTests(coverage, mutant.file, region);
  const files = within(patience, all, coverage);
  if (files.length === 0) return { mutant, outcome: 'survived', by: 'no test runs it', seconds: 0 };
  const began = performance.now();
  tree.write(mutant.file, mutated(source.text, mutant));
  try {
    const run = await runTests(tree, {
      files,
      limitOf: (file) => limitFor(coverage.get(file)?.seconds ?? 60),
    });
    const ran = `${files.length} of ${all.length} test files ran`;
    const first = outcomeOf(run, ran);
    const rows =
      first.outcome === 'survived' && mutant.kind === 'release'
        ? enduranceRows(coverage, mutant.file, region)
        : [];
    return {
      mutant,
      ...(rows.length === 0
        ? first
        : outcomeOf(await runEndurance(tree, rows), `${ran}, and ${rows.join(' and ')}`)),
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    tree.write(mutant.file, source.text);
  }
}

function outcomeOf(
  { passed, stuckIn, notes, output }: TestRun,
  survived: string,
): Pick<Verdict, 'outcome' | 'by'> {
  if (stuckIn !== undefined) return { outcome: 'timeout', by: stuckIn };
  if (passed) return { outcome: 'survived', by: survived };
  const failure = notes.find((note) => 'failed' in note && 'test' in note);
  if (failure !== undefined && 'test' in failure) {
    return { outcome: 'noticed', by: `${failure.failed}: ${failure.test}` };
  }
  const last = notes.findLast((note) => 'began' in note);
  // A failure without a file that began is one of the run, and says nothing of the mutant.
  if (last === undefined || !('began' in last)) throw new Error(`The tests did not run:\n${output}`);
  return { outcome: 'noticed', by: `${last.began}: it could not be run` };
}

/** The first test files that together take no longer than so many seconds, and in any case one. */
function within(patience: number, files: readonly string[], coverage: Coverage): readonly string[] {
  let seconds = 0;
  const end = files.findIndex((file) => (seconds += coverage.get(file)?.seconds ?? 0) > patience);
  return end === -1 ? files : files.slice(0, Math.max(1, end));
}
