import type { StoredRecord } from '../../mapping/types.js';
import type { EntityMetadata } from '../../metadata/types.js';
import { jsonEquals } from '../../protocol/json.js';
import { escapeSegment } from '../../protocol/path.js';
import type { Leaf } from '../../protocol/value.js';

/** Whether two versions of one record make the same entity: leaves that no field claims make no difference. */
export function sameData(metadata: EntityMetadata, a: StoredRecord, b: StoredRecord): boolean {
  if (metadata.versionField !== undefined && a.revision !== b.revision) return false;
  const left = claimedLeaves(metadata, a);
  const right = claimedLeaves(metadata, b);
  return left.length === right.length && left.every((leaf, i) => sameLeaf(leaf, right[i]));
}

function claimedLeaves(metadata: EntityMetadata, { slug, leaves }: StoredRecord): readonly Leaf[] {
  const start = metadata.prefixPath.length + escapeSegment(slug).length + 2;
  return leaves.filter(({ path }) => {
    const end = path.indexOf('/', start);
    return metadata.fieldByWireSegment.has(path.slice(start, end === -1 ? undefined : end));
  });
}

function sameLeaf(a: Leaf, b: Leaf | undefined): boolean {
  return a.path === b?.path && jsonEquals(a.value, b.value);
}
