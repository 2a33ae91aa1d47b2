import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { Hashes } from './hashes.js';
import { instrumented } from './regions.js';
import type { Sources } from './sources.js';
import type { Note, TestRunOptions } from './test-run.js';
import { ENDURANCE_CONFIG, runTests } from './test-run.js';
import type { Tree } from './tree.js';

/** What is known of a test file. */
export interface TestRecord {
  /** Of the test file, of what test files share, and of the sources it runs: the record holds while these stay. */
  readonly hash: string;
  /** Whether it passes as things are. One that does not cannot notice anything. */
  readonly passes: boolean;
  readonly seconds: number;
  /** The regions it runs, as `file#number`. */
  readonly ran: readonly string[];
}

export type Coverage = ReadonlyMap<string, TestRecord>;

/** Test files that are run in one way. */
interface Suite {
  readonly tests: RegExp;
  readonly run: Pick<TestRunOptions, 'config' | 'times'>;
}

/** Tests of the sources, and the endurance rows, of which it is enough to see what they run. The others look at the built package, the documentation or the scripts. */
const SUITES: readonly Suite[] = [
  { tests: /^tests\/(unit|contract|conformance|faults)\/.*\.test\.ts$/, run: {} },
  { tests: /^tests\/endurance\/.*\.test\.ts$/, run: { config: ENDURANCE_CONFIG, times: 2 } },
];
const OTHERS = [
  'tests/unit/scripts/',
  // They run the contract suite and the simulation again, in minutes.
  'tests/faults/contract/remote-contract.test.ts',
  'tests/faults/sync/mutants.test.ts',
];

/** Reading what 16,000 lines of tests run takes minutes, so it is kept. */
const KEPT_IN = 'node_modules/.cache/dust-orm-mutation/coverage.json';

/** In seconds. The simulation and the contract suite take their time on a busy machine. */
const RECORDING_LIMIT = 900;

/** Finds out which regions each test file runs: from the last time, or by running it. */
export async function readCoverage(
  root: string,
  sources: Sources,
  makeTree: () => Tree,
  {
    workers,
    below,
    say,
  }: { readonly workers: number; readonly below: readonly string[]; readonly say: (line: string) => void },
): Promise<Coverage> {
  const tests = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .map((name) => `tests/${name.split(sep).join('/')}`)
    .filter((name) => below.length === 0 || below.some((folder) => name.startsWith(`${folder}/`)))
    .filter((name) => SUITES.some(({ tests: of }) => of.test(name)))
    .filter((name) => !OTHERS.some((start) => name.startsWith(start)))
    .sort();
  const hashes = new Hashes(root);
  const kept = readKept(root);
  const records = new Map<string, TestRecord>();
  const missing = tests.filter((test) => {
    const record = kept[test];
    if (record?.passes !== true || record.hash !== hashes.of(test, record.ran)) return true;
    records.set(test, record);
    return false;
  });
  if (missing.length > 0) {
    say(`Recording what ${missing.length} of ${tests.length} test files run …`);
    const tree = makeTree();
    for (const file of sources.files) tree.write(file, instrumented(sources.parsed(file), file));
    const note = (notes: readonly Note[]): void => {
      for (const [test, record] of recordsOf(notes)) {
        records.set(test, { ...record, hash: hashes.of(test, record.ran) });
      }
      keep(root, { ...kept, ...Object.fromEntries(records) });
    };
    const limits = { limitOf: () => RECORDING_LIMIT, onNotes: note };
    for (const { tests: of, run } of SUITES) {
      const files = missing.filter((test) => of.test(test));
      if (files.length === 0) continue;
      const { notes, output } = await runTests(tree, { files, records: true, workers, ...run, ...limits });
      note(notes);
      const unknown = files.filter((test) => !records.has(test));
      if (unknown.length > 0) {
        throw new Error(`Recording ended before it reached ${unknown.join(', ')}. Run it again.\n${output}`);
      }
    }
  }
  for (const test of tests.filter((one) => records.get(one)?.passes !== true)) {
    say(`${test} does not pass as things are, and is left out.`);
  }
  return new Map([...records].filter(([, { passes }]) => passes));
}

function recordsOf(notes: readonly Note[]): readonly (readonly [string, Omit<TestRecord, 'hash'>])[] {
  const ranOutside = (test: string): readonly string[] =>
    notes.flatMap((note) => ('childOf' in note && note.childOf === test ? note.ran : []));
  return notes.flatMap((note) => {
    if (!('ended' in note)) return [];
    const { ended, failed, seconds, ran } = note;
    return [
      [ended, { passes: !failed, seconds, ran: [...new Set([...ran, ...ranOutside(ended)])] }] as const,
    ];
  });
}

function readKept(root: string): Readonly<Record<string, TestRecord>> {
  const path = join(root, KEPT_IN);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, TestRecord>) : {};
}

function keep(root: string, records: Readonly<Record<string, TestRecord>>): void {
  const path = join(root, KEPT_IN);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(records));
}
