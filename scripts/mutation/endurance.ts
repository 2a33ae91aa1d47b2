import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRun } from './test-run.js';
import { runTests } from './test-run.js';
import type { Tree } from './tree.js';

const FOLDER = 'tests/endurance';

/** In seconds: what a row may take on a busy machine. */
const LIMIT = 900;

/**
 * Lets the endurance row look at a tree as `.ci/run` does: what is not given back often shows only when one thing is done again
 * and again. It takes minutes, so it looks at what the other tests let pass.
 */
export function runEndurance(tree: Tree): Promise<TestRun> {
  const rows = readdirSync(join(tree.path, FOLDER)).filter((name) => name.endsWith('.test.ts'));
  return runTests(tree, {
    config: 'scripts/mutation/jest/endurance.config.mjs',
    files: rows.sort().map((name) => `${FOLDER}/${name}`),
    limitOf: () => LIMIT,
  });
}
