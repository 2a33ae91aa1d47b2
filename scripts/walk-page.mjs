// Does what a page says, word for word, in an empty folder outside of the repository, and compares what is printed with what the
// page shows. Three things differ from what a reader does, and nothing else:
// - `npm install dust-orm` installs the packed package in place of the published one;
// - `npx dust-orm serve` and `npx dust-orm studio` take a free port, so that the check runs beside others; the page's address and
//   token then stand for those of this run;
// - a line of nothing but `…` on the page stands for any lines.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';

const { walk } = await createJiti(import.meta.url).import('../tests/docs/walkthrough/walk.ts');

/** The most milliseconds that one command may take, of which installing is the longest. */
const PATIENCE = 180_000;

/** What a reader's shell would not have: our own script's settings, colours, and a server of the developer's. */
const LEFT_OUT =
  /^(npm_(?!config_(registry|cache|userconfig|globalconfig|.*proxy|cafile)$)|DUST_|FORCE_COLOR$|INIT_CWD$|NODE_ENV$)/;

const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name))),
  npm_config_loglevel: 'error',
  npm_config_update_notifier: 'false',
  NO_COLOR: '1',
};

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort());

/**
 * Takes the steps in an empty folder in `scratch`, with the packed package `tarball`, and prints each. Resolves with the seconds
 * that they took; rejects with the step that did something else than the page says, or when all take longer than `most` seconds.
 */
export async function walkPage(steps, { scratch, tarball, most }) {
  if (steps.length === 0) throw new Error('there are no steps on the page');
  const actualWords = (words) => {
    const line = words.join(' ');
    if (line.startsWith('npm install ')) return words.map((word) => (word === 'dust-orm' ? tarball : word));
    return /^npx dust-orm (serve|studio)\b/.test(line) ? [...words, '--port', '0'] : words;
  };
  const began = performance.now();
  await walk(steps, {
    folder: mkdtempSync(join(scratch, 'empty-')),
    environment,
    actualWords,
    patience: Math.min(PATIENCE, most * 1_000),
    signal: AbortSignal.any([controller.signal, AbortSignal.timeout(most * 1_000)]),
    onStep: (step) => console.log(step),
  });
  return (performance.now() - began) / 1_000;
}
