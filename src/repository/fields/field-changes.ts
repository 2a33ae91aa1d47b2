import type { FieldMetadata } from '../../metadata/types.js';
import type { JsonValue } from '../../protocol/values/value.js';
import type { BatchOperation, TransportCapabilities } from '../../transport/transport.js';
import type { EntityContext } from '../entity-context.js';
import { notANumber, notSupported } from '../prepare/field-errors.js';
import { fieldFor } from './field-for.js';
import { renewalOf } from '../prepare/renewal.js';
import { asIs, ignore, target } from '../prepare/prepare.js';
import type { ChangeOperation, PreparedWrite } from '../prepare/prepared-write.js';

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

/** A change of a counter or a set, checked and encoded; what record it is of is open. */
export interface FieldChange {
  readonly method: string;
  readonly field: FieldMetadata;
  /** The operation on the field's leaf. */
  readonly operation: (path: string) => ChangeOperation;
}

/** @throws DustError `invalid_criteria` for a property that is no counter, `invalid_value` for no finite number */
export function counterChange<T extends object>(
  context: EntityContext<T>,
  { method, property, value }: CounterChange,
): FieldChange {
  const { metadata } = context;
  const field = fieldFor(context, { method, property, role: 'counter' });
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw notANumber(metadata, property, method, value);
  }
  const delta = method === 'increment' ? value : -value;
  return { method, field, operation: (path) => ({ op: 'increment', path, value: delta }) };
}

/** @throws DustError `invalid_criteria` for a property that is no set, `invalid_value` for a member it cannot have */
export function setChange<T extends object>(
  context: EntityContext<T>,
  { method, property, member }: SetChange,
): FieldChange {
  const field = fieldFor(context, { method, property, role: 'set' });
  const value: JsonValue = context.mapper.encodeMember(field, member);
  const op = method === 'addTo' ? 'add' : 'remove';
  return { method, field, operation: (path) => ({ op, path, value }) };
}

/**
 * The change of one record. Where batches take such changes, the time of it is part of the same commit; elsewhere it is
 * not written, for a time in an operation of its own would make the record two.
 */
export function prepareFieldChange<T extends object>(
  context: EntityContext<T>,
  slug: string,
  { field, operation }: FieldChange,
): PreparedWrite {
  const { capabilities } = context.transport;
  const at = target(context, slug);
  const change = operation(`${at.path}/${field.wireSegment}`);
  const operations = takesInBatch(capabilities) ? [change, ...timeOfChange(context, at.path)] : undefined;
  const goesAlone = operations === undefined || (operations.length === 1 && capabilities.counters);
  return {
    ...at,
    steps: () => [goesAlone ? { kind: 'change', operation: change } : { kind: 'batch', operations }],
    operations,
    settle: ignore,
    renewal: renewalOf(context),
    explain: asIs,
  };
}

/** @throws DustError `not_supported` where neither an operation of its own nor a batch can change counters and sets */
export function assertCounters<T extends object>(
  { metadata, transport }: EntityContext<T>,
  method: string,
): void {
  const { capabilities } = transport;
  if (capabilities.counters || takesInBatch(capabilities)) return;
  throw notSupported(`${metadata.name}: ${method}`, 'counters');
}

/** Whether changes of counters and sets may be part of a batch. */
export function takesInBatch({ atomicBatch, batchCounters }: TransportCapabilities): boolean {
  return atomicBatch && batchCounters;
}

function timeOfChange<T extends object>({ mapper }: EntityContext<T>, path: string): BatchOperation[] {
  return mapper
    .encodeTimeOfChange()
    .map(({ field, value }) => ({ op: 'set', path: `${path}/${field.wireSegment}`, value }));
}
