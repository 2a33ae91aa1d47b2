// What a new user does first, with the packed package, in an empty folder each: what the README says, and the transcripts of
// tests/docs/first-steps. Each must lead to its end in two minutes of commands; a machine that does other work meanwhile may be
// given more seconds by FIRST_STEPS_SECONDS.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import { inScratchFolder, pack, root } from './scratch-project.mjs';
import { walkPage } from './walk-page.mjs';

const jiti = createJiti(import.meta.url);
const { pageSteps } = await jiti.import('../tests/docs/walkthrough/page-steps.ts');
const { readmeSteps } = await jiti.import('../tests/docs/walkthrough/readme-steps.ts');

/** Seconds that a new user gives it. */
const MOST = Number(process.env.FIRST_STEPS_SECONDS ?? 120);

const read = (name) => readFileSync(join(root, name), 'utf8');
const folder = 'tests/docs/first-steps';
const walks = [
  ['README.md', readmeSteps(read('README.md'))],
  ...(existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [])
    .filter((name) => name.endsWith('.md'))
    .map((name) => [`${folder}/${name}`, pageSteps(read(`${folder}/${name}`))]),
];

/** The commands that `dust-orm` has. */
const help = execFileSync(process.execPath, [join(root, 'dist/esm/cli/main.js'), '--help'], {
  encoding: 'utf8',
});

/** The first command of a transcript that `dust-orm` does not have. */
function missingCommand(steps) {
  return steps
    .map(({ command }) => /^npx dust-orm (\w+)/.exec(command ?? '')?.[1])
    .find((name) => name !== undefined && !new RegExp(`^  ${name}\\b`, 'm').test(help));
}

await inScratchFolder(async (scratch) => {
  const tarball = pack(scratch);
  for (const [name, steps] of walks) {
    console.log(`\n${name}`);
    const missing = missingCommand(steps);
    if (missing !== undefined) {
      console.error(`${name}: there is no command ${missing}.`);
      process.exitCode = 1;
      continue;
    }
    try {
      const seconds = await walkPage(steps, { scratch, tarball, most: MOST });
      console.log(`${name}: done in ${Math.round(seconds)} s, of ${MOST}.`);
    } catch (error) {
      console.error(`${name}: ${error.message}`);
      process.exitCode = 1;
    }
  }
});
