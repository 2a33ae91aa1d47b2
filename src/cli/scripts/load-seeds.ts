import { relative } from 'node:path';
import { messageOf } from '../../errors.js';
import type { SeedFunction } from '../../migrations/index.js';
import { scriptFailed, seedMissing, seedsMissing } from '../errors.js';
import { findFiles } from './find-files.js';
import { exportsOf } from './load-script.js';

/** A seed, and what it is called. */
export interface NamedSeed {
  readonly name: string;
  readonly seed: SeedFunction;
}

/**
 * Seeds in the order they were given, those of one pattern by the names of their files.
 *
 * @param cwd where relative names begin
 * @throws DustError `invalid_options` when there are none, and for a file that cannot be loaded or exports none
 */
export async function loadSeeds(
  given: readonly (SeedFunction | string)[],
  cwd: string,
): Promise<NamedSeed[]> {
  const seeds: NamedSeed[] = [];
  for (const [index, each] of given.entries()) {
    if (typeof each === 'function') seeds.push({ name: each.name || `seeds[${index}]`, seed: each });
    else for (const file of await findFiles([each], cwd)) seeds.push(await seedIn(file, cwd));
  }
  if (seeds.length === 0) throw seedsMissing(given.length);
  return seeds;
}

async function seedIn(file: string, cwd: string): Promise<NamedSeed> {
  const exported = await exportsOf(file).catch((error: unknown) => {
    throw scriptFailed('seed', file, messageOf(error), error);
  });
  const { seed } = exported;
  if (typeof seed !== 'function') throw seedMissing(file, Object.keys(exported));
  return { name: relative(cwd, file), seed: seed as SeedFunction };
}
