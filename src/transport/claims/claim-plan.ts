import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { Foreseen, UniqueValues } from '../../store/index.js';
import type { BatchOperation } from '../transport.js';
import { claimPath } from './claim-paths.js';

/** A claim that a write needs. */
export interface NeededClaim {
  readonly path: Path;
  readonly values: UniqueValues;
  /** The claim as it lies in the store: of the record itself, or of one that does not have the values. Undefined: none does. */
  readonly present: Leaf | undefined;
}

/** What a write does to claims. */
export interface ClaimPlan {
  readonly needed: readonly NeededClaim[];
  /** Claims of the records that are written, of values that no record has then. */
  readonly released: readonly Leaf[];
}

/** The claims that a write has to do with, those that stay as they are among them. */
export function claimPathsOf({ before, after }: Foreseen): Path[] {
  return [...new Set([...before, ...after].map(claimPath))];
}

/** What a write does to the claims that lie at these paths. */
export function planClaims({ before, after }: Foreseen, claims: ReadonlyMap<Path, Leaf>): ClaimPlan {
  const needed = new Map<Path, NeededClaim>();
  for (const values of after) {
    const path = claimPath(values);
    needed.set(path, { path, values, present: claims.get(path) });
  }
  const released = new Map<Path, Leaf>();
  for (const values of before) {
    const path = claimPath(values);
    const claim = claims.get(path);
    if (claim?.value === values.slug && !needed.has(path)) released.set(path, claim);
  }
  return { needed: [...needed.values()], released: [...released.values()] };
}

/** What keeps a claim in a commit, which fails when somebody else has changed it since it was read. */
export function keeping({ path, values }: NeededClaim, revision: number): BatchOperation {
  return { op: 'set', path, value: values.slug, ifMatch: revision };
}

/** What gives claims back in a commit. */
export function releasing(released: readonly Leaf[]): BatchOperation[] {
  return released.map(({ path, revision }) => ({ op: 'delete', path, ifMatch: revision }));
}
