import { weightOf } from '../../protocol/values/weight.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { StorageMoment } from '../storage.js';
import type { StatePiece } from './state-piece.js';

/** How much a piece holds, in bytes, about. The item that fills it is the last. */
const PIECE_BYTES = 262_144;

/** What a path, a revision and ids come to beside a value, in bytes: a piece has less than 4000 items. */
const ITEM_BYTES = 64;

/** All of a store's state at one moment, for as long as it is held. */
export interface HeldState {
  /** Piece by piece: each is read when it is asked for, and nothing stays open between two. Once. */
  pieces(): Iterable<StatePiece>;
  /** May be called again. */
  release(): void;
}

/** The state that a storage holds at a moment. It lets go of that when it is released. */
export function heldState(moment: StorageMoment): HeldState {
  return {
    pieces: () => piecesOf(moment),
    release: () => {
      moment.release();
    },
  };
}

function* piecesOf(moment: StorageMoment): Generator<StatePiece, void, undefined> {
  const { counters, definitions } = moment;
  const kept = definitions.filter(({ kept, state }) => kept === true && state.name === 'complete');
  yield { kind: 'head', counters, indexes: kept.map(({ definition }) => definition) };
  for (const leaves of pieces(pathOf, (after: Path | undefined) => moment.leaves(after))) {
    yield { kind: 'leaves', leaves };
  }
  for (const leaves of pieces(pathOf, (after: Path | undefined) => moment.overlay(after))) {
    yield { kind: 'overlay', leaves };
  }
  for (const operations of pieces(seqOf, (after: number | undefined) => moment.operations(after ?? 0))) {
    yield { kind: 'operations', operations };
  }
}

/** Runs of items, each read in one go behind the last one of the run before. */
function* pieces<Item extends Leaf | CommittedOperation, Place>(
  placeOf: (item: Item) => Place,
  behind: (after: Place | undefined) => Iterable<Item>,
): Generator<readonly Item[], void, undefined> {
  let after: Place | undefined;
  for (;;) {
    const piece = firstOf(behind(after));
    const last = piece.at(-1);
    if (last === undefined) return;
    after = placeOf(last);
    yield piece;
  }
}

function firstOf<Item extends Leaf | CommittedOperation>(items: Iterable<Item>): readonly Item[] {
  const first: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    first.push(item);
    bytes += ITEM_BYTES + item.path.length + weightOf(item.value);
    if (bytes >= PIECE_BYTES) break;
  }
  return first;
}

function pathOf({ path }: Leaf): Path {
  return path;
}

function seqOf({ storeSeq }: CommittedOperation): number {
  return storeSeq;
}
