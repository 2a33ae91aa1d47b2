import type { FieldMetadata, FieldRole } from '../metadata/types.js';
import type { Path } from '../protocol/path.js';
import type { FindCriteria } from '../query/index.js';
import type { RequestOptions, TransportCapabilities, WriteReceipt } from '../transport/transport.js';
import { existingSlugs, slugsOf } from './affected.js';
import type { EntityContext } from './entity-context.js';
import { notANumber, notSupported, unknownProperty, wrongRole } from './field-errors.js';
import { stoppedBetweenRecords } from './write-errors.js';
import { isDustError } from '../errors.js';
import { pipeline } from './pipeline.js';
import { recordPath } from './record-path.js';
import type { UpdateResult } from './results.js';
import { writeResult } from './results.js';
import type { WriteRequest } from './write-options.js';
import { checkWriteRequest, requestOf } from './write-options.js';

const IN_FLIGHT = 32;

/** A change of a counter. */
export interface CounterChange {
  readonly method: 'increment' | 'decrement';
  readonly property: string;
  readonly value: number;
}

/** A change of a set. */
export interface SetChange {
  readonly method: 'addTo' | 'removeFrom';
  readonly property: string;
  readonly member: unknown;
}

/** Adds to or takes from a counter of every record that the criteria name and that exists. */
export async function changeCounter<T extends object>(
  context: EntityContext<T>,
  criteria: FindCriteria<T>,
  { method, property, value }: CounterChange,
  options: WriteRequest,
): Promise<UpdateResult> {
  const { metadata, transport } = context;
  const field = fieldFor(context, { method, property, role: 'counter', capability: 'counters' });
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw notANumber(metadata, property, method, value);
  }
  const delta = method === 'increment' ? value : -value;
  return changeEach(context, criteria, { field, method, options }, (path, request) =>
    transport.increment(path, delta, request),
  );
}

/** Adds a member to or takes it from a set of every record that the criteria name and that exists. */
export async function changeSet<T extends object>(
  context: EntityContext<T>,
  criteria: FindCriteria<T>,
  { method, property, member }: SetChange,
  options: WriteRequest,
): Promise<UpdateResult> {
  const { mapper, transport } = context;
  const field = fieldFor(context, { method, property, role: 'set', capability: 'counters' });
  const encoded = mapper.encodeMember(field, member);
  return changeEach(context, criteria, { field, method, options }, (path, request) =>
    method === 'addTo' ? transport.add(path, encoded, request) : transport.remove(path, encoded, request),
  );
}

/** What a method needs of the property it is given. */
interface FieldRequirement {
  readonly method: string;
  readonly property: string;
  readonly role: FieldRole;
  /** None when every transport can do it. */
  readonly capability?: keyof TransportCapabilities;
}

/**
 * The field behind a property.
 *
 * @throws DustError `invalid_criteria` for a property of another role, `not_supported`
 */
export function fieldFor<T extends object>(
  { metadata, transport }: EntityContext<T>,
  { method, property, role, capability }: FieldRequirement,
): FieldMetadata {
  const field = metadata.fieldByProperty.get(property);
  if (field === undefined) throw unknownProperty(metadata, property);
  if (field.role !== role) throw wrongRole(metadata, field, method, role);
  if (capability !== undefined && !transport.capabilities[capability]) {
    throw notSupported(`${metadata.name}: ${method}`, capability);
  }
  return field;
}

async function changeEach<T extends object>(
  context: EntityContext<T>,
  criteria: FindCriteria<T>,
  { field, method, options }: { field: FieldMetadata; method: string; options: WriteRequest },
  change: (path: Path, request: RequestOptions) => Promise<WriteReceipt>,
): Promise<UpdateResult> {
  checkWriteRequest(method, options);
  const request = requestOf(options);
  const slugs = await existingSlugs(context, await slugsOf(context, criteria), request);
  const { results, failure } = await pipeline(slugs, IN_FLIGHT, async (slug) => {
    const path = `${recordPath(context.metadata, slug)}/${field.wireSegment}`;
    return { slug, revision: (await change(path, request)).storeSeq };
  });
  if (failure === undefined) return writeResult(results);
  if (results.length === 0 || !isDustError(failure.error)) throw failure.error;
  throw stoppedBetweenRecords(
    results.map(({ slug }) => slug),
    slugs.length,
    failure.error,
  );
}
