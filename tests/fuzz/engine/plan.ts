import { createHash } from 'node:crypto';
import type { Target } from './target.js';

/** How many inputs of `total` each target gets, by their shares; at least one each. */
export function allocate(targets: readonly Target[], total: number): ReadonlyMap<Target, number> {
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  return new Map(targets.map((target) => [target, Math.max(1, Math.ceil((total * target.share) / shares))]));
}

/** The seed of one batch: it depends on nothing that ran before it. */
export function seedOfBatch(seed: number, target: string, batch: number): number {
  return createHash('sha256').update(`${seed} ${target} ${batch}`).digest().readInt32BE();
}
