import { findClaimField } from '../../mapping/index.js';
import type { SetOperation, StoredRecord } from '../../mapping/index.js';
import type { EncodedField } from '../../metadata/types.js';
import type { Path } from '../../protocol/paths/path.js';
import { childPath, isBelow } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { EntityContext } from '../entity-context.js';
import { FOR_WRITE } from './for-write.js';
import { asIs, ignore, target } from './prepare.js';
import { changeOf } from './prepare-update.js';
import type { DecidedChange, PreparedWrite } from './prepared-write.js';

/** The time of deletion that is written to a record, or taken off it. */
export interface Deletion {
  /** As it is encoded, with the time of the change. */
  readonly fields: readonly EncodedField[];
  /** Whether it is to be written to a record that is there. Default: to each. */
  readonly admits?: (record: StoredRecord) => boolean;
  /** Called when there is no record; what it throws is the outcome. Without it nothing is written. */
  readonly missing?: () => never;
}

/**
 * Sets or clears the time of deletion of a record as it is when the write is sent. It makes no record, and applies only while nobody else
 * writes to it: where two delete it, the later one finds it deleted.
 */
export function prepareDeletion<T extends object>(
  context: EntityContext<T>,
  slug: string,
  { fields, admits = () => true, missing }: Deletion,
): PreparedWrite {
  const at = target(context, slug);
  const operations = setsOf(at.path, fields);
  return {
    ...at,
    steps: () => [{ kind: 'sequence', operations }],
    operations,
    settle: ignore,
    explain: asIs,
    decision: {
      read: (slugs, options) => context.reader.readRecords(slugs, { ...options, ...FOR_WRITE }),
      decide: (record) => {
        if (record === undefined) {
          missing?.();
          return undefined;
        }
        return admits(record) ? deletionOf(context, record, fields) : undefined;
      },
    },
  };
}

/** Whether a record is deleted softly; undefined for one that is no entity. */
export function isSoftlyDeleted<T extends object>(
  { mapper, metadata }: EntityContext<T>,
  record: StoredRecord,
): boolean | undefined {
  const { entity } = mapper.hydrate(record);
  const property = metadata.deletedAtField?.propertyName ?? '';
  return entity && (Reflect.get(entity, property) ?? null) !== null;
}

function deletionOf<T extends object>(
  context: EntityContext<T>,
  record: StoredRecord,
  fields: readonly EncodedField[],
): DecidedChange {
  const { metadata } = context;
  const { slug, leaves } = record;
  const path = childPath(metadata.prefixPath, slug);
  const operations = changeOf(context, slug, leaves, fields);
  const sets = setsOf(path, fields);
  const own = new Set([path, ...sets.map((operation) => operation.path)]);
  const isRenewed = operations.some((operation) => !own.has(operation.path));
  if (metadata.mode === 'map' || isRenewed) return { record, operations };
  const time = `${path}/${metadata.deletedAtField?.wireSegment ?? ''}`;
  const present = leaves.find((leaf) => leaf.path === time && standsAlone(leaf, leaves));
  const claimed = `${path}/${findClaimField(metadata)?.wireSegment ?? ''}`;
  const leaf =
    present ??
    leaves.find((each) => each.path === claimed && standsAlone(each, leaves)) ??
    leaves.find((each) => standsAlone(each, leaves));
  const absent = present === undefined ? time : undefined;
  return { record, operations, anchor: leaf && { leaf, sets, absent } };
}

function setsOf(path: Path, fields: readonly EncodedField[]): SetOperation[] {
  return fields.map(({ field, value }) => ({ op: 'set', path: `${path}/${field.wireSegment}`, value }));
}

/** Whether a leaf can be written again without taking others away. */
function standsAlone({ path }: Leaf, leaves: readonly Leaf[]): boolean {
  return !leaves.some((other) => isBelow(other.path, path));
}
