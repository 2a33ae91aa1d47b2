import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { assertNotAborted } from '../../abort-listener.js';
import { isDustError } from '../../errors.js';
import type { Path } from '../../protocol/paths/path.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { HeldState, StateHead, StatePiece } from '../../store/index.js';
import { readMark } from '../apply/cluster-mark.js';
import { damagedSnapshot } from './errors.js';
import type { Compression } from './snapshot-bytes.js';
import { expanded, framed, gzip, records } from './snapshot-bytes.js';
import type { SnapshotCounts } from './snapshot-records.js';
import { followOn, pieceOf, recordText } from './snapshot-records.js';

/** The place of each kind in a snapshot. */
const ORDER = { head: 0, leaves: 1, overlay: 2, operations: 3, end: 4 } as const;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** How a snapshot is made, or read. */
export interface SnapshotOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default {@link gzip}. */
  readonly compression?: Compression | undefined;
}

/**
 * A state as it lies on the shelf: compressed records, and at the end how many of everything there are and a checksum over all. Is made as it
 * is read, with turns of the event loop in between.
 */
export function snapshotBytes(
  state: HeldState,
  { signal, compression = gzip }: SnapshotOptions = {},
): AsyncIterable<Uint8Array> {
  return compression.compress(recordsOf(state, signal));
}

async function* recordsOf(
  state: HeldState,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  const counts = { leaves: 0, overlay: 0, operations: 0 };
  for (const piece of state.pieces()) {
    assertNotAborted(signal);
    count(piece, counts);
    const bytes = framed(recordText(piece));
    hash.update(bytes);
    yield bytes;
    await turnOfTheLoop();
  }
  yield framed(recordText({ kind: 'end', counts, checksum: hash.digest('hex') }));
}

/**
 * The state that bytes of the shelf hold, piece by piece. What was given out is to be trusted when the end has come: only then it is known to
 * be whole.
 *
 * @param position where in the log it is said to have been taken
 * @throws DustError `storage` with detail `damaged_snapshot` or `unknown_snapshot`, and what the shelf fails with
 */
export async function* readSnapshot(
  bytes: AsyncIterable<Uint8Array>,
  position: number,
  { compression = gzip }: Omit<SnapshotOptions, 'signal'> = {},
): AsyncGenerator<StatePiece, void, undefined> {
  const check = new SnapshotCheck(position);
  for await (const record of records(expanded(bytes, compression))) {
    const piece = decoded(record);
    check.see(piece, record);
    if (piece.kind !== 'end') yield piece;
  }
  check.finish();
}

/** Reads all of it, and throws where that is no snapshot that a node could go on from. */
export async function verifySnapshot(
  bytes: AsyncIterable<Uint8Array>,
  position: number,
  { signal, ...options }: SnapshotOptions = {},
): Promise<void> {
  const pieces = readSnapshot(bytes, position, options);
  try {
    while ((await pieces.next()).done !== true) {
      await turnOfTheLoop();
      assertNotAborted(signal);
    }
  } finally {
    await pieces.return();
  }
}

/** Whether what comes by is a whole snapshot. */
class SnapshotCheck {
  readonly #position: number;
  readonly #hash: Hash = createHash('sha256');
  readonly #counts = { leaves: 0, overlay: 0, operations: 0 };
  #place = -1;
  #storeSeq = 0;
  #lastPath: Path | undefined;
  #lastSeq: number | undefined;

  constructor(position: number) {
    this.#position = position;
  }

  see(piece: ReturnType<typeof pieceOf>, record: Buffer): void {
    const place = ORDER[piece.kind];
    const isRepeated = place === this.#place && piece.kind !== 'head' && piece.kind !== 'end';
    const isFirst = this.#place === -1;
    if (isFirst ? piece.kind !== 'head' : place < this.#place || (place === this.#place && !isRepeated)) {
      throw damagedSnapshot('its records are in no order');
    }
    if (place !== this.#place) this.#lastPath = undefined;
    this.#place = place;
    if (piece.kind === 'end') {
      if (!isSame(piece.counts, this.#counts) || piece.checksum !== this.#hash.digest('hex')) {
        throw damagedSnapshot('it is not what was written');
      }
      return;
    }
    if (piece.kind === 'head') this.#seeHead(piece);
    else if (piece.kind === 'operations') this.#seeOperations(piece.operations);
    else this.#seeLeaves(piece.leaves);
    this.#note(piece, record);
  }

  finish(): void {
    if (this.#place !== ORDER.end) throw damagedSnapshot('its end is missing');
    if (this.#lastSeq !== undefined && this.#lastSeq !== this.#storeSeq) {
      throw damagedSnapshot('its last operation is missing');
    }
  }

  #seeHead({ counters: { storeSeq, logged } }: StateHead): void {
    this.#storeSeq = storeSeq;
    if (readMark(logged?.mark)?.position !== this.#position) {
      throw damagedSnapshot('it was taken at another position of the log than its name says');
    }
  }

  #seeLeaves(leaves: readonly Leaf[]): void {
    this.#lastPath = followOn(this.#lastPath, leaves);
    if (leaves.some(({ revision }) => revision > this.#storeSeq)) {
      throw damagedSnapshot('one of its leaves is newer than the store');
    }
  }

  #seeOperations(operations: readonly CommittedOperation[]): void {
    for (const { storeSeq } of operations) {
      if (this.#lastSeq !== undefined && storeSeq !== this.#lastSeq + 1) {
        throw damagedSnapshot('one of its operations is missing');
      }
      this.#lastSeq = storeSeq;
    }
  }

  #note(piece: StatePiece, record: Buffer): void {
    count(piece, this.#counts);
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(record.byteLength);
    this.#hash.update(length).update(record);
  }
}

function decoded(record: Buffer): ReturnType<typeof pieceOf> {
  try {
    return pieceOf(decoder.decode(record));
  } catch (error) {
    // Bytes that are no text, and values that are nested too deep to be looked at.
    throw isDustError(error) ? error : damagedSnapshot('one of its records cannot be read', error);
  }
}

function count(piece: StatePiece, counts: { -readonly [name in keyof SnapshotCounts]: number }): void {
  if (piece.kind === 'leaves' || piece.kind === 'overlay') counts[piece.kind] += piece.leaves.length;
  if (piece.kind === 'operations') counts.operations += piece.operations.length;
}

function isSame(a: SnapshotCounts, b: SnapshotCounts): boolean {
  return a.leaves === b.leaves && a.overlay === b.overlay && a.operations === b.operations;
}
