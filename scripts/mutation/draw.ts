import type { Equivalent } from './equivalent.js';
import type { Mutant } from './mutant.js';
import { excerpt } from './mutant.js';
import { shuffled } from './sample.js';

export interface Draw {
  readonly mutants: readonly Mutant[];
  /** Equivalent ones that were drawn and replaced by the next. */
  readonly setAside: readonly Mutant[];
}

/** Draws so many of a population, as a seed says. */
export function draw(
  population: readonly Mutant[],
  count: number,
  seed: number,
  {
    equivalent,
    parses,
  }: { readonly equivalent: readonly Equivalent[]; readonly parses: (mutant: Mutant) => boolean },
): Draw {
  const mutants: Mutant[] = [];
  const setAside: Mutant[] = [];
  for (const mutant of shuffled(population, seed)) {
    if (mutants.length === count) break;
    if (equivalent.some((one) => isThat(mutant, one))) setAside.push(mutant);
    else if (parses(mutant)) mutants.push(mutant);
  }
  return { mutants, setAside };
}

/** Whether the list means this mutant: by file and texts, since lines move. */
function isThat({ file, within, original, replacement }: Mutant, one: Equivalent): boolean {
  return (
    one.file === file &&
    one.within === within &&
    one.original === excerpt(original, Infinity) &&
    one.replacement === excerpt(replacement, Infinity)
  );
}
