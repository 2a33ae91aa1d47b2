import { operationsFor, storedAfter } from '../../mapping/index.js';
import type { EncodedField } from '../../metadata/types.js';
import type { JsonObject, Leaf } from '../../protocol/values/value.js';
import { assemble, isMap, setOwn } from '../../protocol/values/value.js';
import type { BatchOperation } from '../../transport/transport.js';
import { prepareGuarded, prepareSwap } from './compare-and-swap.js';
import type { EntityContext } from '../entity-context.js';
import { FOR_WRITE } from './for-write.js';
import { fieldsFor, hasParts } from './parts.js';
import type { EncodedPartial } from './partial.js';
import { checkSlugStays } from './partial.js';
import { asIs, ignore, prepareFields, target } from './prepare.js';
import type { PreparedWrite } from './prepared-write.js';
import { presentLeaves, renewedLeaves } from './renewal.js';
import { recordPath } from './record-path.js';
import { endingInValue, revisionOfLeaves } from './whole-record.js';

/**
 * The write of a partial to one record; undefined when the record does not exist, and when it holds no new part of any of its nested
 * objects. With `ifMatch`, it applies only while the record has that revision. `leaves` is what the record was read as; where that
 * matters, it is read here when left out.
 *
 * @throws DustError `conflict`, `not_supported`, `invalid_value` when the partial names another slug; EntityValidationError when a nested
 * object that the record does not have yet lacks what is required
 */
export async function prepareUpdate<T extends object>(
  context: EntityContext<T>,
  slug: string,
  partial: EncodedPartial,
  ifMatch?: number,
  leaves?: readonly Leaf[],
): Promise<PreparedWrite | undefined> {
  checkSlugStays(context, slug, partial);
  if (ifMatch !== undefined) {
    const change = (leaves: readonly Leaf[]) => changeOf(context, slug, leaves, partial.fields);
    return prepareSwap(context, slug, { expected: ifMatch, change, settle: ignore });
  }
  if (context.metadata.mode === 'map') return prepareRewrite(context, slug, partial.fields, leaves);
  const { path } = target(context, slug);
  if (hasParts(partial.fields)) {
    const present = leaves ?? (await context.transport.subtree(path, FOR_WRITE));
    return present.length === 0 ? undefined : preparePartly(context, slug, partial.fields, present);
  }
  const isThere = await context.transport.exists(path, FOR_WRITE);
  return isThere ? prepareFields(context, slug, partial.fields, ignore) : undefined;
}

/** The write of these fields to a flat record with these leaves. */
export function preparePartly<T extends object>(
  context: EntityContext<T>,
  slug: string,
  fields: readonly EncodedField[],
  leaves: readonly Leaf[],
): PreparedWrite | undefined {
  const present = presentLeaves(context, slug, leaves);
  const ready = fieldsFor(recordPath(context.metadata, slug), slug, fields, present);
  return ready.length === 0 ? undefined : prepareFields(context, slug, ready, ignore);
}

/**
 * A map-mode record, read, changed and written back whole. Where the transport has atomic batches the write applies
 * only if nobody else wrote in between; elsewhere the last writer wins.
 */
async function prepareRewrite<T extends object>(
  context: EntityContext<T>,
  slug: string,
  fields: readonly EncodedField[],
  read?: readonly Leaf[],
): Promise<PreparedWrite | undefined> {
  const { transport } = context;
  const at = target(context, slug);
  const leaves = read ?? (await transport.subtree(at.path, FOR_WRITE));
  const revision = revisionOfLeaves(leaves);
  if (revision === null) return undefined;
  const operation = { op: 'set', path: at.path, value: changedMap(context, slug, leaves, fields) } as const;
  const overwrite: PreparedWrite = {
    ...at,
    steps: () => [{ kind: 'set', operation }],
    operations: undefined,
    settle: ignore,
    explain: asIs,
  };
  if (!transport.capabilities.atomicBatch) return overwrite;
  const swap = { expected: revision, change: [operation], settle: ignore };
  const guarded = prepareGuarded(context, slug, leaves, swap);
  return {
    ...guarded,
    steps: () => (transport.capabilities.atomicBatch ? guarded : overwrite).steps(),
  };
}

/** The operations that write these fields to a record with these leaves. */
export function changeOf<T extends object>(
  context: EntityContext<T>,
  slug: string,
  leaves: readonly Leaf[],
  fields: readonly EncodedField[],
): readonly BatchOperation[] {
  const { metadata, transport } = context;
  const path = recordPath(metadata, slug);
  if (metadata.mode === 'map') return [{ op: 'set', path, value: changedMap(context, slug, leaves, fields) }];
  const { present, renewed } = renewedLeaves(context, slug, leaves);
  const ready = fieldsFor(path, slug, fields, present);
  if (ready.length === 0 && renewed.length > 0) return endingInValue(leaves, renewed);
  return [...renewed, ...operationsFor(metadata, slug, ready, transport.capabilities)];
}

/** The record's map with these fields in place of what it had. */
function changedMap<T extends object>(
  context: EntityContext<T>,
  slug: string,
  leaves: readonly Leaf[],
  fields: readonly EncodedField[],
): JsonObject {
  const map: Record<string, JsonObject[string]> = {};
  const path = recordPath(context.metadata, slug);
  const present = presentLeaves(context, slug, leaves);
  const stored = assemble(path, present);
  for (const [name, value] of isMap(stored) ? Object.entries(stored) : []) setOwn(map, name, value);
  for (const encoded of fieldsFor(path, slug, fields, present)) {
    const { wireName } = encoded.field;
    const before = Object.hasOwn(map, wireName) ? map[wireName] : undefined;
    setOwn(map, wireName, storedAfter(encoded, before));
  }
  for (const { field, value } of context.mapper.evolution?.stamp ?? []) setOwn(map, field.wireName, value);
  return map;
}
