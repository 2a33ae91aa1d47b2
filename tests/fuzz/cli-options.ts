import { parseArgs } from 'node:util';

/** What `npm run fuzz` was asked for. */
export interface FuzzOptions {
  /** How many inputs in all; ignored with `minutes`. */
  readonly inputs: number;
  readonly minutes: number | undefined;
  readonly seed: number;
  /** Only this batch of each target: repeats a find. */
  readonly batch: number | undefined;
  /** A file of the corpus to try, and nothing else. */
  readonly file: string | undefined;
  /** Names of targets; empty for all. */
  readonly targets: readonly string[];
}

const NUMBERS = ['inputs', 'minutes', 'seed', 'batch'] as const;

/** @throws Error for what is no option, or no number */
export function fuzzOptions(args: readonly string[]): FuzzOptions {
  const option = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { inputs: option, minutes: option, seed: option, batch: option, file: option },
  });
  const [inputs, minutes, seed, batch] = NUMBERS.map((name) => numberIn(name, values[name]));
  return {
    ...{ inputs: inputs ?? 100_000, minutes, seed: seed ?? 1, batch },
    ...{ file: values.file, targets: positionals },
  };
}

function numberIn(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const fits = name === 'minutes' ? value > 0 : Number.isSafeInteger(value) && value >= 0;
  if (!fits || text.trim() === '') throw new Error(`--${name} takes a number, not ${JSON.stringify(text)}`);
  return value;
}
