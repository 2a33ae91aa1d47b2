import { isDustError } from '../../errors.js';
import { claimField, findClaimField, operationsFor, planWrite } from '../../mapping/index.js';
import type { FieldFault } from '../../mapping/index.js';
import type { EncodedField } from '../../metadata/types.js';
import { flatten } from '../../protocol/values/value.js';
import type { BatchOperation } from '../../transport/transport.js';
import type { EntityContext } from '../entity-context.js';
import { FOR_WRITE } from './for-write.js';
import { notWhole, recordExists } from './record-errors.js';
import { instanceOf } from './instances.js';
import { giveSlug, tellSlug } from './name-entity.js';
import { prepareFields, target } from './prepare.js';
import type { PreparedWrite, WriteStep } from './prepared-write.js';
import { recordPath } from './record-path.js';
import type { InsertOptions } from '../requests/write-options.js';

/** An entity that was validated and its write; none when it is stored as it is. */
export interface PreparedEntity<T extends object, Write = PreparedWrite> {
  readonly entity: T;
  readonly write: Write;
}

export interface InsertRequest extends Pick<InsertOptions, 'ifAbsent'> {
  /** Whether a plain object itself gets what the write fills in, and stands for the record from then on. */
  readonly fillsSource?: boolean;
}

/**
 * Writes all fields of an entity or plain object.
 *
 * @throws EntityValidationError; DustError `invalid_value`, and `exists` with `ifAbsent`
 */
export async function prepareInsert<T extends object>(
  context: EntityContext<T>,
  source: unknown,
  { ifAbsent = false, fillsSource = false }: InsertRequest = {},
): Promise<PreparedEntity<T>> {
  const entity = instanceOf(context, source);
  giveSlug(context, entity);
  const told = context.lifecycle?.writing('insert', entity);
  if (told !== undefined) await told.before();
  const slug = context.mapper.slugOf(entity);
  tellSlug(context, source, entity, slug);
  // The instance that stands for a plain object is held by those who are told of it.
  const isHeld = entity === source || told !== undefined;
  const holders = new Set<object>(fillsSource ? [entity, source as object] : isHeld ? [entity] : []);
  const { fields, settle, validation } = encodeInsert(context, entity, holders);
  await validation;
  const write = ifAbsent
    ? await prepareClaim(context, slug, fields, settle)
    : prepareFields(context, slug, fields, settle);
  return { entity, write: told === undefined ? write : told.follow(write) };
}

/** The write of an entity or plain object as {@link prepareInsert} makes it, at once unless the validation takes time or hooks are called. */
export function prepareUpsert<T extends object>(
  context: EntityContext<T>,
  source: unknown,
): PreparedWrite | Promise<PreparedWrite> {
  if (context.lifecycle !== undefined) return prepareInsert(context, source).then(({ write }) => write);
  const entity = instanceOf(context, source);
  giveSlug(context, entity);
  const slug = context.mapper.slugOf(entity);
  tellSlug(context, source, entity, slug);
  const holders = new Set(entity === source ? [entity] : []);
  const { fields, settle, validation } = encodeInsert(context, entity, holders);
  const write = (): PreparedWrite => prepareFields(context, slug, fields, settle);
  return validation === undefined ? write() : validation.then(write);
}

interface EncodedInsert extends Pick<PreparedWrite, 'settle'> {
  readonly fields: readonly EncodedField[];
  /** Fails when something is wrong with the entity; undefined when nothing is. */
  readonly validation: Promise<void> | undefined;
}

function encodeInsert<T extends object>(
  { mapper, metadata, validator }: EntityContext<T>,
  entity: T,
  holders: ReadonlySet<object>,
): EncodedInsert {
  const slug = mapper.slugOf(entity);
  const leftOut = mapper.leftOutOf(entity);
  if (leftOut !== undefined) throw notWhole(metadata, slug, leftOut);
  const faults: FieldFault[] = [];
  const fields = mapper.encode(entity, 'insert', faults);
  const filledIn = metadata.schema === undefined ? undefined : (): object => mapper.filledIn(entity, fields);
  const validation = validator.validate(mapper.adopted(entity, 'whole'), { slug, faults, filledIn });
  const settle = (revision: number): void => {
    // None where nobody holds the instance that stands for a plain object.
    for (const holder of holders) {
      if (holder !== entity) Reflect.set(holder, metadata.slugProperty, slug);
      mapper.markStored(holder, fields, revision);
    }
  };
  return { fields, settle, validation };
}

