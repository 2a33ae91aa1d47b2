import { freeze } from '../../protocol/values/freeze.js';
import { isOperationKind } from '../../protocol/requests/operation.js';
import type { CommittedOperation, OperationKind } from '../../protocol/requests/operation.js';
import { comparePaths } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import { pathFault } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { JsonValue, Leaf, LeafType } from '../../protocol/values/value.js';
import { isLeafType, isObject } from '../../protocol/values/value.js';
import type { StateHead, StatePiece } from '../../store/index.js';
import { INDEXED_TYPES, isLoggedState } from '../../store/index.js';
import { readMark } from '../apply/cluster-mark.js';
import { damagedSnapshot, unknownSnapshot } from './errors.js';

/** The format of snapshots. */
export const SNAPSHOT_VERSION = 1;

/** How many of each a snapshot holds. */
export interface SnapshotCounts {
  readonly leaves: number;
  readonly overlay: number;
  readonly operations: number;
}

/** What a snapshot ends with. */
export interface SnapshotEnd {
  readonly kind: 'end';
  readonly counts: SnapshotCounts;
  /** Of all records before. */
  readonly checksum: string;
}

type WireLeaf = readonly [path: Path, revision: number, type: LeafType, value: JsonValue];
type WireOperation = readonly [
  storeSeq: number,
  op: OperationKind,
  path: Path,
  value: JsonValue,
  deviceId: string | null,
  clientOpId: string | null,
  leafTypes: readonly (readonly [Path, LeafType])[],
  commit: readonly [first: number, last: number] | null,
];

/** A piece as the text of a record. */
export function recordText(piece: StatePiece | SnapshotEnd): string {
  switch (piece.kind) {
    case 'head':
      return JSON.stringify(['head', SNAPSHOT_VERSION, piece.counters, piece.indexes]);
    case 'leaves':
    case 'overlay':
      return JSON.stringify([piece.kind, piece.leaves.map(wireLeaf)]);
    case 'operations':
      return JSON.stringify([piece.kind, piece.operations.map(wireOperation)]);
    case 'end':
      return JSON.stringify(['end', piece.counts, piece.checksum]);
  }
}

/**
 * The piece that the text of a record is.
 *
 * @throws DustError `storage` with detail `damaged_snapshot` for what no node wrote, `unknown_snapshot` for a later version
 */
export function pieceOf(text: string): StatePiece | SnapshotEnd {
  const [kind, first, ...rest] = listOf(parsed(text));
  switch (kind) {
    case 'head':
      if (typeof first === 'number' && first > SNAPSHOT_VERSION) throw unknownSnapshot(first);
      return first === SNAPSHOT_VERSION ? headOf(rest) : fail('its beginning is not one');
    case 'leaves':
    case 'overlay':
      return { kind, leaves: listOf(first).map(leafOf) };
    case 'operations':
      return { kind, operations: listOf(first).map(operationOf) };
    case 'end':
      return endOf(first, rest[0]);
    default:
      return fail('one of its records is of no kind');
  }
}

function wireLeaf({ path, revision, type, value }: Leaf): WireLeaf {
  return [path, revision, type, value];
}

function wireOperation(operation: CommittedOperation): WireOperation {
  const { storeSeq, op, path, value, deviceId, clientOpId, leafTypes, commit } = operation;
  return [
    storeSeq,
    op,
    path,
    value,
    deviceId,
    clientOpId,
    [...(leafTypes ?? [])],
    commit === undefined ? null : [commit.first, commit.last],
  ];
}

function headOf([counters, indexes]: readonly unknown[]): StateHead {
  const { storeSeq, snapshotSeq, leasedAt, logged } = fieldsOf(counters);
  if (!isSeq(storeSeq) || !isSeq(snapshotSeq) || snapshotSeq > storeSeq || !isLoggedState(logged)) {
    return fail('its counters are none');
  }
  if (readMark(logged.mark) === undefined) return fail('it does not say where in the log it was taken');
  return {
    kind: 'head',
    counters: {
      storeSeq,
      snapshotSeq,
      ...(typeof leasedAt === 'number' ? { leasedAt } : {}),
      logged,
    },
    indexes: listOf(indexes).map(definitionOf),
  };
}

function definitionOf(given: unknown): IndexDefinition {
  const { prefix, parts, unique } = fieldsOf(given);
  const areParts =
    Array.isArray(parts) &&
    parts.length > 0 &&
    parts.every((part) => {
      const { path, type } = fieldsOf(part);
      return pathFault(path) === undefined && INDEXED_TYPES.has(type);
    });
  if (pathFault(prefix) !== undefined || typeof unique !== 'boolean' || !areParts) {
    return fail('one of its indexes is none');
  }
  return given as IndexDefinition;
}

function leafOf(given: unknown): Leaf {
  const [path, revision, type, value] = listOf(given);
  if (pathFault(path) !== undefined || !isSeq(revision) || revision === 0 || !isLeafType(type)) {
    return fail('one of its leaves is none');
  }
  if (value === undefined) return fail('one of its leaves has no value');
  return { path: path as Path, value: freeze(value as JsonValue), type, revision };
}

function operationOf(given: unknown): CommittedOperation {
  const [storeSeq, op, path, value, deviceId, clientOpId, leafTypes, commit] = listOf(given);
  const types = listOf(leafTypes);
  if (
    !isSeq(storeSeq) ||
    !isOperationKind(op) ||
    pathFault(path) !== undefined ||
    value === undefined ||
    !isTextOrNull(deviceId) ||
    !isTextOrNull(clientOpId) ||
    !types.every(isLeafTypeAt) ||
    !(commit === null || isRange(commit))
  ) {
    return fail('one of its operations is none');
  }
  return {
    storeSeq,
    op,
    path: path as Path,
    value: freeze(value as JsonValue),
    deviceId,
    clientOpId,
    ...(types.length === 0 ? {} : { leafTypes: new Map(types) }),
    ...(commit === null ? {} : { commit: { first: commit[0], last: commit[1] } }),
  };
}

function endOf(counts: unknown, checksum: unknown): SnapshotEnd {
  const { leaves, overlay, operations } = fieldsOf(counts);
  if (!isSeq(leaves) || !isSeq(overlay) || !isSeq(operations) || typeof checksum !== 'string') {
    return fail('its end is not one');
  }
  return { kind: 'end', counts: { leaves, overlay, operations }, checksum };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw damagedSnapshot('one of its records is no JSON', error);
  }
}

function isLeafTypeAt(value: unknown): value is readonly [Path, LeafType] {
  return Array.isArray(value) && pathFault(value[0]) === undefined && isLeafType(value[1]);
}

function isRange(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isSeq);
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : fail('one of its records is no list');
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value as JsonValue) ? (value as Readonly<Record<string, unknown>>) : {};
}

function fail(reason: string): never {
  throw damagedSnapshot(reason);
}

/** Whether leaves follow on those before in store order. Returns the last one's path. @throws DustError `storage` with detail `damaged_snapshot` */
export function followOn(last: Path | undefined, leaves: readonly Leaf[]): Path | undefined {
  let before = last;
  for (const { path } of leaves) {
    if (before !== undefined && comparePaths(before, path) >= 0) return fail('its leaves are in no order');
    before = path;
  }
  return before;
}
