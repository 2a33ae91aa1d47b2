import type { Coverage } from './coverage.js';
import { orderTests } from './order-tests.js';
import type { TestRun } from './test-run.js';
import { ENDURANCE_CONFIG, runTests } from './test-run.js';
import type { Tree } from './tree.js';

/** In seconds: what a row may take on a busy machine. */
const LIMIT = 900;

/** The rows that look at a region. What several of them run is the same code under each, and the cheapest see it. */
const ROWS = 2;

/** The endurance rows that run a region, the quickest first. */
export function enduranceRows(
  coverage: Coverage,
  file: string,
  region: number | undefined,
): readonly string[] {
  return orderTests(coverage, file, region, ['endurance']).slice(0, ROWS);
}

/**
 * Lets endurance rows look at a tree as `.ci/run` does: what is not given back often shows only when one thing is done again and again. It
 * takes minutes, so it looks at what the other tests let pass.
 */
export function runEndurance(tree: Tree, files: readonly string[]): Promise<TestRun> {
  return runTests(tree, { config: ENDURANCE_CONFIG, files, limitOf: () => LIMIT });
}
