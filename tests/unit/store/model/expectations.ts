import type { CommittedOperation } from '../../../../src/protocol/operation.js';
import type { NaiveLeaf } from './naive-paths.js';
import { byBytes, isAtOrBelow, isBelow, segmentsOf } from './naive-paths.js';
import type { NaiveStep } from './naive-store.js';

/** What a write is answered with. */
export const receipt = (operations: readonly CommittedOperation[]) => ({
  storeSeq: operations[0]?.storeSeq,
});

/** What `lease` and `renew` are answered with. */
export function leaseReceipt(operations: readonly CommittedOperation[]): unknown {
  const { token, expires_at: expiresAt, holder } = operations[0]?.value as any;
  return { storeSeq: operations[0]?.storeSeq, token, expiresAt, holder };
}

/** The paths of the leaves that a step wrote or removed, in store order. */
export function changedPaths({ before, after, operation }: NaiveStep): string[] {
  const gone = before.filter((leaf) => !after.some((each) => each.path === leaf.path));
  const written = after.filter((leaf) => leaf.revision === operation.storeSeq);
  return [...gone, ...written].sort(byBytes).map((leaf) => leaf.path);
}

/** The records of a prefix that a step touched, in the order of their first changed leaf. */
export function recordsOf(step: NaiveStep, prefix: string): unknown[] {
  const depth = segmentsOf(prefix).length;
  const touched = changedPaths(step)
    .filter((path) => isBelow(path, prefix))
    .map((path) =>
      path
        .split('/')
        .slice(0, depth + 1)
        .join('/'),
    );
  const within = (leaves: readonly NaiveLeaf[], record: string): NaiveLeaf[] =>
    leaves.filter((leaf) => isAtOrBelow(leaf.path, record));
  return [...new Set(touched)].map((record) => ({
    slug: segmentsOf(record).at(-1),
    existed: within(step.before, record).length > 0,
    leaves: within(step.after, record),
  }));
}
