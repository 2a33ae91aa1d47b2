import type { FrameCodec } from '../../../protocol/wire/frame-codec.js';
import type { WireSnapshotEntry } from '../../../protocol/wire/frames.js';
import type { Path } from '../../../protocol/paths/path.js';
import { snapshotPieces } from '../../../protocol/wire/snapshot-pieces.js';
import type { Leaf } from '../../../protocol/values/value.js';
import type { Store } from '../../../store/index.js';
import { snapshotEntry } from './snapshot-entry.js';

/** The payload of a snapshot message, encoded. All who are sent it at one time are sent the same bytes. */
export class EncodedSnapshot {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;

  constructor(pieces: readonly Uint8Array[]) {
    this.pieces = pieces;
    this.bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  }
}

interface Known {
  readonly seq: number;
  readonly snapshot: WeakRef<EncodedSnapshot>;
}

/** Encodes the snapshot of a store once for each serialisation, and keeps it for as long as somebody is being sent it. */
export class SharedSnapshots {
  readonly #known = new WeakMap<Store, Map<FrameCodec['vsn'], Known>>();

  /** The state that `store` keeps of its snapshot, which is of `seq`. */
  of(store: Store, seq: number, codec: FrameCodec): EncodedSnapshot {
    const known = this.#known.get(store) ?? new Map<FrameCodec['vsn'], Known>();
    this.#known.set(store, known);
    const last = known.get(codec.vsn);
    const shared = last?.seq === seq ? last.snapshot.deref() : undefined;
    if (shared !== undefined) return shared;
    const snapshot = new EncodedSnapshot(snapshotPieces(codec, seq, entriesOf(store.snapshotLeaves())));
    known.set(codec.vsn, { seq, snapshot: new WeakRef(snapshot) });
    return snapshot;
  }
}

function* entriesOf(leaves: Iterable<Leaf>): Generator<readonly [Path, WireSnapshotEntry], void, undefined> {
  for (const leaf of leaves) yield [leaf.path, snapshotEntry(leaf)];
}
