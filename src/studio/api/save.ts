import { isDustError } from '../../errors.js';
import type { DuplicateValues } from '../../errors.js';
import { EntityValidationError, InvalidValueError } from '../../mapping/index.js';
import type { EntityMetadata, FieldMetadata } from '../../metadata/index.js';
import type { PropertyError } from '../../mapping/index.js';
import { reasonOf } from '../../query/index.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { StudioRefusal, badRequest } from '../errors.js';
import { entityNamed, pathOf } from './entities.js';
import { place, propertyNamed } from './filters.js';
import type { Written } from './guarded-write.js';
import { outcomeOf } from './guarded-write.js';
import { saveLeaf } from './leaf-writes.js';
import type { SaveRequest, Violation, WriteAnswer } from './messages.js';
import { OwnCodeRefusal, valueRefusal, writeByOwnCode } from './own-code.js';
import type { Asking, StudioEntity, StudioSource } from './source.js';
import { typedProperty } from './typed-text.js';

/**
 * Writes a record by its entity's own rules, or a leaf.
 *
 * @throws StudioRefusal for what names no property, and for a record that is none of its entity; what a write may meet
 */
export async function save(source: StudioSource, request: SaveRequest, asking: Asking): Promise<WriteAnswer> {
  const { entity: name, path, value, revision } = request;
  if (name === undefined) {
    if (path === undefined || value === undefined) throw badRequest('"path" and "value" are to be given.');
    return saveLeaf(source, { path, value, revision }, asking);
  }
  const entity = entityNamed(source, name);
  const { metadata } = entity.context;
  const violations: Violation[] = [];
  const like = likeOf(source, metadata, request.values ?? {}, violations);
  if (violations.length > 0) return { outcome: 'invalid', violations };
  try {
    return await (revision === 0
      ? create(source, entity, { slug: request.slug, like }, asking)
      : update(source, entity, { slug: request.slug, like, revision }, asking));
  } catch (error) {
    const found = violationsIn(metadata, error);
    if (found === undefined) throw error;
    return { outcome: 'invalid', violations: found };
  }
}

interface Given {
  readonly slug: string | undefined;
  readonly like: object;
}

async function create(
  source: StudioSource,
  entity: StudioEntity,
  { slug, like }: Given,
  asking: Asking,
): Promise<WriteAnswer> {
  const { target, slugProperty } = entity.context.metadata;
  const repository = source.dataSource.getRepository(target);
  const named = slug === undefined || slug === '' ? like : { ...like, [slugProperty]: slug };
  const instance = repository.create(named);
  let path: Path | undefined = slug === undefined || slug === '' ? undefined : pathOf(entity, slug);
  const insert = async (options: { readonly ifAbsent?: true }): Promise<Written> => {
    const warning = await writeByOwnCode(
      source,
      () => repository.insert(instance, options),
      () => repository.revisionOf(instance) !== undefined,
    );
    path = pathOf(entity, String(Reflect.get(instance, slugProperty)));
    return { storeSeq: repository.revisionOf(instance) ?? 0, warning };
  };
  const written = await insertOrNothing(async () => {
    try {
      return await insert({ ifAbsent: true });
    } catch (error) {
      // A server of version 0.1 compares no record as a whole, and the class has no field that could stand for it.
      if (!isDustError(error, 'not_supported') && !isDustError(error, 'invalid_metadata')) throw error;
    }
    if (path !== undefined && (await source.dataSource.transport.exists(path, asking))) return undefined;
    return insert({});
  });
  return outcomeOf(source, path ?? entity.info.prefix, asking, () => Promise.resolve(written));
}

/** Undefined where a record is there already. */
async function insertOrNothing(insert: () => Promise<Written | undefined>): Promise<Written | undefined> {
  try {
    return await insert();
  } catch (error) {
    if (isDustError(error, 'exists') && error.detail !== 'duplicate') return undefined;
    throw error;
  }
}

async function update(
  source: StudioSource,
  entity: StudioEntity,
  { slug, like, revision }: Given & { readonly revision: number },
  asking: Asking,
): Promise<WriteAnswer> {
  if (slug === undefined || slug === '') throw badRequest('"slug" says which record is written.');
  const { reader, mapper, metadata } = entity.context;
  const repository = source.dataSource.getRepository(metadata.target);
  return outcomeOf(source, pathOf(entity, slug), asking, async () => {
    const record = await reader.readRecord(slug, { signal: asking.signal });
    if (record?.revision !== revision) return undefined;
    const { entity: instance, problem } = mapper.hydrate(record);
    if (problem !== undefined) {
      throw new StudioRefusal(
        409,
        'invalid_record',
        `The record is none of its entity: ${reasonOf(problem)}. Write its leaves.`,
      );
    }
    const warning = await writeByOwnCode(
      source,
      () => repository.save(repository.merge(instance, like), { ifMatch: revision }),
      () => (mapper.revisionOf(instance) ?? revision) > revision,
    );
    return { storeSeq: mapper.revisionOf(instance) ?? revision, warning };
  });
}

/** The properties that are given, as the class holds them. */
function likeOf(
  source: StudioSource,
  metadata: EntityMetadata,
  values: JsonObject,
  violations: Violation[],
): object {
  const like: Record<string, unknown> = {};
  for (const [property, value] of Object.entries(values)) {
    const { field, names } = propertyNamed(metadata, property);
    // The slug stands beside the values.
    if (field === undefined) continue;
    try {
      place(like, names, propertyValue(property, field, value));
    } catch (error) {
      violations.push({ property, messages: [valueRefusal(source, error)] });
    }
  }
  return like;
}

function propertyValue(property: string, field: FieldMetadata, value: JsonValue): unknown {
  const typed = typedProperty(property, field, value);
  if (typed === null) return null;
  // What is typed is what is stored; the property holds what reading makes of it.
  return field.transformers.reduceRight<unknown>((stored, transformer) => transformer.from(stored), typed);
}

/** What is wrong with which property; undefined for errors that are about none. */
function violationsIn(metadata: EntityMetadata, error: unknown): Violation[] | undefined {
  if (error instanceof EntityValidationError) return error.errors.flatMap((each) => flattened(each, ''));
  if (error instanceof OwnCodeRefusal) return [{ property: '', messages: [error.message] }];
  if (error instanceof InvalidValueError) return [{ property: error.property, messages: [error.message] }];
  if (isDustError(error, 'exists') && error.duplicate !== undefined) {
    return duplicated(metadata, error.duplicate);
  }
  if (isDustError(error, 'nothing_to_write') || isDustError(error, 'invalid_value')) {
    return [{ property: metadata.slugProperty, messages: [error.message] }];
  }
  return undefined;
}

function duplicated({ slugProperty }: EntityMetadata, { slug, properties }: DuplicateValues): Violation[] {
  const message = `The record ${JSON.stringify(slug)} has this already.`;
  return (properties ?? [slugProperty]).map((property) => ({ property, messages: [message] }));
}

function flattened({ property, constraints, children = [] }: PropertyError, above: string): Violation[] {
  const name = `${above}${property}`;
  const messages = Object.values(constraints ?? {});
  return [
    ...(messages.length === 0 ? [] : [{ property: name, messages }]),
    ...children.flatMap((child) => flattened(child, `${name}.`)),
  ];
}
