import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { isObject } from '../../protocol/values/value.js';
import type { LoggedOutcome } from '../../store/index.js';
import type { SnapshotProposal } from '../frame/proposal.js';
import { snapshotHeld, snapshotNotHeld } from './errors.js';

/** A place of the log that a snapshot was taken at, and what there was before it. */
export interface SnapshotPlace {
  readonly position: number;
  /** The seq of the store's last operation. */
  readonly storeSeq: number;
  /** Of all frames up to there. */
  readonly bytes: number;
}

/** A snapshot that lies on the shelf and was read back. */
export interface TakenPlace extends SnapshotPlace {
  /** Of what lies on the shelf. */
  readonly size: number;
}

/** Who takes a snapshot. */
export interface SnapshotKeeper extends SnapshotPlace {
  readonly node: string;
  /** Where a snapshot was begun that this one is taken in place of: it may have left something on the shelf. */
  readonly abandoned?: number | undefined;
  /** By the log's time, in milliseconds since the Unix epoch: then another node may take one. */
  readonly until: number;
}

/** What all nodes know of snapshots: decided by the log, and so the same on all of them. */
export interface SnapshotMarks {
  /** Of all frames so far. */
  readonly bytes: number;
  readonly keeper?: SnapshotKeeper | undefined;
  /** The last two that were read back, the older one first. */
  readonly taken: readonly TakenPlace[];
}

export const NO_SNAPSHOTS: SnapshotMarks = { bytes: 0, taken: [] };

/** How long a node may take for a snapshot unless it asks for more, in milliseconds of the log's time. */
export const KEEPER_LEASE = 60_000;

/** How many snapshots are kept: one may turn out to be damaged. */
const KEPT = 2;

/** Where a proposal stands in the log. */
export interface ProposedAt {
  readonly position: number;
  readonly time: number;
  /** The seq of the store's last operation before its frame. */
  readonly storeSeq: number;
}

const DONE: LoggedOutcome = { done: { operations: [], storeSeq: 0 } };

/** What becomes of a proposal, and of the marks. */
export function decideSnapshot(
  proposal: SnapshotProposal,
  marks: SnapshotMarks,
  { position, time, storeSeq }: ProposedAt,
): { readonly outcome: LoggedOutcome; readonly marks: SnapshotMarks } {
  const { keeper, bytes, taken } = marks;
  const { node } = proposal;
  const until = time + KEEPER_LEASE;
  if (proposal.step === 'claim') {
    if (keeper !== undefined && keeper.node !== node && time < keeper.until) {
      return { outcome: { refused: snapshotHeld(keeper.node, keeper.until) }, marks };
    }
    const abandoned = keeper && { abandoned: keeper.position };
    return {
      outcome: DONE,
      marks: { ...marks, keeper: { node, position, storeSeq, bytes, until, ...abandoned } },
    };
  }
  if (keeper?.node !== node || keeper.position !== proposal.position) {
    return { outcome: { refused: snapshotNotHeld(proposal.position) }, marks };
  }
  if (proposal.step === 'renew') return { outcome: DONE, marks: { ...marks, keeper: { ...keeper, until } } };
  const { position: at, storeSeq: before, bytes: led } = keeper;
  const place = { position: at, storeSeq: before, bytes: led, size: proposal.size };
  return {
    outcome: DONE,
    marks: { bytes, taken: [...taken, place].slice(-KEPT) },
  };
}

/** Up to where the log may go: the older one of the two that are kept leads there, and the newer one further. 0: nowhere. */
export function trimThrough(taken: readonly TakenPlace[]): number {
  const [older, newer] = taken;
  return older === undefined || newer === undefined ? 0 : older.position;
}

/** As a store keeps them. */
export function storedSnapshots({ bytes, keeper, taken }: SnapshotMarks): JsonObject {
  return {
    bytes,
    taken: taken.map(({ position, storeSeq, bytes: before, size }) => [position, storeSeq, before, size]),
    ...(keeper && { keeper: storedKeeper(keeper) }),
  };
}

function storedKeeper({ abandoned, ...keeper }: SnapshotKeeper): JsonObject {
  return abandoned === undefined ? keeper : { ...keeper, abandoned };
}

/** Those that a store keeps, none where it keeps none yet; undefined for anything else. */
export function readSnapshots(stored: JsonValue | undefined): SnapshotMarks | undefined {
  if (stored === undefined) return NO_SNAPSHOTS;
  if (!isObject(stored)) return undefined;
  const { bytes, taken, keeper } = stored;
  if (typeof bytes !== 'number' || !Array.isArray(taken)) return undefined;
  const places = (taken as readonly JsonValue[]).flatMap((place) => takenPlaceOf(place) ?? []);
  if (places.length < taken.length) return undefined;
  if (keeper === undefined) return { bytes, taken: places };
  const known = keeperOf(keeper);
  return known && { bytes, taken: places, keeper: known };
}

function takenPlaceOf(stored: JsonValue): TakenPlace | undefined {
  if (!Array.isArray(stored)) return undefined;
  const [position, storeSeq, bytes, size] = stored as readonly JsonValue[];
  return typeof position === 'number' &&
    typeof storeSeq === 'number' &&
    typeof bytes === 'number' &&
    typeof size === 'number'
    ? { position, storeSeq, bytes, size }
    : undefined;
}

function keeperOf(stored: JsonValue | undefined): SnapshotKeeper | undefined {
  if (!isObject(stored)) return undefined;
  const { node, position, storeSeq, bytes, until, abandoned } = stored;
  return typeof node === 'string' &&
    typeof position === 'number' &&
    typeof storeSeq === 'number' &&
    typeof bytes === 'number' &&
    typeof until === 'number'
    ? {
        node,
        position,
        storeSeq,
        bytes,
        until,
        ...(typeof abandoned === 'number' ? { abandoned } : {}),
      }
    : undefined;
}
