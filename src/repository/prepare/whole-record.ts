import type { Path } from '../../protocol/paths/path.js';
import { isBelow } from '../../protocol/paths/path.js';
import { isMap } from '../../protocol/values/value.js';
import type { Leaf, LeafType } from '../../protocol/values/value.js';
import type { BatchOperation } from '../../transport/transport.js';

/** The revision of a record: the greatest of its leaves (PROTOCOL §1); null when it has none. */
export function revisionOfLeaves(leaves: readonly Leaf[]): number | null {
  return leaves.reduce<number | null>((revision, leaf) => Math.max(revision ?? 0, leaf.revision), null);
}

/**
 * `change`, made to apply only while the record stands as it was read, by checks that write nothing. One of the record's
 * revision notices whatever was written; where the change writes back what was read, each leaf is checked too, for one
 * that was removed leaves the revision as it was and would come back.
 */
export function checkedOperations(
  record: Path,
  leaves: readonly Leaf[],
  change: readonly BatchOperation[],
): BatchOperation[] {
  const writesBack = change.some(({ op, path }) => op === 'set' && path === record);
  const revisions = revisionsAtAndBelow(record, leaves);
  const checked = new Set(writesBack ? [record, ...leaves.map(({ path }) => path)] : [record]);
  const checks = Array.from(checked, (path): BatchOperation => {
    return { op: 'check', path, revision: revisions.get(path) ?? 0 };
  });
  return [...checks, ...change];
}

/**
 * The change of a record with these leaves, with a value written at its end, if need be again as it stands. A record has the revision of what
 * was written last of it, which who sends the change takes its end for; what is removed leaves none.
 */
export function endingInValue(
  leaves: readonly Leaf[],
  change: readonly BatchOperation[],
): readonly BatchOperation[] {
  if (change.at(-1)?.op !== 'delete') return change;
  const left = leaves.filter((leaf) => !change.some(({ path }) => touches(path, leaf.path)));
  const kept = change.findLast((operation) => operation.op === 'set') ?? leafToRepeat(left);
  return kept === undefined ? change : [...change, { op: 'set', path: kept.path, value: kept.value }];
}

/** Leaves whose type a value tells: written again, any other one becomes one of these. */
const TOLD_BY_VALUE: ReadonlySet<LeafType> = new Set(['string', 'integer', 'float', 'boolean', 'null']);

/** Of leaves in the order of a store one that is the same when it is written again as it stands; undefined when there are none. */
export function leafToRepeat(leaves: readonly Leaf[]): Leaf | undefined {
  const isAlone = ({ path }: Leaf, i: number): boolean => !isBelow(leaves[i + 1]?.path ?? '', path);
  // Where there is none such, at least nothing lies below the last one, which would be lost.
  return leaves.findLast((leaf, i) => TOLD_BY_VALUE.has(leaf.type) && isAlone(leaf, i)) ?? leaves.at(-1);
}

/** The greatest revision at and below each path of the record, from the record's own on. */
function revisionsAtAndBelow(record: Path, leaves: readonly Leaf[]): Map<Path, number> {
  const revisions = new Map<Path, number>();
  for (const { path, revision } of leaves) {
    for (let end = path.length; end >= record.length; end = path.lastIndexOf('/', end - 1)) {
      const above = path.slice(0, end);
      revisions.set(above, Math.max(revisions.get(above) ?? 0, revision));
    }
  }
  return revisions;
}

/**
 * The same for a store that knows no checks: the whole-record compare-and-swap of PROTOCOL §7, for one atomic batch. A leaf that the change writes itself carries the
 * precondition there; every other leaf is first written again as it stands, so that watchers never see a record
 * that is half changed.
 *
 * A leaf that another writer adds to the record in the meantime goes unnoticed.
 */
export function guardedOperations(
  leaves: readonly Leaf[],
  change: readonly BatchOperation[],
): BatchOperation[] {
  const foldable = foldableLeaves(leaves, change);
  const checks = leaves
    .filter((leaf) => !foldable.has(leaf.path))
    .reverse()
    .flatMap((leaf) => rewrite(leaf, leaves));
  const guarded = change.map((operation) => {
    const ifMatch = foldable.get(operation.path);
    return ifMatch === undefined || operation.op !== 'set' ? operation : { ...operation, ifMatch };
  });
  return [...checks, ...guarded];
}

/** Writes a leaf as it stands if it still has its revision; leaves below it, which that removes, are put back. */
function rewrite(leaf: Leaf, leaves: readonly Leaf[]): BatchOperation[] {
  const below = leaves.filter((other) => isBelow(other.path, leaf.path));
  return [
    { op: 'set', path: leaf.path, value: leaf.value, ifMatch: leaf.revision },
    ...below.map(({ path, value }): BatchOperation => ({ op: 'set', path, value })),
  ];
}

/** The leaves whose check can ride on the change: written whole, once, and by nothing else in it. */
function foldableLeaves(leaves: readonly Leaf[], change: readonly BatchOperation[]): Map<Path, number> {
  const foldable = new Map<Path, number>();
  for (const { path, revision } of leaves) {
    const touching = change.filter((operation) => touches(operation.path, path));
    const [only] = touching;
    const isOwnLeaf = touching.length === 1 && only?.op === 'set' && only.path === path && !isMap(only.value);
    const standsAlone = !leaves.some((other) => isBelow(path, other.path) || isBelow(other.path, path));
    if (isOwnLeaf && standsAlone) foldable.set(path, revision);
  }
  return foldable;
}

function touches(a: Path, b: Path): boolean {
  return a === b || isBelow(a, b) || isBelow(b, a);
}
