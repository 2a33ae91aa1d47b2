import { isDeepStrictEqual } from 'node:util';
import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
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

/** The records of a prefix that a commit left other than it found them, in store order. */
export function recordsOf(steps: readonly NaiveStep[], prefix: string): unknown[] {
  const [before, after] = [steps[0]?.before ?? [], steps.at(-1)?.after ?? []];
  const depth = segmentsOf(prefix).length;
  const paths = [...before, ...after]
    .filter(({ path }) => isBelow(path, prefix))
    .map(({ path }) => ({
      path: path
        .split('/')
        .slice(0, depth + 1)
        .join('/'),
    }));
  const within = (leaves: readonly NaiveLeaf[], record: string): NaiveLeaf[] =>
    leaves.filter((leaf) => isAtOrBelow(leaf.path, record));
  const records = new Set(paths.sort(byBytes).map(({ path }) => path));
  return [...records]
    .filter((record) => !isDeepStrictEqual(within(before, record), within(after, record)))
    .map((record) => ({
      slug: segmentsOf(record).at(-1),
      existed: within(before, record).length > 0,
      leaves: within(after, record),
    }));
}
