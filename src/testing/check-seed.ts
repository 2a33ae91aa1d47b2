import { invalidSeed } from './errors.js';

/** @throws DustError `invalid_options` unless a seed is left out or a list of pairs of a class and its records */
export function checkSeed(seed: unknown): void {
  if (seed === undefined) return;
  if (!Array.isArray(seed)) throw invalidSeed(seed);
  for (const [position, group] of (seed as unknown[]).entries()) {
    if (!isGroup(group)) throw invalidSeed(group, position);
  }
}

/** The records may come from anything that `insertMany` takes. */
function isGroup(group: unknown): boolean {
  if (!Array.isArray(group) || group.length !== 2) return false;
  const [entity, records] = group as unknown[];
  return typeof entity === 'function' && typeof records === 'object' && records !== null;
}
