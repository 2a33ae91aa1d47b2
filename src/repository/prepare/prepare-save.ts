import { operationsFor } from '../../mapping/index.js';
import type { EncodedField } from '../../metadata/types.js';
import { prepareSwap } from './compare-and-swap.js';
import type { EntityContext } from '../entity-context.js';
import { FOR_WRITE } from './for-write.js';
import { instanceOf } from './instances.js';
import type { EncodedPartial } from './partial.js';
import { prepareFields } from './prepare.js';
import type { PreparedEntity } from './prepare-insert.js';
import { prepareInsert } from './prepare-insert.js';
import { prepareUpdate } from './prepare-update.js';
import type { PreparedWrite } from './prepared-write.js';
import { recordMissing } from './record-errors.js';
import { recordPath } from './record-path.js';
import type { SaveOptions } from '../requests/write-options.js';

/**
 * Writes what changed since an entity was loaded; all of it when it was not, or when its record is gone. No write
 * for an entity that did not change.
 *
 * @throws EntityValidationError; DustError `invalid_value`, `conflict`
 */
export async function prepareSave<T extends object>(
  context: EntityContext<T>,
  source: unknown,
  { ifMatch }: Pick<SaveOptions, 'ifMatch'> = {},
): Promise<PreparedEntity<T, PreparedWrite | undefined>> {
  const { mapper, metadata, transport, validator } = context;
  const entity = instanceOf(context, source);
  const expected = expectedRevision(context, entity, ifMatch);
  const changed = mapper.changedFields(entity);
  if (changed === undefined && expected === undefined) return prepareInsert(context, entity);

  const slug = mapper.slugOf(entity);
  const leftOut = mapper.leftOutOf(entity);
  await validator.validate(entity, { slug, leftOut });
  if (changed?.length === 0) return { entity, write: undefined };
  if (leftOut !== undefined && changed !== undefined) {
    return { entity, write: await prepareChanges(context, entity, { slug, fields: changed }, expected) };
  }
  if (expected !== undefined) {
    const fields = fieldsToSave(context, entity, changed);
    const change = () => operationsFor(metadata, slug, fields, transport.capabilities);
    const settle = settlement(context, entity, fields);
    return { entity, write: await prepareSwap(context, slug, { expected, change, settle }) };
  }
  const isThere = await transport.exists(recordPath(metadata, slug), FOR_WRITE);
  const fields = isThere ? fieldsToSave(context, entity, changed) : mapper.encodeAll(entity, 'insert');
  return { entity, write: prepareFields(context, slug, fields, settlement(context, entity, fields)) };
}

/** An instance without some of its properties can but change its record: what was left out of it stays. */
async function prepareChanges<T extends object>(
  context: EntityContext<T>,
  entity: T,
  changes: EncodedPartial & { readonly slug: string },
  expected: number | undefined,
): Promise<PreparedWrite> {
  const write = await prepareUpdate(context, changes.slug, changes, expected);
  if (write === undefined) throw recordMissing(context.metadata, changes.slug, 'save');
  return { ...write, settle: settlement(context, entity, changes.fields) };
}

/** The revision that an entity's record must still have in the store: the one that was asked for, or that a `@VersionField` was loaded with. */
export function expectedRevision<T extends object>(
  { mapper, metadata }: EntityContext<T>,
  entity: T,
  ifMatch: number | undefined,
): number | undefined {
  if (ifMatch !== undefined) return ifMatch;
  return metadata.versionField === undefined ? undefined : mapper.revisionOf(entity);
}

function fieldsToSave<T extends object>(
  { mapper, metadata }: EntityContext<T>,
  entity: T,
  changed: readonly EncodedField[] | undefined,
): readonly EncodedField[] {
  return metadata.mode === 'flat' && changed !== undefined ? changed : mapper.encodeAll(entity, 'update');
}

function settlement<T extends object>(
  { mapper }: EntityContext<T>,
  entity: T,
  fields: readonly EncodedField[],
): (revision: number) => void {
  return (revision) => {
    mapper.markStored(entity, fields, revision);
  };
}
