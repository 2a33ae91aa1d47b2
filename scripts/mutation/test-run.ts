import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from './tree.js';

/** What the environment of the tests notes. */
export type Note =
  | { readonly began: string; readonly at: number }
  | { readonly failed: string; readonly test: string }
  | { readonly childOf: string; readonly ran: readonly string[] }
  | {
      readonly ended: string;
      readonly failed: boolean;
      readonly seconds: number;
      readonly ran: readonly string[];
    };

export interface TestRunOptions {
  /** Test files, in the order in which they are to run. */
  readonly files: readonly string[];
  /** Jest's configuration. */
  readonly config?: string;
  /** Notes regions, and does not stop at a failure. */
  readonly records?: boolean;
  readonly workers?: number;
  /** How often the endurance rows do one thing. Default: more often than a folder has readers, as `.ci/run` does. */
  readonly times?: number;
  /** Hears of all notes so far, now and then: a long run may be cut off. */
  readonly onNotes?: (notes: readonly Note[]) => void;
  /** How many seconds a file may take. */
  limitOf(file: string): number;
}

export interface TestRun {
  readonly passed: boolean;
  /** The file that took longer than it may. */
  readonly stuckIn?: string;
  readonly notes: readonly Note[];
  /** What Jest printed. */
  readonly output: string;
}

/** Few, because the simulation runs for many mutants: every seed that is tried is one that the simulation has anyway. */
const SYNC_SEEDS = '6';

/** Jest's configuration of the endurance rows. */
export const ENDURANCE_CONFIG = 'scripts/mutation/jest/endurance.config.mjs';

/** LMDB has 126 readers. */
const ENDURANCE_TIMES = 150;

/** The leaders of the process groups that run. */
const running = new Set<number>();

/** Runs test files of a tree, in a process group of its own of which nothing is left. */
export async function runTests(tree: Tree, options: TestRunOptions): Promise<TestRun> {
  const folder = mkdtempSync(`${tree.path}-run-`);
  const notes = join(folder, 'notes');
  writeFileSync(join(folder, 'order'), JSON.stringify(options.files));
  try {
    const child = spawn(process.execPath, jestArguments(tree, options), {
      cwd: tree.path,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        FORCE_COLOR: '0',
        SYNC_SEEDS,
        DUST_ENDURANCE_TIMES: String(options.times ?? ENDURANCE_TIMES),
        TMPDIR: folder,
        MUTATION_NOTES: notes,
        MUTATION_ORDER: join(folder, 'order'),
        ...(options.records === true ? recording(tree) : {}),
      },
    });
    if (child.pid !== undefined) running.add(child.pid);
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    let stuckIn: string | undefined;
    const look = (): void => {
      const present = notesIn(notes);
      options.onNotes?.(present);
      stuckIn = stuckFile(present, Date.now(), options) ?? stuckIn;
      if (stuckIn !== undefined) endGroup(child.pid);
    };
    // Notes of regions are long.
    const watch = setInterval(look, options.records === true ? 20_000 : 500);
    const [code] = (await once(child, 'exit')) as [number | null];
    clearInterval(watch);
    endGroup(child.pid);
    return {
      passed: code === 0,
      ...(stuckIn === undefined ? {} : { stuckIn }),
      notes: notesIn(notes),
      output,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function recording(tree: Tree): NodeJS.ProcessEnv {
  const hook = join(tree.path, 'scripts/mutation/jest/record-child.cjs');
  return { MUTATION_RECORDS: '1', NODE_OPTIONS: `--require ${JSON.stringify(hook)}` };
}

function jestArguments(
  tree: Tree,
  { files, records, workers = 1, config = 'scripts/mutation/jest/jest.config.mjs' }: TestRunOptions,
): readonly string[] {
  return [
    join(tree.path, 'node_modules/jest/bin/jest.js'),
    `--config=${config}`,
    `--cacheDirectory=${tree.path}-cache`,
    ...(workers > 1 ? [`--maxWorkers=${workers}`] : ['--runInBand']),
    ...(records === true ? [] : ['--bail']),
    // What a mutant leaves open is noticed by the environment, and must not keep the run.
    '--forceExit',
    '--runTestsByPath',
    ...files.map((file) => join(tree.path, file)),
  ];
}

function notesIn(path: string): readonly Note[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  // Behind the last line break is nothing, or a note that is being written.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Note);
}

/** The file that began, has not ended, and has had its time. */
function stuckFile(
  notes: readonly Note[],
  now: number,
  { limitOf }: Pick<TestRunOptions, 'limitOf'>,
): string | undefined {
  const ended = new Set(notes.flatMap((note) => ('ended' in note ? [note.ended] : [])));
  const began = notes.flatMap((note) => ('began' in note && !ended.has(note.began) ? [note] : []));
  return began.find(({ began: file, at }) => now - at > limitOf(file) * 1000)?.began;
}

/** Ends what runs: for a program that is itself ended. */
export function endRuns(): void {
  for (const leader of running) endGroup(leader);
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  running.delete(leader);
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}
