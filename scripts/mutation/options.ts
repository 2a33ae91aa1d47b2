import { parseArgs } from 'node:util';

export interface MutationOptions {
  /** Folders or files. */
  readonly folders: readonly string[];
  /** Where releases are drawn from. */
  readonly releaseFolders: readonly string[];
  /** How many mutants in all, and how many of these are releases. */
  readonly mutants: number;
  readonly releases: number;
  readonly seed: number;
  /** No mutant is begun after so many. */
  readonly minutes: number;
  /** How many seconds of tests, as they were recorded, may look at one mutant before it counts as survived. */
  readonly patience: number;
  readonly jobs: number;
  /** What part in percent must be noticed. */
  readonly least: number;
  /** Only those whose place, such as `src/sync/pause.ts:29`, begins with one of these. */
  readonly only: readonly string[];
  /** Folders of the test files that take part; empty for all. */
  readonly tests: readonly string[];
  /** Test files that do not take part. */
  readonly without: readonly string[];
}

export const USAGE = `npm run mutation -- [src/sync …] [options]

  --mutants n     how many mutants in all (150)
  --releases n    how many of these are releases of resources (40)
  --seed n        which are drawn (the number of the day)
  --minutes n     begin none after so many (60)
  --patience n    seconds of tests, as recorded, that look at one mutant (240)
  --jobs n        how many at a time (2)
  --least p       fail when less than p percent are noticed (95)
  --only place    every mutant at a place, such as src/sync/pause.ts:29; may be repeated
  --tests folder  let only the test files below it look, such as tests/unit/sync; may be repeated
  --without file  leave a test file out; may be repeated`;

const DAY = 86_400_000;

const FOLDERS = ['src/store', 'src/sync', 'src/repository', 'src/realtime'];

/** A server and a transport hold the most that is to be given back. */
const RELEASE_FOLDERS = [...FOLDERS, 'src/server', 'src/transport'];

/** Reads the command line. @throws TypeError for what it does not know, RangeError for what is no number. */
export function readOptions(args: readonly string[], now: number): MutationOptions {
  const text = { type: 'string' } as const;
  const texts = { type: 'string', multiple: true } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      mutants: text,
      releases: text,
      seed: text,
      minutes: text,
      patience: text,
      jobs: text,
      least: text,
      only: texts,
      tests: texts,
      without: texts,
    },
  });
  const count = (
    name: 'mutants' | 'releases' | 'seed' | 'minutes' | 'patience' | 'jobs' | 'least',
    otherwise: number,
  ): number => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (!(value >= 0)) throw new RangeError(`--${name} is a number, not ${values[name] ?? ''}.`);
    return value;
  };
  const mutants = count('mutants', 150);
  const given = positionals.map(withoutSlash);
  return {
    folders: given.length === 0 ? FOLDERS : given,
    releaseFolders: given.length === 0 ? RELEASE_FOLDERS : given,
    mutants,
    releases: Math.min(count('releases', Math.round((mutants * 40) / 150)), mutants),
    seed: count('seed', Math.floor(now / DAY)),
    minutes: count('minutes', 60),
    patience: count('patience', 240),
    jobs: Math.max(1, count('jobs', 2)),
    least: count('least', 95),
    only: values.only ?? [],
    tests: (values.tests ?? []).map(withoutSlash),
    without: values.without ?? [],
  };
}

function withoutSlash(folder: string): string {
  return folder.replace(/\/$/, '');
}
