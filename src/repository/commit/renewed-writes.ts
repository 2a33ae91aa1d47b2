import type { EntityMetadata } from '../../metadata/types.js';
import type { Path } from '../../protocol/path.js';
import { unescapeSegment } from '../../protocol/path.js';
import type { JsonObject } from '../../protocol/value.js';
import { assemble, isMap, setOwn } from '../../protocol/value.js';
import type { StoredRecord } from '../../mapping/index.js';
import type { BatchOperation, RequestOptions, Transport } from '../../transport/transport.js';
import type { PreparedWrite, Renewal } from '../prepare/prepared-write.js';
import { checkedOperations, guardedOperations } from '../prepare/whole-record.js';
import { explained } from './position.js';

/** Writes that are ready to be sent, in the order they were given, or what stands in the way of one of them. */
export type RenewedWrites =
  | {
      readonly writes: readonly PreparedWrite[];
      /** Whether one of them applies only while its record stands as it was read. */
      readonly isGuarded: boolean;
      readonly failure?: never;
    }
  | {
      readonly failure: { readonly error: unknown; readonly index: number };
      readonly writes?: never;
      readonly isGuarded?: never;
    };

/**
 * The writes as they are to be sent: the first to each record that an older class wrote brings it up to date in the same commit, and applies only
 * while nobody else has written to it. Never rejects.
 */
export async function renewedWrites(
  writes: readonly PreparedWrite[],
  options: RequestOptions,
): Promise<RenewedWrites> {
  const due = firstOfEachRecord(writes).filter(({ renewal }) => renewal !== undefined);
  if (due.length === 0) return { writes, isGuarded: false };
  let records: ReadonlyMap<PreparedWrite, StoredRecord>;
  try {
    records = await recordsOf(due, options);
  } catch (error) {
    return { failure: { error, index: 0 } };
  }
  const ready: PreparedWrite[] = [];
  let isGuarded = false;
  for (const [index, write] of writes.entries()) {
    const record = records.get(write);
    try {
      const renewed = record && renewedWrite(write, record);
      isGuarded ||= renewed !== undefined;
      ready.push(renewed ?? write);
    } catch (error) {
      return { failure: { error: await explained(write, error), index } };
    }
  }
  return { writes: ready, isGuarded };
}

/** What a batch has done to a record before, the record does not show yet. */
function firstOfEachRecord(writes: readonly PreparedWrite[]): PreparedWrite[] {
  const seen = new Map<Transport, Set<Path>>();
  return writes.filter(({ transport, path }) => {
    const paths = seen.get(transport) ?? new Set<Path>();
    seen.set(transport, paths);
    const isFirst = !paths.has(path);
    paths.add(path);
    return isFirst;
  });
}

/** The records that the writes go to, those of a class in one go. */
async function recordsOf(
  writes: readonly PreparedWrite[],
  options: RequestOptions,
): Promise<ReadonlyMap<PreparedWrite, StoredRecord>> {
  const classes = new Map<EntityMetadata, { readonly renewal: Renewal; readonly writes: PreparedWrite[] }>();
  for (const write of writes) {
    const { metadata, renewal } = write;
    if (renewal === undefined) continue;
    const present = classes.get(metadata);
    if (present === undefined) classes.set(metadata, { renewal, writes: [write] });
    else present.writes.push(write);
  }
  const found = new Map<PreparedWrite, StoredRecord>();
  for (const { renewal, writes: own } of classes.values()) {
    const records = await renewal.read(
      own.map(({ slug }) => slug),
      options,
    );
    for (const write of own) {
      const record = records.get(write.slug);
      if (record !== undefined) found.set(write, record);
    }
  }
  return found;
}

/** The write together with what brings the record up to date; undefined where nothing has to. */
function renewedWrite(write: PreparedWrite, record: StoredRecord): PreparedWrite | undefined {
  const { transport, path, operations: own, renewal } = write;
  const changes = renewal?.operations(record) ?? (own?.length === 0 ? touch(record) : undefined);
  if (changes === undefined) return undefined;
  const { atomicBatch, batchCheck } = transport.capabilities;
  if (!atomicBatch) {
    const value = changedRecord(path, record, changes);
    return {
      ...write,
      operations: undefined,
      steps: () => [{ kind: 'set', operation: { op: 'set', path, value } }, ...write.steps()],
    };
  }
  const guarded = (change: readonly BatchOperation[]): readonly BatchOperation[] =>
    batchCheck ? checkedOperations(path, record.leaves, change) : guardedOperations(record.leaves, change);
  if (own === undefined) {
    const first = guarded(changes);
    return { ...write, steps: () => [{ kind: 'batch', operations: first }, ...write.steps()] };
  }
  const operations = guarded([...withoutOverwritten(changes, own), ...own]);
  return { ...write, operations, steps: () => [{ kind: 'batch', operations }] };
}

/** For a write of nothing to a record that somebody else has brought up to date meanwhile. */
function touch({ leaves }: StoredRecord): readonly BatchOperation[] | undefined {
  const [leaf] = leaves;
  return leaf && [{ op: 'set', path: leaf.path, value: leaf.value }];
}

function withoutOverwritten(
  changes: readonly BatchOperation[],
  own: readonly BatchOperation[],
): readonly BatchOperation[] {
  const sets = new Set(own.filter(({ op }) => op === 'set').map(({ path }) => path));
  return changes.filter(({ op, path }) => op !== 'set' || !sets.has(path));
}

/** All of a record with changes of its fields: one set replaces it where there are no batches. */
function changedRecord(path: Path, { leaves }: StoredRecord, changes: readonly BatchOperation[]): JsonObject {
  const stored = assemble(path, leaves);
  const values = new Map(isMap(stored) ? Object.entries(stored) : []);
  for (const change of changes) {
    const name = unescapeSegment(change.path.slice(path.length + 1));
    if (change.op === 'set') values.set(name, change.value);
    else values.delete(name);
  }
  const map: Record<string, JsonObject[string]> = {};
  for (const [name, value] of values) setOwn(map, name, value);
  return map;
}
