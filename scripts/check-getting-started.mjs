// Does what docs/getting-started.md says, word for word, in an empty folder outside of the repository, and compares what is
// printed with what the page shows. Three things differ from what a reader does, and nothing else:
// - `npm install dust-orm` installs the packed package in place of the published one;
// - `npx dust-orm serve` takes a free port, so that the check runs beside others; the page's address and token then stand
//   for those of this run;
// - a line of nothing but `…` on the page stands for any lines.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const root = fileURLToPath(new URL('..', import.meta.url));
const jiti = createJiti(import.meta.url);
const { pageSteps } = await jiti.import('../tests/docs/walkthrough/page-steps.ts');
const { walk } = await jiti.import('../tests/docs/walkthrough/walk.ts');

/** The most milliseconds that one command may take, of which installing is the longest, and that all may take. */
const PATIENCE = 180_000;
const PATIENCE_IN_ALL = 600_000;

const steps = pageSteps(readFileSync(join(root, 'docs/getting-started.md'), 'utf8'));
const scratch = mkdtempSync(join(realpathSync(tmpdir()), 'dust-orm-getting-started-'));
const folder = mkdtempSync(join(scratch, 'empty-'));
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort());

const packed = execFileSync('npm', ['pack', root, '--ignore-scripts', '--silent'], {
  cwd: scratch,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
const tarball = join(scratch, packed.trim());

/** What a reader's shell would not have: our own script's settings, colours, and a server of the developer's. */
const LEFT_OUT =
  /^(npm_(?!config_(registry|cache|userconfig|globalconfig|.*proxy|cafile)$)|DUST_|FORCE_COLOR$|INIT_CWD$|NODE_ENV$)/;
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name))),
  npm_config_loglevel: 'error',
  npm_config_update_notifier: 'false',
  NO_COLOR: '1',
};

function actualWords(words) {
  const line = words.join(' ');
  if (line.startsWith('npm install ')) return words.map((word) => (word === 'dust-orm' ? tarball : word));
  return line.startsWith('npx dust-orm serve') ? [...words, '--port', '0'] : words;
}

try {
  if (steps.length === 0) throw new Error('there are no steps on the page');
  await walk(steps, {
    folder,
    environment,
    actualWords,
    patience: PATIENCE,
    signal: AbortSignal.any([controller.signal, AbortSignal.timeout(PATIENCE_IN_ALL)]),
    onStep: (step) => console.log(step),
  });
  console.log(`\n${steps.length} steps of docs/getting-started.md did what the page says.`);
} catch (error) {
  console.error(`\ndocs/getting-started.md: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
