import type { WireSnapshot, WireSnapshotEntry } from '../../../protocol/wire/frames.js';
import type { Feature } from '../../../protocol/wire/features.js';
import { wireEvent } from '../wire-event.js';
import type { CommittedOperation } from '../../../protocol/requests/operation.js';
import { MAX_PAGE_SIZE } from '../../../protocol/requests/listing.js';
import type { Path } from '../../../protocol/paths/path.js';
import { setOwn } from '../../../protocol/values/value.js';
import type { Store } from '../../../store/index.js';
import type { Imitation } from '../../imitation/imitation.js';
import { ImitatedFailure } from '../../imitation/errors.js';
import { isUnpackable, isUnpackableLeaf } from '../../imitation/unpackable.js';
import { wireValue } from '../../http/wire-value.js';
import { RunningValues } from './running-values.js';
import { snapshotEntry } from './snapshot-entry.js';

/** About how many bytes of values are read at once, and held until they are pushed. */
const PAGE_BYTES = 1024 * 1024;

/** Where a catch-up goes. */
export interface CatchUpOutlet {
  push(event: string, payload: object): void;
  /** Whether so much waits to be sent that the page had better end here. */
  isCongested(): boolean;
}

/** The payload of a snapshot message, of the state that a store keeps of `snapshotSeq`. */
export type MakeSnapshot = (store: Store, snapshotSeq: number) => object;

interface Making {
  readonly imitation: Imitation;
  readonly features: readonly Feature[];
  /** Whether the client speaks MessagePack. */
  readonly packs: boolean;
  /** Default: an object of its own for each. */
  readonly snapshot?: MakeSnapshot | undefined;
}

/** What a client that has seen everything up to some seq lacks, page by page (PROTOCOL §4). */
export class CatchUp {
  readonly #store: Store;
  readonly #making: Omit<Making, 'snapshot'>;
  readonly #values: RunningValues | undefined;
  readonly #outlet: CatchUpOutlet;
  readonly #snapshot: MakeSnapshot;
  #position: number;
  #began = false;
  /** What was read and not yet pushed. */
  #page: readonly CommittedOperation[] = [];

  /** @param lastStoreSeq what the client has seen; a number of its own, ahead of the store, is echoed (PROTOCOL §5.7) */
  constructor(
    store: Store,
    { snapshot = wireSnapshot, ...making }: Making,
    lastStoreSeq: number,
    outlet: CatchUpOutlet,
  ) {
    this.#store = store;
    this.#making = making;
    this.#snapshot = snapshot;
    this.#values = making.imitation.has('miscounted-catch-up') ? new RunningValues(store) : undefined;
    this.#outlet = outlet;
    this.#position = lastStoreSeq;
  }

  /** Up to which seq the client has been told everything. */
  get position(): number {
    return this.#position;
  }

  /** How many operations the next page has at the most. @throws DustError `closed` with the store */
  get pageSize(): number {
    return Math.max(0, Math.min(MAX_PAGE_SIZE, this.#store.status().storeSeq - this.#position));
  }

  /**
   * Pushes the next page, or as much of it as goes. Returns whether there is more.
   *
   * @throws DustError `closed` with the store; ImitatedFailure for what cannot be told
   */
  pushPage(): boolean {
    if (this.#page.length === 0) {
      // A snapshot may be all that goes: it is as long as the store.
      if (this.#pushSnapshot() && this.#outlet.isCongested()) return true;
      this.#readPage();
    }
    let pushed = 0;
    for (const operation of this.#page) {
      this.#assertPackable(operation);
      const told = { ...operation, value: wireValue(operation.value) };
      this.#outlet.push('event', wireEvent(told, this.#making.features));
      this.#position = operation.storeSeq;
      pushed++;
      if (this.#outlet.isCongested()) break;
    }
    this.#page = this.#page.slice(pushed);
    return this.#position < this.#store.status().storeSeq;
  }

  /** Says how far the client has got. */
  pushEnd(): void {
    this.#outlet.push('catch_up_complete', { through_seq: this.#position });
  }

  #readPage(): void {
    const { operations } = this.#store.log({ after: this.#position, bytes: PAGE_BYTES });
    this.#page = this.#values?.page(operations, this.#position) ?? operations;
  }

  /**
   * At the beginning where a snapshot is newer; later only where a compaction took away what was to come. Returns whether
   * there was one.
   */
  #pushSnapshot(): boolean {
    const { storeSeq, snapshotSeq, operationCount } = this.#store.status();
    const isKept = this.#position >= storeSeq - operationCount;
    const isNeeded = snapshotSeq > this.#position && !(this.#began && isKept);
    this.#began = true;
    if (!isNeeded) return false;
    this.#assertPackableSnapshot();
    this.#outlet.push('snapshot', this.#snapshot(this.#store, snapshotSeq));
    this.#position = snapshotSeq;
    return true;
  }

  #assertPackable(operation: CommittedOperation): void {
    const { packs, imitation } = this.#making;
    if (!packs || !isUnpackable(operation, imitation, 'in a catch-up')) return;
    throw new ImitatedFailure('not packable');
  }

  #assertPackableSnapshot(): void {
    const { packs, imitation } = this.#making;
    if (!packs || imitation.size === 0) return;
    for (const leaf of this.#store.snapshotLeaves()) {
      if (isUnpackableLeaf(leaf, imitation)) throw new ImitatedFailure('not packable');
    }
  }
}

function wireSnapshot(store: Store, snapshotSeq: number): WireSnapshot {
  const entries: Record<Path, WireSnapshotEntry> = {};
  for (const leaf of store.snapshotLeaves()) setOwn(entries, leaf.path, snapshotEntry(leaf));
  return { snapshot_seq: snapshotSeq, entries };
}
