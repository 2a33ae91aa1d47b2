import type { EntityMetadata } from '../../metadata/types.js';
import type { Path } from '../../protocol/paths/path.js';
import type { StoredRecord } from '../../mapping/index.js';
import type { BatchOperation, RequestOptions, Transport } from '../../transport/transport.js';
import { MAX_BATCH_OPERATIONS } from '../../transport/transport.js';
import type { PreparedWrite, Renewal } from '../prepare/prepared-write.js';
import { recordTooLarge } from '../prepare/record-errors.js';
import {
  checkedOperations,
  endingInValue,
  guardedOperations,
  leafToRepeat,
} from '../prepare/whole-record.js';
import { changedRecord } from './changed-record.js';
import { decidedWrite } from './decided-write.js';
import { explained } from './position.js';

/** Writes that are ready to be sent, one for each that was given, or what stands in the way of one of them. */
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

/** Whether a write has to look at its record before it is sent. */
export function looksAtRecord({ renewal, decision }: PreparedWrite): boolean {
  return renewal !== undefined || decision !== undefined;
}

/**
 * The writes as they are to be sent: the first to each record is what its decision makes of it, and of one that an older class wrote brings it up to
 * date in the same commit. It applies only while nobody else has written to the record. Never rejects.
 */
export async function renewedWrites(
  writes: readonly PreparedWrite[],
  options: RequestOptions,
): Promise<RenewedWrites> {
  const due = firstOfEachRecord(writes).filter(looksAtRecord);
  let records: RecordsOfWrites;
  try {
    records = await recordsOf(due, options);
  } catch (error) {
    return { failure: { error, index: 0 } };
  }
  const ready: PreparedWrite[] = [];
  const isDue = new Set(due);
  let isGuarded = false;
  for (const [index, write] of writes.entries()) {
    const record = records.get(write);
    try {
      const { decision } = write;
      const renewed =
        decision !== undefined && isDue.has(write)
          ? decidedWrite(write, decision.decide(record))
          : record && renewedWrite(write, record);
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

/** By the write that goes to it; undefined where there is none. */
type RecordsOfWrites = ReadonlyMap<PreparedWrite, StoredRecord | undefined>;

/** The records that the writes go to, those of a class in one go. */
async function recordsOf(
  writes: readonly PreparedWrite[],
  options: RequestOptions,
): Promise<RecordsOfWrites> {
  const classes = new Map<
    EntityMetadata,
    { readonly read: Renewal['read']; readonly writes: PreparedWrite[] }
  >();
  for (const write of writes) {
    const { metadata, decision, renewal } = write;
    const read = (decision ?? renewal)?.read;
    if (read === undefined) continue;
    const present = classes.get(metadata);
    if (present === undefined) classes.set(metadata, { read, writes: [write] });
    else present.writes.push(write);
  }
  const found = new Map<PreparedWrite, StoredRecord | undefined>();
  for (const { read, writes: own } of classes.values()) {
    const records = await read(
      own.map(({ slug }) => slug),
      options,
    );
    for (const write of own) found.set(write, records.get(write.slug));
  }
  return found;
}

/** The write together with what brings the record up to date; undefined where nothing has to. */
function renewedWrite(write: PreparedWrite, record: StoredRecord): PreparedWrite | undefined {
  const { transport, metadata, slug, path, operations: own, renewal } = write;
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
  const guarded = (change: readonly BatchOperation[]): readonly BatchOperation[] => {
    const operations = batchCheck
      ? checkedOperations(path, record.leaves, change)
      : guardedOperations(record.leaves, change);
    if (operations.length > MAX_BATCH_OPERATIONS) throw recordTooLarge(metadata, slug, operations.length);
    return operations;
  };
  if (own === undefined) {
    const first = guarded(changes);
    return { ...write, steps: () => [{ kind: 'batch', operations: first }, ...write.steps()] };
  }
  const change = [...withoutOverwritten(changes, own), ...own];
  const operations = guarded(endingInValue(record.leaves, change));
  return { ...write, operations, steps: () => [{ kind: 'batch', operations }] };
}

/** For a write of nothing to a record that somebody else has brought up to date meanwhile. */
function touch({ leaves }: StoredRecord): readonly BatchOperation[] | undefined {
  const leaf = leafToRepeat(leaves);
  return leaf && [{ op: 'set', path: leaf.path, value: leaf.value }];
}

function withoutOverwritten(
  changes: readonly BatchOperation[],
  own: readonly BatchOperation[],
): readonly BatchOperation[] {
  const sets = new Set(own.filter(({ op }) => op === 'set').map(({ path }) => path));
  return changes.filter(({ path }) => !sets.has(path));
}
