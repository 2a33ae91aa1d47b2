import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCoverage } from './coverage.js';
import type { Coverage } from './coverage.js';
import { draw } from './draw.js';
import { EQUIVALENT } from './equivalent.js';
import type { Verdict } from './judge.js';
import { judge } from './judge.js';
import type { Mutant } from './mutant.js';
import { mutated } from './mutant.js';
import type { MutationOptions } from './options.js';
import { parses } from './parses.js';
import { lineOf, pageOf, shares } from './report.js';
import { Sources } from './sources.js';
import { endRuns } from './test-run.js';
import { Tree } from './tree.js';

const REPORTS = 'node_modules/.cache/dust-orm-mutation';

/** Draws mutants, lets the tests judge them, prints and writes what came of it. Resolves to the exit code. */
export async function run(
  root: string,
  options: MutationOptions,
  say: (line: string) => void,
): Promise<number> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'dust-orm-mutation-'));
  const end = (signal: NodeJS.Signals): void => {
    endRuns();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    process.kill(process.pid, signal);
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    let trees = 0;
    const makeTree = (): Tree => new Tree(root, join(folder, `tree-${++trees}`));
    const sources = new Sources(root);
    const { mutants, setAside } = choose(sources, options);
    const coverage = await readCoverage(root, sources, makeTree, {
      workers: options.jobs,
      below: options.tests,
      say,
    });
    for (const mutant of setAside) say(`set aside as equivalent: ${mutant.file}:${mutant.line}`);
    say(`${mutants.length} mutants, seed ${options.seed}`);
    const verdicts = await judgeAll(mutants, makeTree, sources, without(coverage, options), options, say);
    return report(root, mutants.length, verdicts, options, say);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}

function choose(sources: Sources, options: MutationOptions): ReturnType<typeof draw> {
  const { folders, releaseFolders, mutants, releases, seed, only } = options;
  const rules = {
    equivalent: EQUIVALENT,
    parses: (mutant: Mutant) => parses(mutated(sources.parsed(mutant.file).text, mutant)),
  };
  if (only.length > 0) {
    const there = sources
      .mutantsIn(['src'])
      .filter(({ file, line }) => only.some((place) => place === file || place === `${file}:${line}`));
    return draw(there, there.length, seed, rules);
  }
  const isRelease = ({ kind }: Mutant): boolean => kind === 'release';
  const givenBack = sources.mutantsIn(releaseFolders).filter(isRelease);
  const first = draw(givenBack, releases, seed, rules);
  const others = draw(
    sources.mutantsIn(folders).filter((mutant) => !isRelease(mutant)),
    mutants - first.mutants.length,
    seed + 1,
    rules,
  );
  return {
    mutants: [...first.mutants, ...others.mutants],
    setAside: [...first.setAside, ...others.setAside],
  };
}

/** Some at a time, each lane in a tree of its own, until all are judged or the time is up. */
async function judgeAll(
  mutants: readonly Mutant[],
  makeTree: () => Tree,
  sources: Sources,
  coverage: Coverage,
  { jobs, minutes, patience }: MutationOptions,
  say: (line: string) => void,
): Promise<readonly Verdict[]> {
  const end = performance.now() + minutes * 60_000;
  const waiting = [...mutants];
  const verdicts: Verdict[] = [];
  const lane = async (): Promise<void> => {
    const tree = makeTree();
    while (performance.now() < end) {
      const next = waiting.shift();
      if (next === undefined) return;
      const verdict = await judge(next, tree, sources, coverage, patience);
      verdicts.push(verdict);
      say(`${String(verdicts.length).padStart(4)} ${lineOf(verdict)}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, lane));
  return verdicts;
}

function without(coverage: Coverage, options: MutationOptions): Coverage {
  return new Map([...coverage].filter(([file]) => !options.without.includes(file)));
}

function report(
  root: string,
  drawn: number,
  verdicts: readonly Verdict[],
  { seed, least }: MutationOptions,
  say: (line: string) => void,
): number {
  const title = `${verdicts.length} mutants, seed ${seed}`;
  const path = join(REPORTS, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}-seed-${seed}`);
  mkdirSync(join(root, REPORTS), { recursive: true });
  writeFileSync(join(root, `${path}.md`), pageOf(title, verdicts));
  writeFileSync(join(root, `${path}.json`), JSON.stringify({ seed, verdicts }, undefined, 2));
  const survivors = verdicts.filter(({ outcome }) => outcome === 'survived');
  if (survivors.length > 0) say('\nNobody noticed:');
  for (const verdict of survivors) say(lineOf(verdict));
  say(`\n${title}`);
  const all = shares(verdicts);
  for (const { name, noticed, of, percent } of all) {
    say(
      `${name.padEnd(18)} ${String(noticed).padStart(4)} of ${String(of).padStart(4)}  ${percent.toFixed(1)} %`,
    );
  }
  say(`${path}.md`);
  if (verdicts.length < drawn) {
    say(`The time was up: ${drawn - verdicts.length} of ${drawn} were not judged.`);
  }
  const enough = all.every(
    ({ name, percent }) => (name !== 'all' && name !== 'releases') || percent >= least,
  );
  if (!enough) say(`Less than ${least} % were noticed.`);
  return enough && verdicts.length === drawn ? 0 : 1;
}
