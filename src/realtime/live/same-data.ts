import type { StoredRecord } from '../../mapping/types.js';
import type { EntityMetadata, FieldMetadata } from '../../metadata/types.js';
import { jsonEquals } from '../../protocol/values/json.js';
import { escapeSegment } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { Selection } from '../../query/index.js';

/**
 * Whether two versions of one record make the same entity, as far as `selection` hands it out: leaves that no field claims make no
 * difference.
 */
export function sameData(
  metadata: EntityMetadata,
  a: StoredRecord,
  b: StoredRecord,
  selection: Selection,
): boolean {
  const { versionField } = metadata;
  if (versionField !== undefined && isSelected(versionField, selection) && a.revision !== b.revision) {
    return false;
  }
  const left = claimedLeaves(metadata, a, selection);
  const right = claimedLeaves(metadata, b, selection);
  return left.length === right.length && left.every((leaf, i) => sameLeaf(leaf, right[i]));
}

function claimedLeaves(
  metadata: EntityMetadata,
  { slug, leaves }: StoredRecord,
  selection: Selection,
): readonly Leaf[] {
  const start = metadata.prefixPath.length + escapeSegment(slug).length + 2;
  return leaves.filter(({ path }) => {
    const end = path.indexOf('/', start);
    const field = metadata.fieldByWireSegment.get(path.slice(start, end === -1 ? undefined : end));
    return field !== undefined && isSelected(field, selection);
  });
}

function isSelected({ propertyName }: FieldMetadata, selection: Selection): boolean {
  return selection === undefined || selection.has(propertyName);
}

function sameLeaf(a: Leaf, b: Leaf | undefined): boolean {
  return a.path === b?.path && jsonEquals(a.value, b.value);
}
