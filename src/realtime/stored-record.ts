import type { StoredRecord } from '../mapping/types.js';
import type { RecordChange } from '../protocol/operation.js';

/** The record as an operation left it; `undefined` when it is gone. */
export function storedRecord({ slug, leaves }: RecordChange): StoredRecord | undefined {
  if (leaves.length === 0) return undefined;
  return { slug, leaves, revision: leaves.reduce((greatest, leaf) => Math.max(greatest, leaf.revision), 0) };
}