/**
 * Insert-or-fail (PROTOCOL §7): a look whether the record is there, then a write that fails if somebody else made it
 * in the meantime. That is one atomic batch: the plain insert behind a check that nothing is there, or, where batches
 * know no checks and honour `ifAbsent`, of leaves that must all be absent. Else one leaf is claimed and the rest written
 * after it, and a crash in between leaves a record that readers skip.
 */
async function prepareClaim<T extends object>(
  context: EntityContext<T>,
  slug: string,
  fields: readonly EncodedField[],
  settle: (revision: number) => void,
): Promise<PreparedWrite> {
  const { transport, metadata } = context;
  const at = target(context, slug);
  const current = await transport.get(at.path, FOR_WRITE);
  if (current !== null) throw recordExists(metadata, slug, at.path, current.revision);
  const operations = atomicInsert(context, slug, fields);
  return {
    ...at,
    steps: () =>
      operations === undefined ? claimSteps(context, slug, fields) : [{ kind: 'batch', operations }],
    operations,
    settle,
    takeBack: operations === undefined ? (revision) => takeClaimBack(context, slug, revision) : undefined,
    explain: async (error) => {
      // What is there already may be another record's value, not this record.
      if (!isDustError(error, 'exists') || error.detail === 'duplicate') return error;
      const winner = await transport.get(at.path, FOR_WRITE);
      return recordExists(metadata, slug, at.path, winner === null ? null : winner.revision, error);
    },
  };
}

/** Insert-or-fail as one atomic batch; undefined where the transport cannot have it. */
function atomicInsert<T extends object>(
  context: EntityContext<T>,
  slug: string,
  fields: readonly EncodedField[],
): BatchOperation[] | undefined {
  const { metadata, transport } = context;
  const { capabilities } = transport;
  if (!capabilities.atomicBatch) return undefined;
  if (capabilities.batchCheck) {
    const nothingThere = { op: 'check', path: recordPath(metadata, slug), revision: 0 } as const;
    return [nothingThere, ...operationsFor(metadata, slug, fields, capabilities)];
  }
  return capabilities.batchIfAbsent ? absentLeaves(context, slug, fields) : undefined;
}

/**
 * Every leaf of the record, each to be written only where there is none: `ifAbsent` is for leaves (PROTOCOL §2). The
 * one that stands for the record comes last, so that subscribers meet the record once, whole.
 */
function absentLeaves<T extends object>(
  { metadata }: EntityContext<T>,
  slug: string,
  fields: readonly EncodedField[],
): BatchOperation[] {
  const last = findClaimField(metadata);
  const ordered = [
    ...fields.filter(({ field }) => field !== last),
    ...fields.filter(({ field }) => field === last),
  ];
  return operationsFor(metadata, slug, ordered, { batchMerge: false }).flatMap(({ path, value }) =>
    flatten(path, value).map((leaf): BatchOperation => ({ op: 'set', ...leaf, ifAbsent: true })),
  );
}

function takeClaimBack<T extends object>(
  { metadata, transport }: EntityContext<T>,
  slug: string,
  revision: number,
): Promise<unknown> {
  const path = `${recordPath(metadata, slug)}/${claimField(metadata).wireSegment}`;
  return transport.delete(path, { ifMatch: revision });
}

function claimSteps<T extends object>(
  { metadata, transport }: EntityContext<T>,
  slug: string,
  fields: readonly EncodedField[],
): WriteStep[] {
  const claimed = claimField(metadata);
  const path = recordPath(metadata, slug);
  const claims = fields.filter(({ field }) => field === claimed);
  const rest = metadata.mode === 'map' ? fields : fields.filter(({ field }) => field !== claimed);
  const steps = claims.map(({ field, value }): WriteStep => ({
    kind: 'set',
    operation: { op: 'set', path: `${path}/${field.wireSegment}`, value, ifAbsent: true },
  }));
  return rest.length === 0 ? steps : [...steps, planWrite(metadata, slug, rest, transport.capabilities)];
}
